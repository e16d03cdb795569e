//! A real PostgreSQL and the whole gate in front of it, once for each mode.

mod door;
mod side;

pub(crate) use door::known;
pub(crate) use side::{Answer, KEY, KEY_BYTES, Side, target};

/// Runs to the end with the stack of a function's main thread: that of a test's is a quarter of it.
pub(crate) fn run(work: impl Future<Output = ()> + Send) {
    let alone = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.unwrap().block_on(work);
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, alone);
        thread.unwrap().join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// Bytes.
const STACK: usize = 8 << 20;

/// Where tagged values are masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    Result,
    Schema,
    Source,
}

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Result, Self::Source, Self::Schema];

    /// Its name, as configuration and corpus write it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Schema => "schema",
            Self::Source => "source",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }
}
