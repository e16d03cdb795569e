//! The beginning of every function's process, and its one way to fail.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use host::Settings;
use request::{Mistake, Mistakes};

/// Reads the settings and starts the log. TLS first: whatever comes later may want to connect.
pub(crate) fn settings() -> Result<Settings, Mistakes> {
    host::tls()?;
    let settings = Settings::from_env()?;
    host::log(&settings.log)?;
    Ok(settings)
}

/// A mistake of the start as a whole.
pub fn mistake(text: impl ToString) -> Mistakes {
    Mistakes(vec![Mistake { file: "start".into(), line: 0, text: text.to_string() }])
}

/// Ends the process: quietly, or with every mistake on standard error.
pub fn ended(result: Result<(), Mistakes>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            // Nobody is left to tell when this fails.
            let _ = writeln!(io::stderr(), "{mistakes}");
            ExitCode::FAILURE
        }
    }
}
