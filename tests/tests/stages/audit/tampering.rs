//! A ledger as it is handed over, with any one byte changed: nothing of it passes.

use ::audit::{conclude, verify};

use super::{Book, chain_of, done};
use crate::stand::{OPEN, Stand, agent, asking};

/// Lines and heads of one caller, as an auditor gets them.
struct Copy {
    lines: Vec<u8>,
    heads: Vec<(request::Digest, Vec<u8>)>,
}

impl Copy {
    async fn taken() -> Self {
        let (stand, book, ada) = (Stand::new(OPEN), Book::new(), agent("ada"));
        let asked = asking("select id from orders").because("a report").keyed("a-1");
        let (_, open) = book.intend(stand.begin(&ada, &asked)).await.unwrap();
        conclude(open, done(), Some(b"[[1],[2]]")).await.unwrap();
        let heads = book.items(&ada.known(), "head:").await;
        Self {
            lines: book.lines(&ada.known()).await.join(&b'\n'),
            heads: heads.into_iter().map(|(key, value)| (chain_of(&key), value)).collect(),
        }
    }

    fn check(&self) -> Result<verify::Report, verify::Fault> {
        let mut ledger = verify::Ledger::default();
        for line in self.lines.split(|byte| *byte == b'\n') {
            ledger.line(line)?;
        }
        for (chain, head) in &self.heads {
            ledger.head(*chain, head)?;
        }
        ledger.finish()
    }
}

/// The next letter or digit, the other case, and the end of a line.
const CHANGES: [fn(u8) -> u8; 3] = [|byte| byte ^ 1, |byte| byte ^ 0x20, |_| b'\n'];

#[tokio::test]
async fn no_byte_of_a_line_can_be_changed() {
    let mut copy = Copy::taken().await;
    assert_eq!(copy.check().unwrap().records, 2);
    for at in 0..copy.lines.len() {
        let before = copy.lines[at];
        let after = CHANGES.map(|change| change(before));
        for after in after.into_iter().filter(|after| *after != before) {
            copy.lines[at] = after;
            assert!(copy.check().is_err(), "byte {at} from {before:#x} to {after:#x}");
        }
        copy.lines[at] = before;
    }
}

#[tokio::test]
async fn no_byte_can_be_left_out_or_put_in_anywhere() {
    let whole = Copy::taken().await;
    for at in 0..whole.lines.len() {
        for byte in [None, Some(b' '), Some(b'\n')] {
            let mut lines = whole.lines.clone();
            lines.splice(at..at + usize::from(byte.is_none()), byte);
            let changed = Copy { lines, heads: whole.heads.clone() };
            assert!(changed.check().is_err(), "{byte:?} at {at}");
        }
    }
}

#[tokio::test]
async fn no_byte_of_a_head_can_be_changed() {
    let mut copy = Copy::taken().await;
    for at in 0..copy.heads[0].1.len() {
        for change in CHANGES {
            let before = copy.heads[0].1[at];
            copy.heads[0].1[at] = change(before);
            assert!(copy.check().is_err(), "byte {at}");
            copy.heads[0].1[at] = before;
        }
    }
}

#[tokio::test]
async fn a_line_that_is_left_out_or_moved_shows() {
    let copy = Copy::taken().await;
    let lines: Vec<&[u8]> = copy.lines.split(|byte| *byte == b'\n').collect();
    for at in 0..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(at);
        let fewer = Copy { lines: fewer.join(&b'\n'), heads: copy.heads.clone() };
        assert!(fewer.check().is_err(), "without line {at}");
    }
    let backwards: Vec<&[u8]> = lines.iter().rev().copied().collect();
    let moved = Copy { lines: backwards.join(&b'\n'), heads: copy.heads.clone() };
    assert!(moved.check().is_ok(), "a line holds its own place: the order of a file says nothing");
}
