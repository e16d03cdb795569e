//! Tries to run a second statement on the record of the first.

use approvals::Cleared;
use audit::Witnessed;

fn reuse(mut witnessed: Witnessed, second: Cleared) -> Witnessed {
    witnessed.cleared = second;
    witnessed
}

fn main() {}
