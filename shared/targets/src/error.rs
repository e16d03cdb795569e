//! Why a statement gave no rows, told apart by who can do something about it.

/// One cause. The texts of the target's server are not in here: they quote values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the target says of itself contradicts itself.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// What the verdict rests on is not on the target as it was when the statement was read.
    #[error("the target's schema changed while the request was decided; send it again")]
    Changed,
    /// The statement could not be put to the planner.
    #[error("it cannot be told how many rows to expect")]
    Estimate(#[source] vetting::Error),
    /// The login was refused, also after it was fetched anew.
    #[error("the target refused our login")]
    Login,
    /// The target could not be reached, or went away before anything could be committed.
    #[error("the target cannot be reached")]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The login for a retry could not be had.
    #[error(transparent)]
    Credential(#[from] credentials::Error),
    /// The transaction id could not be put on record, so that nothing was committed.
    #[error("the transaction could not be put on record")]
    Ledger(#[source] audit::Error),
    /// More rows would have been changed than policy allows; nothing was.
    #[error("the statement would change more rows than may be changed at once: {0}")]
    Many(u64),
    /// A parameter does not fit the type that the statement wants.
    #[error(transparent)]
    Parameter(#[from] crate::postgres::params::Error),
    /// The server refused the statement: its five-character code.
    #[error("the target refused the statement: {} (SQLSTATE {})", self::meaning(.sqlstate), .sqlstate)]
    Statement {
        /// PostgreSQL's manual, appendix A.
        sqlstate: String,
    },
    /// The target's role could do more than a target's role may, or could not be examined.
    #[error(transparent)]
    Role(#[from] crate::postgres::role::Refused),
    /// It did not end in time and was cancelled.
    #[error("the statement did not end in time and was cancelled")]
    Timeout,
    /// Whether it was committed could not be found out.
    #[error(
        "the connection was lost while the change was being committed; whether it was is not known"
    )]
    Unknown,
    /// A value of the result cannot be shown faithfully.
    #[error(transparent)]
    Value(#[from] crate::postgres::encode::Error),
    /// The result did not come through the veil.
    #[error("the result could not be masked and is withheld")]
    Veil(#[from] masking::Error),
    /// The server is newer than the grammar that statements are read with.
    #[error("the target's server is newer than what statements can be read for")]
    Version,
}

impl Error {
    /// A stable word for the cause, for the record.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        match self {
            Self::Catalogue(_) => "catalogue",
            Self::Changed => "changed",
            Self::Estimate(_) => "estimate",
            Self::Login => "login",
            Self::Connection(_) => "connection",
            Self::Credential(_) => "credential",
            Self::Ledger(_) => "ledger",
            Self::Many(_) => "many",
            Self::Parameter(_) => "parameter",
            Self::Role(_) => "role",
            Self::Statement { .. } => "statement",
            Self::Timeout => "timeout",
            Self::Unknown => "unknown",
            Self::Value(_) => "value",
            Self::Veil(_) => "veil",
            Self::Version => "version",
        }
    }

    /// What the caller is told. Texts of the server never reach it.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Catalogue(_)
            | Self::Credential(_)
            | Self::Login
            | Self::Role(_)
            | Self::Version => {
                "the target cannot be used as it is set up; its operator has been told".into()
            }
            Self::Connection(_) => "the target cannot be reached; try again later".into(),
            Self::Ledger(_) => "the ledger cannot be written; nothing was changed".into(),
            other => other.to_string(),
        }
    }

    /// The server's code, where it refused the statement.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Statement { sqlstate } => Some(sqlstate),
            _ => None,
        }
    }

    /// Whether the caller's statement or parameters are to blame.
    #[must_use]
    pub fn is_theirs(&self) -> bool {
        matches!(
            self,
            Self::Many(_)
                | Self::Parameter(_)
                | Self::Statement { .. }
                | Self::Timeout
                | Self::Value(_)
        )
    }
}

/// What a code means, in words of ours: the server's own may quote a value.
fn meaning(sqlstate: &str) -> &'static str {
    match sqlstate {
        "22003" => "a number is out of range",
        "22012" => "division by zero",
        "22P02" => "a text does not read as the type it is cast to",
        "23502" => "a column that must not be null is null",
        "23503" => "a row that is referred to does not exist, or is referred to itself",
        "23505" => "a value that must be unique is there already",
        "23514" => "a check constraint does not hold",
        "25006" => "it would change data where only reading is permitted",
        "40001" | "40P01" => "others changed the same rows at the same time; try again",
        "42501" => "the target's role may not do this",
        "42601" => "its syntax is not the server's",
        "42702" => "a column's name is ambiguous",
        "42703" => "a column does not exist",
        "42804" => "the types do not fit together",
        "42883" => "a function or operator does not exist for these types",
        "42P01" => "a relation does not exist",
        "42P18" => "a parameter's type cannot be told; cast it",
        "54001" => "it is too complex",
        "55P03" => "a lock could not be had in time",
        _ => match sqlstate.get(..2) {
            Some("21") => "a sub-select gave more than one row",
            Some("22") => "a value does not fit",
            Some("23") => "a constraint does not hold",
            Some("42") => "a name or a type is wrong",
            Some("53") => "it is short of resources",
            _ => "for a reason of its own",
        },
    }
}
