//! The functions' binaries, as they were built beside us.

use std::{
    env, io,
    path::{Path, PathBuf},
};

/// The two binaries that are hosted.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// `request-lambda`.
    pub lambda: PathBuf,
    /// `request-azure`.
    pub azure: PathBuf,
}

impl Binaries {
    /// Those in the folder of the running program, or above it: tests run one folder deeper.
    ///
    /// # Errors
    /// They are not there; the text says how to build them.
    pub fn beside() -> io::Result<Self> {
        let program = env::current_exe()?;
        let found = program.ancestors().skip(1).take(2).find_map(Self::within);
        found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, MISSING))
    }

    /// Those in this folder, if both are there.
    #[must_use]
    pub fn within(folder: &Path) -> Option<Self> {
        let both =
            Self { lambda: folder.join("request-lambda"), azure: folder.join("request-azure") };
        (both.lambda.is_file() && both.azure.is_file()).then_some(both)
    }
}

const MISSING: &str =
    "the functions are not built; `tests/run` and `local-emulator/demo` build them";
