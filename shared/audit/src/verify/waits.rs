//! Whether those who were asked about a request that ran had agreed to it before it did, by the
//! records alone.

use std::collections::{BTreeMap, BTreeSet};

use request::{Digest, Millis};

use crate::{Done, Record, Step, record::HopRecord};

/// What the records say of one request that waited.
pub(super) struct Waits<'a> {
    asked: At,
    digest: Digest,
    wanted: BTreeMap<String, u32>,
    agreed: BTreeMap<String, BTreeSet<String>>,
    ended: bool,
    /// Where the steps stand that change whether it may run.
    taken: Vec<At>,
    hops: &'a [HopRecord],
}

/// Where a record stands, and when it says that it was written.
#[derive(Clone, Copy)]
pub(super) struct At {
    chain: Digest,
    seq: u64,
    time: Millis,
}

impl At {
    pub(super) fn of(record: &Record) -> Self {
        Self { chain: record.unmapped.chain, seq: record.unmapped.seq, time: record.time }
    }

    /// Whether the other one was there before. In one chain its hash says so. A request may be taken up
    /// in another session than it was parked in, which is another chain: of those the clocks tell, which
    /// nobody but their writers vouches for.
    fn follows(self, other: Self) -> bool {
        match self.chain == other.chain {
            true => other.seq < self.seq,
            false => other.time.0 <= self.time.0.saturating_add(SKEW_MS),
        }
    }
}

impl<'a> Waits<'a> {
    /// By its first step.
    pub(super) fn begun(
        asked: At,
        step: &Step,
        hops: &'a [HopRecord],
    ) -> Result<Self, &'static str> {
        let wanted = step.approvers.iter().map(|text| wanted(text)).collect::<Option<_>>();
        let wanted: BTreeMap<_, _> = wanted.ok_or("nobody can tell who was asked")?;
        let (digest, agreed, taken) = (step.digest, BTreeMap::new(), vec![asked]);
        match wanted.is_empty() {
            true => Err("nobody was asked"),
            false => Ok(Self { asked, digest, wanted, agreed, ended: false, taken, hops }),
        }
    }

    /// The next step.
    pub(super) fn goes_on(&mut self, at: At, step: &Step) -> Result<(), &'static str> {
        if at.chain != self.asked.chain || step.digest != self.digest {
            return Err("a step is of another request than was asked about");
        }
        let person = || step.by.as_ref().ok_or("nobody took this step");
        match step.what {
            Done::Asked => return Err("people are asked twice"),
            // Somebody may look at it, or try in vain, for as long as it is kept.
            Done::Barred | Done::Shown => return Ok(()),
            _ if self.ended => return Err("a step is taken after the end"),
            Done::Approved => {
                let by = person()?;
                if self.hops.iter().any(|hop| hop.subject == by.subject) {
                    return Err("somebody decided about a request of their own chain");
                }
                let groups = by.groups.iter().cloned().collect();
                if self.agreed.insert(by.uid(), groups).is_some() {
                    return Err("somebody approved twice");
                }
            }
            Done::Retracted => {
                let taken = self.agreed.remove(&person()?.uid());
                taken.ok_or("somebody took back what they had not said")?;
            }
            Done::Expired | Done::Refused | Done::Withdrawn => self.ended = true,
        }
        self.taken.push(at);
        Ok(())
    }

    /// It ran here, by an approval of this digest. The intent uses the approval up, so that no step is
    /// taken after it: one that comes later was not there when it ran, or made up since.
    pub(super) fn ran(&mut self, at: At, digest: Digest) -> Result<(), &'static str> {
        let people: Vec<_> = self.agreed.values().cloned().collect();
        if digest != self.digest {
            return Err("it ran by an approval of something else");
        }
        if self.ended || !approvals::missing(&self.wanted, &people).is_empty() {
            return Err("it ran without the approval that was asked for");
        }
        if !self.taken.iter().all(|step| at.follows(*step)) {
            return Err("it ran before the last step that people took about it");
        }
        self.ended = true;
        Ok(())
    }
}

/// `2 of dba`.
fn wanted(text: &str) -> Option<(String, u32)> {
    let (count, group) = text.split_once(" of ")?;
    Some((group.to_owned(), count.parse().ok()?))
}

/// Milliseconds by which two clocks may be apart: 5 seconds, as for our own tokens. More would hide that
/// a clock is wrong.
const SKEW_MS: u64 = 5_000;
