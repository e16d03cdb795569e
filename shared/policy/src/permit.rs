//! Leave to address one target, and what it is bound to.

use std::{collections::BTreeSet, sync::Arc};

use identity::{Chain, Class, Groups, Verified};
use request::TargetName;

use crate::{
    Duties, Error, Facts, Target,
    ask::{ask, unasked},
    bounds,
    context::Context,
    policies::Policies,
    said::Said,
};

/// Leave to address one target, with the duties attached to it.
///
/// It swallows the verified chain, so that a permit of one caller cannot be paired with another.
pub struct Permit {
    who: Verified<Chain>,
    target: Arc<Target>,
    duties: Duties,
    spoke: BTreeSet<String>,
    policies: Arc<Policies>,
}

impl Permit {
    /// Whom the permit is for.
    #[must_use]
    pub fn who(&self) -> &Verified<Chain> {
        &self.who
    }

    /// The one target it opens.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What it demands.
    #[must_use]
    pub fn duties(&self) -> &Duties {
        &self.duties
    }

    /// The policies that permitted, for the record.
    #[must_use]
    pub fn spoke(&self) -> &BTreeSet<String> {
        &self.spoke
    }

    /// The digest of everything that decided.
    #[must_use]
    pub fn policies(&self) -> request::Digest {
        self.policies.digest()
    }

    /// Whether a policy about its target asks how many rows are expected.
    #[must_use]
    pub fn wants_estimate(&self) -> bool {
        self.policies.wants_estimate(&self.target.name)
    }

    /// Holds the permit against what the statement turned out to be. It must be within the rights of
    /// the chain, every verb must be permitted to every hop, and the duties of all that spoke apply
    /// together with the bounds of the rights.
    ///
    /// # Errors
    /// [`Error::Rights`], [`Error::Forbid`] or [`Error::Evaluation`].
    pub fn judge(self, facts: &Facts, reason_given: bool) -> Result<Self, Error> {
        let bounds = bounds::of(self.who.get(), &self.target, facts)?;
        let said = |ids: &BTreeSet<String>| -> Vec<&Said> {
            ids.iter().filter_map(|id| self.policies.said.get(id)).collect()
        };
        let connected = self.duties.clone().bound_by(said(&self.spoke).into_iter());
        let mut duties: Option<Duties> = None;
        let mut spoke = self.spoke.clone();
        let context = Context::with(self.who.get(), facts, reason_given).map_err(unasked)?;
        for hop in self.who.get().hops().iter().enumerate() {
            for verb in &facts.verbs {
                let permitted = ask(&self.policies, hop, verb.name(), &self.target, &context)?;
                let said = said(&permitted);
                let here =
                    connected.clone().bound_by(said.iter().copied()).shown_by(said.into_iter());
                duties = Some(match duties {
                    None => here,
                    Some(before) => before.and(here),
                });
                spoke.extend(permitted);
            }
        }
        // A statement that does nothing was permitted by nobody.
        let mut duties = duties.ok_or(Error::Forbid { policies: Vec::new() })?;
        if let Some(bounds) = bounds {
            duties = duties.within(&bounds)?;
        }
        Ok(Self { duties, spoke, ..self })
    }
}

/// Admits the chain to the target: its rights must name it, and every hop must be permitted to
/// connect.
///
/// # Errors
/// [`Error::Target`], [`Error::Rights`], [`Error::Direct`], [`Error::Groups`], [`Error::Forbid`] or
/// [`Error::Evaluation`].
pub fn admit(
    who: Verified<Chain>,
    target: &TargetName,
    policies: &Arc<Policies>,
) -> Result<Permit, Error> {
    let target = policies.targets.find(target).ok_or(Error::Target)?;
    let spoke = connect(who.get(), target, policies)?;
    Ok(Permit {
        who,
        target: Arc::clone(target),
        duties: Duties::under(target.limits),
        spoke,
        policies: Arc::clone(policies),
    })
}

/// The targets that this caller may connect to.
#[must_use]
pub fn reachable<'p>(who: &Verified<Chain>, policies: &'p Policies) -> Vec<&'p Target> {
    let may = |target: &&Arc<Target>| connect(who.get(), target, policies).is_ok();
    policies.targets.iter().filter(may).map(AsRef::as_ref).collect()
}

/// Whether the chain may hand all of these targets on to a child; gives the policies that permitted.
///
/// # Errors
/// As for [`admit`].
pub fn delegate(
    who: &Verified<Chain>,
    targets: &BTreeSet<&str>,
    class: Class,
    policies: &Policies,
) -> Result<BTreeSet<String>, Error> {
    let action = match class {
        Class::Bound => "delegate",
        Class::Leaf => "delegate_leaf",
    };
    let mut spoke = BTreeSet::new();
    for name in targets {
        let name = TargetName::new(*name).map_err(|_| Error::Target)?;
        let target = policies.targets.find(&name).ok_or(Error::Target)?;
        spoke.extend(every_hop(who.get(), action, target, policies)?);
    }
    Ok(spoke)
}

fn connect(who: &Chain, target: &Target, policies: &Policies) -> Result<BTreeSet<String>, Error> {
    let spoke = every_hop(who, "connect", target, policies)?;
    // Only to those who could reach it otherwise is it told why they cannot.
    if who.rights().is_some_and(|rights| !rights.names(target.name.as_str())) {
        return Err(Error::Rights);
    }
    if target.require_chain && who.grant().is_none() {
        return Err(Error::Direct);
    }
    Ok(spoke)
}

fn every_hop(
    who: &Chain,
    action: &str,
    target: &Target,
    policies: &Policies,
) -> Result<BTreeSet<String>, Error> {
    let mut spoke = BTreeSet::new();
    let context = Context::of(who).map_err(unasked)?;
    for (depth, hop) in who.hops().iter().enumerate() {
        if matches!(hop.groups(), Groups::Unknown) {
            return Err(Error::Groups);
        }
        spoke.extend(ask(policies, (depth, hop), action, target, &context)?);
    }
    Ok(spoke)
}
