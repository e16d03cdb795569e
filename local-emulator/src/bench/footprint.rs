//! How large the functions are, on disk and in memory.

use std::{fs, path::Path};

use serde::Serialize;

use super::{Error, race};
use crate::{
    binaries::Binaries,
    emulator::{Cloud, Emulator},
};

/// One function's.
#[derive(Debug, Serialize)]
pub(super) struct Footprint {
    #[serde(serialize_with = "race::name")]
    pub(super) cloud: Cloud,
    /// The binary; stripped, where the profile strips.
    pub(super) binary_bytes: u64,
    /// The most that a process of it held so far (VmHWM of proc(5)).
    pub(super) peak_memory_bytes: Option<u64>,
}

/// After the races, whose last questions are the largest.
pub(super) fn all(on: &Emulator, binaries: &Binaries) -> Result<Vec<Footprint>, Error> {
    let lambda = on.lambda.stats().instances.iter().filter_map(|one| one.peak_memory).max();
    let azure = on.functions.stats().workers.iter().filter_map(|one| one.peak_memory).max();
    Ok(vec![
        of(Cloud::Aws, &binaries.request_lambda, lambda)?,
        of(Cloud::Azure, &binaries.request_azure, azure)?,
    ])
}

fn of(cloud: Cloud, binary: &Path, peak: Option<u64>) -> Result<Footprint, Error> {
    let binary_bytes = fs::metadata(binary)?.len();
    Ok(Footprint { cloud, binary_bytes, peak_memory_bytes: peak })
}
