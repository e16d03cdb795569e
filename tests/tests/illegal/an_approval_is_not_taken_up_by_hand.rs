//! Tries to clear a statement with an approval that nobody took up.

use approvals::{Cleared, TakenUp, Waiting};
use request::Statement;
use vetting::Vetted;

fn hurry(vetted: Vetted<Statement>, waiting: &Waiting, taken: TakenUp) -> Cleared {
    let mut approval = waiting.approval().clone();
    approval.take_up(waiting.sealed().document(), request::Millis(0));
    Cleared::approved(vetted, taken)
}

fn main() {}
