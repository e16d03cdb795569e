//! Tries to clear a statement with an approval that nobody took up.

use approvals::{Cleared, Waiting};
use request::Statement;
use vetting::Vetted;

fn hurry(vetted: Vetted<Statement>, waiting: &Waiting) -> Cleared {
    let mut approval = waiting.approval().clone();
    approval.take_up(waiting.sealed().document(), request::Millis(0));
    Cleared::approved(vetted, waiting)
}

fn main() {}
