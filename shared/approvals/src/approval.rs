//! What people decided about one request, step by step. Every step is judged here and committed by
//! whoever records it, so that of two steps at the same moment one comes second and is judged anew.

use std::collections::BTreeSet;

use identity::Person;
use request::{Digest, Millis, json};
use serde::{Deserialize, Serialize};

use crate::{Document, Error, Phase, eligible, eligible::same, missing};

/// What was decided so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The version of this shape: 1.
    v: u8,
    digest: Digest,
    phase: Phase,
    decisions: Vec<Decision>,
}

/// One person's word.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Who vouches for them.
    pub issuer: String,
    /// Their name there.
    pub subject: String,
    /// What to call them.
    pub name: Option<String>,
    /// Those of the groups that were asked, which they are in.
    pub groups: BTreeSet<String>,
    /// What they said.
    pub verdict: Verdict,
    /// Why, in their words.
    pub comment: Option<String>,
    /// When.
    pub at: Millis,
}

/// What somebody says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It may run.
    Approve,
    /// It may not.
    Refuse,
}

impl Verdict {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Refuse => "refuse",
        }
    }
}

/// A verdict on exactly what somebody has read.
pub struct Said {
    /// What they read.
    pub digest: Digest,
    /// What they say to it.
    pub verdict: Verdict,
    /// Why.
    pub comment: Option<String>,
}

impl Approval {
    /// Nobody has decided yet about what has this digest.
    #[must_use]
    pub fn open(digest: Digest) -> Self {
        Self { v: 1, digest, phase: Phase::Pending, decisions: Vec::new() }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: it is not what [`Self::to_bytes`] writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let value = json::strict(bytes, 8).map_err(|_| Error::Unreadable)?;
        let read: Self = serde_json::from_value(value).map_err(|_| Error::Unreadable)?;
        if read.v == 1 { Ok(read) } else { Err(Error::Unreadable) }
    }

    /// As it is stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_value(self).map(|value| json::canonical(&value)).unwrap_or_default()
    }

    /// What is decided about.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// How far it is at this time: what was not taken up until it expires is over, whether that has
    /// been noted or not.
    #[must_use]
    pub fn phase(&self, document: &Document, now: Millis) -> Phase {
        match self.phase.is_final() || now < document.expires {
            true => self.phase,
            false => Phase::Expired,
        }
    }

    /// Everybody's word, in the order in which they came. What was taken back is not there.
    #[must_use]
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// How many are still wanted of which groups.
    #[must_use]
    pub fn missing(&self, document: &Document) -> std::collections::BTreeMap<String, u32> {
        let said = self.decisions.iter().filter(|one| one.verdict == Verdict::Approve);
        let people: Vec<_> = said.map(|one| one.groups.clone()).collect();
        missing(&document.matter.demand.approvers, &people)
    }

    /// Somebody decides. One refusal ends it, also by somebody who had approved; the last approval that
    /// was wanted grants it.
    ///
    /// # Errors
    /// [`Error::Over`]: it is too late; [`Error::Changed`]: they read something else;
    /// [`Error::Ineligible`]: they may not; [`Error::Twice`]: they have decided before.
    pub fn decide(
        &mut self,
        document: &Document,
        by: &Person,
        said: Said,
        now: Millis,
    ) -> Result<(), Error> {
        let phase = self.phase(document, now);
        let open =
            phase == Phase::Pending || (phase == Phase::Granted && said.verdict == Verdict::Refuse);
        if !open {
            return Err(Error::Over(phase));
        }
        if said.digest != self.digest {
            return Err(Error::Changed);
        }
        let hops: Vec<_> = document.matter.hops.iter().map(|member| member.who.clone()).collect();
        let groups = eligible(by, &hops, &document.matter.demand, now)?;
        // However many accounts somebody has, and whoever vouches for them.
        let earlier = |one: &Decision| same(&one.subject, by.subject());
        if said.verdict == Verdict::Approve && self.decisions.iter().any(earlier) {
            return Err(Error::Twice);
        }
        // Whoever thinks better of it says no instead.
        self.decisions.retain(|one| !earlier(one));
        self.decisions.push(Decision {
            issuer: by.issuer().as_str().to_owned(),
            subject: by.subject().to_owned(),
            name: by.name().map(str::to_owned),
            groups,
            verdict: said.verdict,
            comment: said.comment,
            at: now,
        });
        self.phase = match said.verdict {
            Verdict::Refuse => Phase::Refused,
            Verdict::Approve => self.counted(document),
        };
        Ok(())
    }

    /// Somebody takes their approval back, as long as it has not been used.
    ///
    /// # Errors
    /// [`Error::Over`]; [`Error::Nothing`]: they have not approved it.
    pub fn retract(&mut self, document: &Document, by: &Person, now: Millis) -> Result<(), Error> {
        self.still_open(document, now)?;
        let before = self.decisions.len();
        let same =
            |one: &Decision| one.issuer == by.issuer().as_str() && one.subject == by.subject();
        self.decisions.retain(|one| !same(one));
        if self.decisions.len() == before {
            return Err(Error::Nothing);
        }
        self.phase = self.counted(document);
        Ok(())
    }

    /// Its requester takes it back.
    ///
    /// # Errors
    /// [`Error::Over`].
    pub fn withdraw(&mut self, document: &Document, now: Millis) -> Result<(), Error> {
        self.still_open(document, now)?;
        self.phase = Phase::Withdrawn;
        Ok(())
    }

    /// Notes that its time is over.
    ///
    /// # Errors
    /// [`Error::Over`] where it had ended before, or waits still.
    pub fn expire(&mut self, document: &Document, now: Millis) -> Result<(), Error> {
        if self.phase.is_final() || now < document.expires {
            return Err(Error::Over(self.phase));
        }
        self.phase = Phase::Expired;
        Ok(())
    }

    /// Takes it up: it was granted, its time is not over, and it may run at this hour. There is no
    /// second time.
    ///
    /// # Errors
    /// [`Error::Over`] with how far it is; [`Error::Window`].
    pub(crate) fn take_up(&mut self, document: &Document, now: Millis) -> Result<(), Error> {
        match self.phase(document, now) {
            Phase::Granted if self.counted(document) == Phase::Granted => {}
            phase => return Err(Error::Over(phase)),
        }
        if !document.matter.demand.open_at(now) {
            return Err(Error::Window);
        }
        self.phase = Phase::Used;
        Ok(())
    }

    fn still_open(&self, document: &Document, now: Millis) -> Result<(), Error> {
        match self.phase(document, now) {
            Phase::Granted | Phase::Pending => Ok(()),
            phase => Err(Error::Over(phase)),
        }
    }

    fn counted(&self, document: &Document) -> Phase {
        if self.missing(document).is_empty() { Phase::Granted } else { Phase::Pending }
    }
}
