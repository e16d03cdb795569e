//! A parsed tree as bytes that are equal for equal trees, wherever their pieces stand in a text.
//!
//! As in the inventory, the tree is serialised, so that no piece of it can be forgotten. Each value
//! tells where it ends, and each field its name, so that no two trees share their bytes.

mod serializer;
mod swaps;

use std::ops::Range;

use serde::Serialize;

use super::Error;

pub(super) use swaps::{Named, Names, Swap, Swaps};

/// The bytes of a tree.
///
/// # Errors
/// [`Error::Differs`] for a shape of data that no tree has today.
pub(super) fn plain(tree: &impl Serialize) -> Result<Vec<u8>, Error> {
    let swaps = Swaps::default();
    let mut canon = Canon::new(&swaps);
    tree.serialize(&mut canon).map_err(|_| Error::Differs)?;
    Ok(canon.out)
}

/// The bytes that a tree would have with these swaps made, and the names in it.
///
/// # Errors
/// [`Error::Differs`]: as for [`plain`], or something else stands where a swap is to be made.
pub(super) fn swapped(tree: &impl Serialize, swaps: &Swaps) -> Result<(Vec<u8>, Names), Error> {
    let mut canon = Canon::new(swaps);
    tree.serialize(&mut canon).map_err(|_| Error::Differs)?;
    match canon.made == swaps.len() {
        true => Ok((canon.out, canon.names)),
        false => Err(Error::Differs),
    }
}

/// Writes a tree.
struct Canon<'w> {
    swaps: &'w Swaps,
    out: Vec<u8>,
    names: Names,
    /// How many swaps were made.
    made: usize,
    /// The number, flag and text that were written last.
    number: i64,
    flag: bool,
    text: Range<usize>,
}

impl<'w> Canon<'w> {
    fn new(swaps: &'w Swaps) -> Self {
        let (names, text) = (Names::default(), 0..0);
        Self { swaps, out: Vec::new(), names, made: 0, number: 0, flag: false, text }
    }

    fn word(&mut self, kind: u8, bytes: &[u8]) {
        self.out.push(kind);
        self.out.extend_from_slice(&bytes.len().to_le_bytes());
        let start = self.out.len();
        self.out.extend_from_slice(bytes);
        self.text = start..self.out.len();
    }

    fn integer(&mut self, number: i64) {
        self.number = number;
        self.out.push(b'i');
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    fn truth(&mut self, flag: bool) {
        self.flag = flag;
        self.out.push(if flag { b't' } else { b'f' });
    }

    /// What was written last, where that was a text.
    fn last_text(&self) -> String {
        String::from_utf8_lossy(self.out.get(self.text.clone()).unwrap_or_default()).into_owned()
    }
}
