//! What policy demands of the rest of the way, read from the annotations of the policies that spoke.

use std::collections::BTreeMap;

use rights::Bounds;

use crate::{
    Demand, Error, Limits, Mask, Usage,
    limits::Most,
    said::Said,
    usage::{Usages, stricter},
};

/// Duties in force. Where several policies spoke, each holds: the strictest of all is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duties {
    masks: BTreeMap<String, Mask>,
    usages: Usages,
    demand: Demand,
    limits: Limits,
}

impl Duties {
    /// The duties of a target that no policy has spoken about: its limits, every tag redacted.
    pub(crate) fn under(limits: Limits) -> Self {
        Self { masks: BTreeMap::new(), usages: Usages::new(), demand: Demand::default(), limits }
    }

    /// How a column with this tag is shown. What may be compared as a token is not shown as more, and
    /// what may not be mentioned is not shown.
    #[must_use]
    pub fn mask(&self, tag: &str) -> Mask {
        let mask = self.masks.get(tag).copied().unwrap_or(Mask::Redact);
        match self.usage(tag) {
            Usage::Deny => Mask::Redact,
            Usage::Token => mask.max(Mask::Token),
            Usage::Bare | Usage::Group(_) | Usage::Masked => mask,
        }
    }

    /// What a column with this tag may be used for.
    #[must_use]
    pub fn usage(&self, tag: &str) -> Usage {
        self.usages.get(tag).copied().unwrap_or_default()
    }

    /// How many people of which groups have to agree; empty where nobody is asked.
    #[must_use]
    pub fn approvers(&self) -> &BTreeMap<String, u32> {
        &self.demand.approvers
    }

    /// What is wanted of the people who are asked, and of the time at which it runs.
    #[must_use]
    pub fn demand(&self) -> &Demand {
        &self.demand
    }

    /// Rows, bytes, time and cells, at most.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Adds what further policies demand of size, time, people and use. `said` holds one entry for
    /// each policy that spoke.
    pub(crate) fn bound_by<'a>(mut self, said: impl Iterator<Item = &'a Said>) -> Self {
        for duty in said {
            self.limits = self.limits.within(duty.most);
            self.demand = self.demand.and(&duty.demand);
            let shut = duty.usages.iter().filter(|(_, usage)| **usage > Usage::default());
            let shut = shut.map(|(tag, usage)| (tag.clone(), *usage)).collect();
            self.usages = stricter(&self.usages, &shut);
        }
        self
    }

    /// Opens what *all* of these policies open: a tag that one opens and another does not mention
    /// stays shut. What was bound before stays bound.
    pub(crate) fn shown_by<'a>(mut self, said: impl Iterator<Item = &'a Said> + Clone) -> Self {
        let shown = said.clone().map(|duty| duty.masks.clone()).reduce(|a, b| both(&a, &b));
        self.masks = shown.unwrap_or_default();
        let usages = said.map(|duty| duty.usages.clone()).reduce(|a, b| stricter(&a, &b));
        for (tag, usage) in usages.unwrap_or_default() {
            let bound = self.usages.entry(tag).or_insert(usage);
            *bound = (*bound).max(usage);
        }
        self
    }

    /// What remains within the bounds of the chain's rights. A tag that they want masked is masked
    /// for aggregates too.
    ///
    /// # Errors
    /// [`Error::Rights`]: people are to be asked each time, and policy names none.
    pub(crate) fn within(mut self, bounds: &Bounds) -> Result<Self, Error> {
        self.limits = self.limits.within(Most {
            rows: bounds.max_rows,
            bytes: bounds.max_bytes,
            time_ms: bounds.timeout_ms,
            cells: None,
        });
        let open = |tag: &String| !bounds.masked.contains(tag);
        self.masks.retain(|tag, _| open(tag));
        self.usages.retain(|tag, usage| open(tag) || *usage > Usage::default());
        match bounds.approval && self.demand.approvers.is_empty() {
            true => Err(Error::Rights),
            false => Ok(self),
        }
    }

    /// Both, for two verbs or two hops that were decided apart.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.masks = both(&self.masks, &other.masks);
        self.usages = stricter(&self.usages, &other.usages);
        self.demand = self.demand.and(&other.demand);
        self.limits = self.limits.within(other.limits.into());
        self
    }
}

