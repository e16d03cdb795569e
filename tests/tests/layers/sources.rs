//! What every source file has to keep to.

use std::fs;

use crate::workspace::{files, root};

/// One file.
pub(crate) struct Source {
    /// Its path, from the root.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every Rust file of the workspace, programs that must not compile among them.
pub(crate) fn all() -> Vec<Source> {
    let read =
        |path: String| Source { text: fs::read_to_string(root().join(&path)).unwrap(), path };
    files(&root(), ".rs").into_iter().map(read).collect()
}

/// Files that do not open with a sentence on what they are for.
pub(crate) fn silent(sources: &[Source]) -> Vec<String> {
    let speaks = |source: &&Source| {
        let first = source.text.lines().next().and_then(|line| line.strip_prefix("//! "));
        first.is_some_and(|sentence| !sentence.trim().is_empty())
    };
    let silent = sources.iter().filter(|source| !speaks(source));
    silent.map(|source| format!("`{}` does not say what it is for", source.path)).collect()
}

/// Files of more lines than somebody reads in one sitting.
pub(crate) fn long(sources: &[Source]) -> Vec<String> {
    let lines = |source: &Source| source.text.lines().count();
    let long = sources.iter().filter(|source| lines(source) > LINES);
    long.map(|source| format!("`{}` has {} lines", source.path, lines(source))).collect()
}

/// Lines of a file, at most; most have fewer than a third of that.
const LINES: usize = 500;

#[cfg(test)]
fn made_up(text: &str) -> [Source; 1] {
    [Source { path: "a.rs".into(), text: text.into() }]
}

#[test]
fn a_file_that_does_not_say_what_it_is_for_is_found() {
    for text in ["", "use std::fs;\n", "\n//! Late.\n", "// Not of the file.\n", "//!\n", "//! \n"]
    {
        assert_eq!(silent(&made_up(text)), ["`a.rs` does not say what it is for"], "{text:?}");
    }
    assert!(silent(&made_up("//! What it is for.\n")).is_empty());
}

#[test]
fn a_file_that_is_too_long_is_found() {
    assert_eq!(long(&made_up(&"\n".repeat(501))), ["`a.rs` has 501 lines"]);
    assert!(long(&made_up(&"\n".repeat(500))).is_empty());
}

#[test]
fn sources_of_all_kinds_are_looked_at() {
    let all = all();
    let seen = |path| all.iter().any(|source| source.path == path);
    assert!(seen("shared/enforce/src/lib.rs"));
    assert!(seen("functions/request/src/bin/request-lambda.rs"));
    assert!(seen("tests/tests/layers/sources.rs"));
}
