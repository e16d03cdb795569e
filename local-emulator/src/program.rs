//! The frame of a program that starts the emulator: it ends early when told to, and says why when it
//! fails.

use std::{
    error::Error,
    io::{self, Write as _},
    iter,
    process::ExitCode,
};

use tokio::signal::unix::{SignalKind, signal};

/// Why a program could not go on.
pub type Failure = Box<dyn Error>;

/// Works to the end, which is success if the work says so, or until somebody ends the program.
/// Dropping the work drops its emulator, which ends every process it started.
pub async fn work(name: &str, work: impl Future<Output = Result<bool, Failure>>) -> ExitCode {
    let ended = tokio::select! {
        ended = work => ended,
        () = told_to_end() => return ExitCode::from(130),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let causes = iter::successors(Some(&*error as &dyn Error), |&error| error.source());
            let text: Vec<String> = causes.map(ToString::to_string).collect();
            // Nobody is left to tell when this fails.
            let _ = writeln!(io::stderr(), "the {name} broke off: {}", text.join(": "));
            ExitCode::FAILURE
        }
    }
}

/// Waits for Ctrl-C, or for whoever else ends programs: all of them leave us time to clean up.
async fn told_to_end() {
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut told) => _ = told.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
    }
}