fn both(a: &BTreeMap<String, Mask>, b: &BTreeMap<String, Mask>) -> BTreeMap<String, Mask> {
    let strictest =
        |(tag, mask): (&String, &Mask)| b.get(tag).map(|other| (tag.clone(), *mask.max(other)));
    a.iter().filter_map(strictest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(&str, &str)]) -> Said {
        let mut said = Said::default();
        for (name, value) in pairs {
            said.hear(name, value).unwrap();
        }
        said
    }

    fn limits() -> Limits {
        Limits { max_rows: 1000, max_bytes: 1 << 20, timeout_ms: 10_000, max_cells: 20_000 }
    }

    /// The duties where these policies permit and nobody else speaks.
    fn duties(all: &[Said]) -> Duties {
        Duties::under(limits()).bound_by(all.iter()).shown_by(all.iter())
    }

    #[test]
    fn a_tag_that_nobody_mentions_is_redacted_and_used_masked() {
        let duties = Duties::under(limits());
        assert_eq!((duties.mask("ssn"), duties.usage("ssn")), (Mask::Redact, Usage::Masked));
    }

    #[test]
    fn of_two_policies_the_stricter_word_holds_for_every_duty() {
        let open = said(&[("mask", "email:bare, card:last4"), ("max_rows", "5000")]);
        let shut = said(&[("mask", "card:null"), ("max_rows", "10"), ("approvers", "2 of dba")]);
        let duties = duties(&[open, shut]);
        assert_eq!(duties.mask("email"), Mask::Redact, "the second does not open it");
        assert_eq!(duties.mask("card"), Mask::Null);
        assert_eq!(duties.limits().max_rows, 10);
        assert_eq!(duties.approvers().get("dba"), Some(&2));
    }

    #[test]
    fn of_two_policies_the_stricter_demand_on_people_holds() {
        let one = said(&[
            ("approvers", "2 of dba"),
            ("approver_acr", "phr, phrh"),
            ("run_window", "22:00-06:00 Europe/Berlin"),
        ]);
        let two = said(&[
            ("approvers", "1 of dba, 1 of privacy"),
            ("approve_within", "30m"),
            ("approver_login", "15m"),
            ("approver_acr", "phrh"),
            ("run_window", "Sat,Sun 00:00-24:00 UTC"),
        ]);
        let silent = said(&[("max_rows", "7")]);
        let demand = duties(&[one.clone(), silent, two.clone()]).demand;
        assert_eq!(demand.approvers, [("dba".into(), 2), ("privacy".into(), 1)].into());
        assert_eq!((demand.within_ms, demand.login_s), (1_800_000, Some(900)));
        assert_eq!(demand.acr, ["phrh".to_owned()].into());
        assert_eq!(demand.windows.len(), 2);
        let hops = duties(std::slice::from_ref(&two)).and(duties(std::slice::from_ref(&one)));
        assert_eq!(hops.demand, demand, "of two hops as of two policies");
    }

    #[test]
    fn of_two_policies_the_stricter_use_holds() {
        let one = said(&[("use", "age:group-3, salary:group-3, ssn:token, card:masked")]);
        let two = said(&[("use", "age:group-10, ssn:bare, mail:deny")]);
        let duties = duties(&[one, two]);
        assert_eq!(duties.usage("age"), Usage::Group(10));
        assert_eq!(duties.usage("salary"), Usage::Masked, "the second does not open it");
        assert_eq!(duties.usage("ssn"), Usage::Bare);
        assert_eq!(duties.usage("card"), Usage::Masked);
        assert_eq!(duties.usage("mail"), Usage::Deny);
    }

    #[test]
    fn leave_to_connect_shuts_a_use_and_opens_none() {
        let connect = said(&[("use", "age:group-3, ssn:deny")]);
        let select = said(&[("use", "ssn:group-2")]);
        let duties = Duties::under(limits())
            .bound_by([&connect].into_iter())
            .shown_by([&select].into_iter());
        assert_eq!((duties.usage("age"), duties.usage("ssn")), (Usage::Masked, Usage::Deny));
    }

    #[test]
    fn two_hops_bind_together() {
        let child = duties(&[said(&[("use", "age:group-3"), ("mask", "age:round-10")])]);
        let parent = duties(&[said(&[("use", "age:group-5"), ("mask", "age:round-5")])]);
        let both = child.clone().and(parent.clone());
        assert_eq!((both.usage("age"), both.mask("age")), (Usage::Group(5), Mask::Round(10)));
        assert_eq!(both, parent.and(child));
    }

    #[test]
    fn what_is_compared_as_a_token_is_not_shown_as_more() {
        let duties = duties(&[said(&[
            ("use", "a:token, b:token, c:deny"),
            ("mask", "a:bare, b:null, c:bare"),
        ])]);
        assert_eq!(duties.mask("a"), Mask::Token);
        assert_eq!(duties.mask("b"), Mask::Null);
        assert_eq!(duties.mask("c"), Mask::Redact);
    }

    #[test]
    fn a_tag_that_rights_want_masked_is_masked_in_aggregates_too() {
        let bounds =
            Bounds { masked: ["age", "ssn"].map(String::from).into(), ..Bounds::default() };
        let duties = duties(&[said(&[
            ("use", "age:group-3, pay:group-3, ssn:deny"),
            ("mask", "age:bare, pay:bare"),
        ])]);
        let within = duties.within(&bounds).unwrap();
        assert_eq!((within.mask("age"), within.usage("age")), (Mask::Redact, Usage::Masked));
        assert_eq!((within.mask("pay"), within.usage("pay")), (Mask::Bare, Usage::Group(3)));
        assert_eq!(within.usage("ssn"), Usage::Deny);
    }

    #[test]
    fn a_policy_cannot_widen_a_target_s_limits() {
        let wide = said(&[("max_rows", "999999"), ("max_cells", "999999")]);
        assert_eq!(*duties(&[wide]).limits(), limits());
        let narrow = said(&[("max_cells", "7")]);
        assert_eq!(duties(&[narrow]).limits().max_cells, 7);
    }
}
