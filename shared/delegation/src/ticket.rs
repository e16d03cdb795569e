//! The ticket that a parent hands to its child: good once, at one door, for a minute.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::NodeId;
use request::Digest;
use zeroize::Zeroizing;

use crate::{Error, call::random};

/// A spawn ticket. It is no token: it can run nothing, and once redeemed it is worth nothing. It has
/// no `Debug` or `Display` all the same, because until then whoever has it becomes the child.
///
/// ```compile_fail
/// fn leak(ticket: &delegation::Ticket) -> String {
///     format!("{ticket:?}")
/// }
/// ```
pub struct Ticket {
    root: NodeId,
    node: NodeId,
    secret: Zeroizing<[u8; 32]>,
}

impl Ticket {
    /// Reads `st.ROOT.NODE.SECRET`. Nothing is looked up.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (Some("st"), Some(root), Some(node), Some(secret), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        // The engine takes one spelling only: no padding, no loose bits (RFC 4648, 3.5).
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(secret).ok()?);
        let secret = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?);
        Some(Self { root: NodeId::ours(root)?, node: NodeId::ours(node)?, secret })
    }

    /// A new one, of 256 random bits.
    pub(crate) fn fresh(root: NodeId, node: NodeId) -> Result<Self, Error> {
        Ok(Self { root, node, secret: Zeroizing::new(random()?) })
    }

    /// The text, for the parent alone.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.secret));
        Zeroizing::new(format!("st.{}.{}.{}", self.root, self.node, *secret))
    }

    /// The tree that it is of.
    pub(crate) fn root(&self) -> &NodeId {
        &self.root
    }

    /// The node that it is for.
    pub(crate) fn node(&self) -> &NodeId {
        &self.node
    }

    /// All that is kept of it. Of two hashes nothing is learnt by comparing them slowly.
    pub(crate) fn hash(&self) -> Digest {
        Digest::of(&*self.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        Ticket::fresh(NodeId::fresh([1; 16]), NodeId::fresh([2; 16])).unwrap()
    }

    #[test]
    fn a_ticket_reads_back_as_what_it_was() {
        let ticket = ticket();
        let again = Ticket::read(&ticket.expose()).unwrap();
        assert_eq!(
            (again.root(), again.node(), again.hash()),
            (ticket.root(), ticket.node(), ticket.hash())
        );
    }

    #[test]
    fn a_text_that_is_no_ticket_is_refused_before_anything_is_looked_up() {
        let good = ticket().expose();
        let texts = [
            String::new(),
            good.replacen("st.", "ST.", 1),
            format!("{}.x", *good),
            format!("{}=", *good),
            format!("{} ", *good),
            good.replacen("n_", "d_", 1),
            good.chars().take(good.len() - 1).collect(),
        ];
        for text in texts {
            assert!(Ticket::read(&text).is_none(), "{text:?}");
        }
    }
}
