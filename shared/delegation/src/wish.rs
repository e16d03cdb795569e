//! What a parent wants for its child, held against what the parent has itself.

use std::collections::BTreeSet;

use identity::{Class, Grant, GroupName};
use rights::Rights;
use serde_json::Value;

use crate::Error;

/// What a parent wants for its child.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What the parent calls it: letters, digits and `-_.`, at most 64.
    pub label: String,
    /// The rights, as `authorization_details`; where nothing is said, it has none.
    pub rights: Option<Value>,
    /// All rights of the parent, whatever they are. Said, never assumed.
    pub inherit: bool,
    /// Whether rights that are wider are to be cut to what the parent has; otherwise they are refused.
    pub meet: bool,
    /// Of the parent's groups; all of them where nothing is said.
    pub groups: Option<Vec<String>>,
    /// Whether it will have a key.
    pub class: Class,
    /// Seconds that it may live, renewals included; as long as the parent where nothing is said.
    pub ttl_s: Option<u64>,
    /// How deep the tree may become below it, counted from the root, which has depth 0.
    pub max_depth: Option<u64>,
    /// How many children it may have.
    pub max_children: Option<u64>,
    /// Who has to redeem the ticket: the issuer's alias and the subject of the token that it must
    /// show, as `alias|subject`.
    pub workload: Option<String>,
}

/// What the child will have.
pub(crate) struct Share {
    pub(crate) rights: Rights,
    pub(crate) groups: BTreeSet<GroupName>,
    pub(crate) max_depth: u64,
    /// Whether it is less than what was asked for.
    pub(crate) cut: bool,
}

impl Wish {
    /// What there is for the child of it. Nothing of it is more than the parent has.
    pub(crate) fn within(&self, parent: &Grant) -> Result<Share, Error> {
        self.shape()?;
        let depth = parent.path.len() as u64;
        if depth > parent.max_depth {
            return Err(Error::Limit("the chain is as deep as it may become"));
        }
        let (rights, cut) = self.rights(&parent.rights)?;
        if self.class == Class::Leaf && !only_reads(&rights) {
            return Err(Error::Limit("a child without a key may only read"));
        }
        let groups = self.groups(parent)?;
        Ok(Share { rights, groups, max_depth: self.depth(depth, parent.max_depth)?, cut })
    }

    fn shape(&self) -> Result<(), Error> {
        let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if self.label.is_empty() || self.label.len() > 64 || !self.label.bytes().all(letter) {
            return Err(Error::Request("`label` is 1 to 64 letters, digits and - _ ."));
        }
        if self.ttl_s == Some(0) || self.max_children == Some(0) {
            return Err(Error::Request("`ttl` and `max_children` are at least 1"));
        }
        if self.inherit && (self.rights.is_some() || self.meet) {
            return Err(Error::Request("`inherit` stands instead of `authorization_details`"));
        }
        Ok(())
    }

    fn rights(&self, parent: &Rights) -> Result<(Rights, bool), Error> {
        let Some(asked) = &self.rights else {
            // What is not asked for is not given: an orchestrator that forgets to say has a child
            // that can do nothing, not one that can do everything.
            let all = if self.inherit { parent.clone() } else { Rights::none() };
            return Ok((all, false));
        };
        if !self.meet {
            return Ok((narrower(asked, parent)?, false));
        }
        let asked = read(asked)?;
        let met = asked.meet(parent);
        let cut = asked.leq(&met).is_err();
        Ok((met, cut))
    }

    fn groups(&self, parent: &Grant) -> Result<BTreeSet<GroupName>, Error> {
        let all = parent.groups.last().cloned().unwrap_or_default();
        let Some(asked) = &self.groups else { return Ok(all) };
        let find = |name: &String| {
            let found = all.iter().find(|group| group.as_str() == name).cloned();
            found.ok_or_else(|| Error::Wider("`groups` names one that the parent is not in".into()))
        };
        asked.iter().map(find).collect()
    }

    /// A leaf has nobody below it, so the tree ends with it.
    fn depth(&self, here: u64, most: u64) -> Result<u64, Error> {
        match (self.class, self.max_depth) {
            (Class::Leaf, _) => Ok(here),
            (Class::Bound, None) => Ok(most),
            (Class::Bound, Some(depth)) if (here..=most).contains(&depth) => Ok(depth),
            (Class::Bound, Some(_)) => {
                Err(Error::Limit("`max_depth` is between the child's depth and the parent's bound"))
            }
        }
    }
}

/// Reads rights; what cannot be read is no rights and no error of ours.
pub(crate) fn read(asked: &Value) -> Result<Rights, Error> {
    Rights::parse(asked).map_err(|error| Error::Rights(error.to_string()))
}

/// Reads rights that are to be within others. They are never cut silently: whoever asked would count
/// on what is not there.
pub(crate) fn narrower(asked: &Value, above: &Rights) -> Result<Rights, Error> {
    let asked = read(asked)?;
    asked.leq(above).map_err(|wider| Error::Wider(wider.to_string()))?;
    Ok(asked)
}

fn only_reads(rights: &Rights) -> bool {
    let all = rights.to_json();
    let actions = all.as_array().into_iter().flatten().filter_map(|entry| entry.get("actions"));
    actions.flat_map(|actions| actions.as_array().into_iter().flatten()).all(|one| one == "select")
}
