//! Tries to write a driver that returns rows instead of pouring them into the veil.

use std::time::Duration;

use catalogue::Draft;
use credentials::{Armed, Lent};
use masking::{Cell, Veil};
use request::Later;
use targets::{Driver, Error, Estimate, Once};

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

    fn survey<'a>(
        &'a self,
        _: &'a mut Lent<'_>,
        _: Duration,
    ) -> Later<'a, Result<Draft, Error>> {
        Box::pin(async { Err(Error::Timeout) })
    }

    fn estimate<'a>(
        &'a self,
        _: &'a mut Lent<'_>,
        _: &'a Estimate<'a>,
        _: Duration,
    ) -> Later<'a, Result<u64, Error>> {
        Box::pin(async { Ok(0) })
    }
}

fn main() {}
