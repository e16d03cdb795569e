//! Tries to write a driver that returns rows instead of pouring them into the veil.

use std::time::Duration;

use credentials::Armed;
use masking::{Cell, Veil};
use request::Later;
use targets::{Driver, Error, Once};

struct Leak;

impl Driver for Leak {
    fn run<'a>(
        &'a self,
        _: Once,
        _: &'a mut Armed<'_>,
        _: &'a mut Veil,
        _: Duration,
    ) -> Later<'a, Result<Vec<Cell<'static>>, Error>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

fn main() {}
