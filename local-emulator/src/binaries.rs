//! The functions' binaries, as they were built beside us.

use std::{
    env, io,
    path::{Path, PathBuf},
};

/// The binaries that are hosted, and the operator's.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// `request-lambda`.
    pub request_lambda: PathBuf,
    /// `request-azure`.
    pub request_azure: PathBuf,
    /// `token-lambda`.
    pub token_lambda: PathBuf,
    /// `token-azure`.
    pub token_azure: PathBuf,
    /// `postern`, where it was built: only the operator calls it.
    pub postern: Option<PathBuf>,
    /// `jwks-sync-lambda`, where it was built: nothing here runs on a schedule.
    pub jwks_sync_lambda: Option<PathBuf>,
    /// `jwks-sync-azure`, likewise.
    pub jwks_sync_azure: Option<PathBuf>,
    /// What is started by workflows, where all of it was built: without it nobody is asked about what
    /// waits.
    pub approvers: Option<Approvers>,
}

/// The functions that carry what waits for people to its end.
#[derive(Clone, Debug)]
pub struct Approvers {
    /// `run-lambda`.
    pub run_lambda: PathBuf,
    /// `run-azure`.
    pub run_azure: PathBuf,
    /// `decide-lambda`.
    pub decide_lambda: PathBuf,
    /// `decide-azure`.
    pub decide_azure: PathBuf,
    /// `decide-queue-lambda`.
    pub decide_queue_lambda: PathBuf,
    /// `decide-queue-azure`.
    pub decide_queue_azure: PathBuf,
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

    /// Those in this folder, if all that agents call are there.
    #[must_use]
    pub fn within(folder: &Path) -> Option<Self> {
        let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        Some(Self {
            request_lambda: file("request-lambda")?,
            request_azure: file("request-azure")?,
            token_lambda: file("token-lambda")?,
            token_azure: file("token-azure")?,
            postern: file("postern"),
            jwks_sync_lambda: file("jwks-sync-lambda"),
            jwks_sync_azure: file("jwks-sync-azure"),
            approvers: Approvers::within(folder),
        })
    }
}

impl Approvers {
    fn within(folder: &Path) -> Option<Self> {
        let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        Some(Self {
            run_lambda: file("run-lambda")?,
            run_azure: file("run-azure")?,
            decide_lambda: file("decide-lambda")?,
            decide_azure: file("decide-azure")?,
            decide_queue_lambda: file("decide-queue-lambda")?,
            decide_queue_azure: file("decide-queue-azure")?,
        })
    }
}

const MISSING: &str =
    "the functions are not built; `tests/run` and `local-emulator/demo` build them";
