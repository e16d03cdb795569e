//! Why a text says no rights.

/// What is wrong with `authorization_details`. Each cause carries the path of the member that has
/// it, such as `[0].objects[1]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A member that every entry of this type has.
    #[error("`{path}` is missing")]
    Missing {
        /// Where it should be.
        path: String,
    },
    /// Not what stands there in a text that is right.
    #[error("`{path}` must be {wanted}")]
    Shape {
        /// Where it is.
        path: String,
        /// What belongs there.
        wanted: &'static str,
    },
    /// More than is read.
    #[error("`{path}` holds more than {most}")]
    Size {
        /// Where it is.
        path: String,
        /// How much is read.
        most: &'static str,
    },
    /// The same once more.
    #[error("`{path}` says again what stands before it")]
    Twice {
        /// Where the second one is.
        path: String,
    },
    /// A member that no entry of this type has.
    #[error("`{path}` is not known here")]
    Unknown {
        /// Where it is.
        path: String,
    },
}

impl Error {
    /// Where in the text the mistake is.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path }
            | Self::Shape { path, .. }
            | Self::Size { path, .. }
            | Self::Twice { path }
            | Self::Unknown { path } => path,
        }
    }
}
