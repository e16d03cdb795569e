//! One request that waits, and the people around it, as the real crates make them.

use std::collections::BTreeSet;

use approvals::{Approval, Document, HopOf, Phase, Said, Sealed, Verdict};
use identity::{Person, Verified};
use policy::Demand;
use request::{Digest, Millis};
use serde_json::{Value, json};

/// A request, and whoever tries to decide about it.
pub(crate) struct Scene {
    pub(crate) sealed: Sealed,
    /// What somebody reads who has another request before them.
    pub(crate) other: Digest,
    people: Vec<Verified<Person>>,
}

/// When it was asked, and when it is over.
pub(crate) const ASKED: Millis = Millis(1_800_000_000_000);
pub(crate) const EXPIRES: Millis = Millis(ASKED.0 + 3_600_000);

/// Somebody of the staff.
#[derive(Clone, Debug)]
pub(crate) struct Staff {
    /// Who vouches for them.
    pub(crate) issuer: &'static str,
    pub(crate) name: &'static str,
    pub(crate) groups: BTreeSet<&'static str>,
    /// How many seconds before the request they logged in, and how.
    pub(crate) login: (u64, Option<&'static str>),
}

impl Staff {
    pub(crate) fn new(name: &'static str, groups: &[&'static str]) -> Self {
        let groups = groups.iter().copied().collect();
        Self { issuer: "staff", name, groups, login: (60, None) }
    }

    pub(crate) fn person(&self) -> Verified<Person> {
        let (ago, acr) = self.login;
        let kept = json!({
            "acr": acr, "auth_time": ASKED.seconds() - ago, "groups": self.groups, "issuer": self.issuer,
            "name": null, "subject": self.name, "until": EXPIRES.0 + 1, "v": 1,
        });
        identity::recalled(&serde_json::to_vec(&kept).unwrap(), ASKED).unwrap()
    }
}

/// One hop by its subject alone.
pub(crate) fn hop(issuer: &str, subject: &str) -> HopOf {
    HopOf { issuer: issuer.into(), subject: subject.into(), client: None, actor: None }
}

impl Scene {
    pub(crate) fn new(hops: &[HopOf], demand: &Demand, staff: &[Staff]) -> Self {
        let document: Document = serde_json::from_value(document(hops, demand)).unwrap();
        Self {
            sealed: Sealed::of(document).unwrap(),
            other: Digest::of(b"another request"),
            people: staff.iter().map(Staff::person).collect(),
        }
    }

    pub(crate) fn document(&self) -> &Document {
        self.sealed.document()
    }

    pub(crate) fn person(&self, who: usize) -> &Person {
        self.people[who].get()
    }

    /// What is said about the request that was read.
    pub(crate) fn said(read: Digest, yes: bool) -> Said {
        let verdict = if yes { Verdict::Approve } else { Verdict::Refuse };
        Said { digest: read, verdict, comment: None }
    }

    /// The approval used up, where it may be at this time. The crate does this only together with a
    /// statement that was vetted, so that it is judged by what is public and written as it is stored.
    pub(crate) fn used(&self, approval: &Approval, now: Millis) -> Option<Approval> {
        let document = self.document();
        let granted = approval.phase(document, now) == Phase::Granted;
        let enough = approval.missing(document).is_empty();
        (granted && enough && document.matter.demand.open_at(now)).then(|| marked_used(approval))
    }
}

/// The approval with its phase replaced, whatever it was.
pub(crate) fn marked_used(approval: &Approval) -> Approval {
    let mut stored: Value = serde_json::from_slice(&approval.to_bytes()).unwrap();
    stored["phase"] = json!(Phase::Used.name());
    Approval::from_bytes(&serde_json::to_vec(&stored).unwrap()).unwrap()
}

fn document(hops: &[HopOf], demand: &Demand) -> Value {
    let member =
        |(n, who): (usize, &HopOf)| json!({"label": null, "node": format!("h_{n}"), "who": who});
    let hops: Vec<Value> = hops.iter().enumerate().map(member).collect();
    let digest = serde_json::to_value(Digest::of(b"policies")).unwrap();
    json!({
        "asked_at": ASKED.0, "chain": {}, "estimated_rows": null, "expires": EXPIRES.0,
        "fingerprint": "f", "idempotency_key": null, "normalized": "select $1", "owner": null,
        "policies": [], "reason": null, "request": "r-1", "session": digest, "v": 1,
        "matter": {
            "demand": demand,
            "facts": {
                "class": "read", "columns": {}, "functions": [], "mode": "source", "outputs": [],
                "reads": [], "tagged": {}, "unfiltered": [], "uses": [], "writes": [],
            },
            "hops": hops,
            "limits": {"bytes": 1, "cells": 1, "rows": 1, "time_ms": 1},
            "params": [], "policy": digest, "sent": "select 1", "statement": "select 1",
            "target": "shop",
        },
    })
}
