//! The beginning of every process of this function, and its one way to fail.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    sync::Arc,
};

use host::{Settings, StateAt};
use request::{Mistake, Mistakes};
use state::Store;

/// Reads the settings and starts the log. TLS first: whatever comes later may want to connect.
pub(crate) fn settings() -> Result<Settings, Mistakes> {
    host::tls()?;
    let settings = Settings::from_env()?;
    host::log(&settings.log)?;
    Ok(settings)
}

/// The store for one machine, in builds that have it.
pub(crate) fn elsewhere(state: &StateAt) -> Result<Arc<dyn Store>, Mistakes> {
    match state {
        #[cfg(feature = "local")]
        StateAt::Sqlite(path) => {
            let store = on_disk::Sqlite::open(path).map_err(mistake)?;
            Ok(Arc::new(store))
        }
        _ => Err(mistake("this function has no store of the kind that `POSTERN_STATE` names")),
    }
}

/// A mistake of the start as a whole.
pub(crate) fn mistake(text: impl ToString) -> Mistakes {
    Mistakes(vec![Mistake { file: "start".into(), line: 0, text: text.to_string() }])
}

/// Ends the process: quietly, or with every mistake on standard error.
pub(crate) fn ended(result: Result<(), Mistakes>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            // Nobody is left to tell when this fails.
            let _ = writeln!(io::stderr(), "{mistakes}");
            ExitCode::FAILURE
        }
    }
}
