//! What child processes said, kept so that a test can search all of it for a secret.

use std::{
    collections::VecDeque,
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

/// The lines of any number of processes, in the order of their arrival; clones share them. When it
/// is full the oldest lines go, and are counted.
#[derive(Clone, Debug, Default)]
pub struct Log {
    kept: Arc<Mutex<Kept>>,
    echoed: bool,
}

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<String>,
    dropped: u64,
}

impl Log {
    /// A log that also repeats each line on our own stderr.
    #[must_use]
    pub fn echoing() -> Self {
        Self { echoed: true, ..Self::default() }
    }

    /// A copy of what is kept, each line opened by the name of its process.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.with(|kept| kept.lines.iter().cloned().collect())
    }

    /// How many lines had to go; a search that must be complete wants 0.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.with(|kept| kept.dropped)
    }

    /// Whether a line that is kept holds this text.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        self.with(|kept| kept.lines.iter().any(|line| line.contains(text)))
    }

    /// Adds one line of this process.
    pub fn push(&self, name: &str, text: &str) {
        let line = format!("{name}: {text}");
        if self.echoed {
            // Our stderr may be closed; the log is kept all the same.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
        self.with(|kept| {
            if kept.lines.len() >= LINES_KEPT {
                kept.lines.pop_front();
                kept.dropped += 1;
            }
            kept.lines.push_back(line);
        });
    }

    /// Reads a pipe to its end. Bytes that are not UTF-8 are replaced, never a reason to stop: a
    /// full pipe would hold the process up.
    pub(super) async fn drain(self, name: String, pipe: impl AsyncRead + Unpin) {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
            self.push(&name, String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    }

    fn with<T>(&self, then: impl FnOnce(&mut Kept) -> T) -> T {
        then(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Enough for a demo and its tests; a soak run counts what it drops.
const LINES_KEPT: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_line_goes_and_is_counted() {
        let log = Log::default();
        (0..=LINES_KEPT).for_each(|at| log.push("a", &at.to_string()));
        assert_eq!((log.lines().len(), log.dropped()), (LINES_KEPT, 1));
        assert_eq!(log.lines()[0], "a: 1");
    }

    #[tokio::test]
    async fn bytes_that_are_not_text_are_kept_as_marks() {
        let log = Log::default();
        log.clone().drain("a".into(), &b"x\xffy\nlast"[..]).await;
        assert_eq!(log.lines(), ["a: x\u{fffd}y", "a: last"]);
    }
}
