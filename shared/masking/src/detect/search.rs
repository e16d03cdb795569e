//! The way through a text: its blocks go by once, and each detector looks at the places in them
//! where something of its own may begin.

use super::{
    Finding, Hints, assigned,
    chain::Starts,
    email,
    masks::{self, Block, WIDTH},
    number, private_key, token, unescape,
    view::{AT, DIGIT, ESCAPE, FOLD, Folded, TOKEN, View, class, is},
};

/// All that is found in a text, detector by detector, and in what its escapes spell.
pub(super) fn search(text: &str, hints: Hints, depth: u8) -> Vec<Finding> {
    let bytes = text.as_bytes();
    if bytes.len() < WIDTH {
        return short(text, hints, depth);
    }
    if !bytes.is_ascii() && folds(bytes) {
        return folded(text, hints, depth);
    }
    let view = View::of(bytes);
    let mut search = Search::new(&view, hints, depth);
    masks::each(bytes, |block| search.block(block));
    search.all(text)
}

/// The same for a text that fits one block, as most cells do.
fn short(text: &str, hints: Hints, depth: u8) -> Vec<Finding> {
    let bytes = text.as_bytes();
    let named = hints.named.is_some();
    if !named && is_too_short(text) {
        return Vec::new();
    }
    let block = Block::only(bytes);
    if block.is_rare() && folds(bytes) {
        return folded(text, hints, depth);
    }
    let view = View::of(bytes);
    if !named && has_nothing(&view, &block, hints) {
        return Vec::new();
    }
    let mut search = Search::new(&view, hints, depth);
    search.block(&block);
    search.all(text)
}

/// The same for a text in which characters look like others.
fn folded(text: &str, hints: Hints, depth: u8) -> Vec<Finding> {
    let folded = Folded::of(text);
    let view = folded.view();
    let mut search = Search::new(&view, hints, depth);
    masks::each(view.bytes(), |block| search.block(block));
    // Escapes stand in the text itself, not in what it was folded to.
    search.escapes = true;
    search.all(text)
}

/// Whether a text is so short that nothing could be in it: the shortest token has twelve bytes, and
/// what is shorter needs an `@`, an escape or seven digits.
pub(super) fn is_too_short(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < SHORTEST || bytes.len() >= TOKEN {
        return bytes.len() < SHORTEST;
    }
    let (classes, digits) = bytes.iter().fold((0, 0), |(all, digits), byte| {
        let class = class(*byte);
        (all | class, digits + usize::from(class & DIGIT != 0))
    });
    classes & (AT | ESCAPE | FOLD) == 0 && digits < number::FEWEST
}

/// Whether no detector has a place to look at in the only block of a text. Most cells end here, before
/// any of the detectors is set up.
fn has_nothing(view: &View<'_>, block: &Block, hints: Hints) -> bool {
    !block.is_rare()
        && Starts::of(view, block, hints, 0).next().is_none()
        && assigned::has_none(view, block)
        && token::has_none(view, block)
}

/// Whether characters stand in it that look like others.
fn folds(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| is(*byte, FOLD))
}

/// The detectors on their way.
struct Search<'v> {
    view: &'v View<'v>,
    hints: Hints,
    depth: u8,
    numbers: number::Numbers,
    addresses: email::Addresses,
    values: assigned::Values,
    keys: private_key::Keys,
    words: token::Words,
    escapes: bool,
}

impl<'v> Search<'v> {
    fn new(view: &'v View<'v>, hints: Hints, depth: u8) -> Self {
        Self {
            view,
            hints,
            depth,
            numbers: number::Numbers::default(),
            addresses: email::Addresses::default(),
            values: assigned::Values::default(),
            keys: private_key::Keys::default(),
            words: token::Words::default(),
            escapes: false,
        }
    }

    fn block(&mut self, block: &Block) {
        self.numbers.block(self.view, block, self.hints);
        self.values.block(self.view, block);
        self.words.block(self.view, block, self.depth);
        if block.is_rare() {
            self.addresses.block(self.view, block);
            self.keys.block(self.view, block);
            self.escapes |= self.has_escape(block.start);
        }
    }

    /// Whether something in this block may begin an escape.
    fn has_escape(&self, start: usize) -> bool {
        let end = self.view.bytes().len().min(start + WIDTH);
        self.view.part(start..end).iter().any(|byte| is(*byte, ESCAPE))
    }

    /// What was found, in the order of the detectors, and what the escapes of the text spell.
    fn all(mut self, text: &str) -> Vec<Finding> {
        let mut found = self.numbers.found;
        found.append(&mut self.addresses.found);
        found.append(&mut self.values.found);
        if let Some(named) = self.hints.named {
            assigned::whole(self.view, named, &mut found);
        }
        found.append(&mut self.keys.found);
        self.words.end(self.view, self.hints, &mut found);
        if self.escapes && self.depth > 0 {
            unescape::find(text, self.hints, self.depth, &mut found);
        }
        found
    }
}

/// `a@b.co` has six characters.
const SHORTEST: usize = 6;
