//! Whether those who were asked about a request that ran had agreed to it, by the records alone.

use std::collections::{BTreeMap, BTreeSet};

use request::Digest;

use crate::{Done, Step, record::HopRecord};

/// What the records say of one request that waited.
pub(super) struct Waits<'a> {
    chain: Digest,
    digest: Digest,
    wanted: BTreeMap<String, u32>,
    agreed: BTreeMap<String, BTreeSet<String>>,
    ended: bool,
    hops: &'a [HopRecord],
}

impl<'a> Waits<'a> {
    /// By its first step.
    pub(super) fn begun(
        chain: Digest,
        step: &Step,
        hops: &'a [HopRecord],
    ) -> Result<Self, &'static str> {
        let wanted = step.approvers.iter().map(|text| wanted(text)).collect::<Option<_>>();
        let wanted: BTreeMap<_, _> = wanted.ok_or("nobody can tell who was asked")?;
        let (digest, agreed) = (step.digest, BTreeMap::new());
        match wanted.is_empty() {
            true => Err("nobody was asked"),
            false => Ok(Self { chain, digest, wanted, agreed, ended: false, hops }),
        }
    }

    /// The next step.
    pub(super) fn goes_on(&mut self, chain: Digest, step: &Step) -> Result<(), &'static str> {
        if chain != self.chain || step.digest != self.digest {
            return Err("a step is of another request than was asked about");
        }
        let person = || step.by.as_ref().ok_or("nobody took this step");
        match step.what {
            Done::Asked => return Err("people are asked twice"),
            Done::Barred | Done::Shown => {}
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
        Ok(())
    }

    /// It ran, by an approval of this digest: after all its steps, since none can be taken later.
    pub(super) fn ran(&mut self, digest: Digest) -> Result<(), &'static str> {
        let people: Vec<_> = self.agreed.values().cloned().collect();
        if digest != self.digest {
            return Err("it ran by an approval of something else");
        }
        if self.ended || !approvals::missing(&self.wanted, &people).is_empty() {
            return Err("it ran without the approval that was asked for");
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
