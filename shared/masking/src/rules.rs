//! Which treatment each column of a result gets, by where its target masks and where it comes from.

use std::{collections::BTreeMap, sync::Arc};

use credentials::MaskKey;
use policy::{Mask, Mode, Tags, Target};
use request::Statement;
use vetting::{Relation, Vetted};

use crate::{Cell, Column, Error, Origin, mark, treatment::Treatment};

/// What is known of a statement's result before it is there.
pub(crate) struct Rules {
    mode: Mode,
    tags: Tags,
    masks: BTreeMap<String, Mask>,
    tagged_in_scope: bool,
    /// For each column of the result, whether the statement makes it of hidden values.
    hidden: Vec<bool>,
    pub(crate) key: Option<Arc<MaskKey>>,
}

impl Rules {
    /// Those of this statement's permit.
    pub(crate) fn of(vetted: &Vetted<Statement>) -> Self {
        let (permit, reading) = (vetted.permit(), vetted.reading());
        let mut tags = loose(permit.target());
        for (relation, columns) in &reading.tagged {
            let columns = columns.iter().map(|(name, tag)| (name.to_lowercase(), tag.clone()));
            tags.entry(relation.to_lowercase()).or_default().extend(columns);
        }
        let words = tags.values().flat_map(BTreeMap::values);
        let masks = words.map(|tag| (tag.clone(), permit.duties().mask(tag))).collect();
        Self {
            // Not the target's: a write is masked in its result, wherever reads are.
            mode: reading.mode,
            tags,
            masks,
            tagged_in_scope: reading.tagged_in_scope,
            hidden: reading.masked_outputs.clone(),
            key: None,
        }
    }

    /// The treatment of the column in this place, and whether its values are masked ones.
    ///
    /// # Errors
    /// [`Error::Tripwire`]: it comes straight from a column that should have been masked before.
    pub(crate) fn treatment(&self, at: usize, column: &Column) -> Result<(Treatment, bool), Error> {
        let hidden = self.hidden.get(at).copied().unwrap_or_default();
        match self.mode {
            Mode::Result => {
                let treatment = self.provenance(column, hidden);
                let masked = treatment.hides();
                Ok((treatment, masked))
            }
            Mode::Schema | Mode::Source => Ok((self.masked_before(column, hidden)?, hidden)),
        }
    }

    /// Whether the cell is a mark or token of one of the target's tags and nothing else, so that there
    /// is nothing left in it to find.
    pub(crate) fn is_mask(&self, cell: &Cell<'_>) -> bool {
        let Cell::Text(text) = cell else { return false };
        self.mode != Mode::Result && mark::tag(text).is_some_and(|tag| self.masks.contains_key(tag))
    }

    fn provenance(&self, column: &Column, hidden: bool) -> Treatment {
        match (&column.origin, self.tagged(&column.origin)) {
            (_, Some((tag, mask))) => Treatment::of(mask, tag, &column.kind, self.key.as_ref()),
            // A relation that is tagged by kinship has no tag here, and no origin says least.
            (Origin::Bare { .. }, None) if hidden => Treatment::unknown(),
            (Origin::Unknown, None) if hidden || self.tagged_in_scope => Treatment::unknown(),
            (_, None) => Treatment::Detect,
        }
    }

    fn masked_before(&self, column: &Column, hidden: bool) -> Result<Treatment, Error> {
        match (&column.origin, self.tagged(&column.origin)) {
            (_, Some((_, Mask::Bare))) => Ok(Treatment::Bare),
            // INVARIANT: what the target masks is an expression there, and so has no origin.
            (_, Some(_)) => Err(Error::Tripwire),
            (Origin::Bare { .. }, None) if hidden => Err(Error::Tripwire),
            (_, None) => Ok(Treatment::Detect),
        }
    }

    /// The tag of the column that it is, and how that is shown.
    fn tagged(&self, origin: &Origin) -> Option<(&str, Mask)> {
        let Origin::Bare { relation, column } = origin else { return None };
        let tag = self.tags.get(&relation.to_lowercase())?.get(&column.to_lowercase())?;
        Some((tag, self.masks.get(tag).copied().unwrap_or(Mask::Redact)))
    }
}

/// The tags by names as vetting compares them: read as PostgreSQL does, and without regard to case.
fn loose(target: &Target) -> Tags {
    let mut tags = Tags::new();
    for (name, columns) in &target.tags {
        // Vetting has refused every statement to a target with a name that cannot be read.
        let relation = Relation::parse(name, &target.schema)
            .map_or_else(|_| name.clone(), |relation| relation.to_string());
        let columns = columns.iter().map(|(column, tag)| (column.to_lowercase(), tag.clone()));
        tags.entry(relation.to_lowercase()).or_default().extend(columns);
    }
    tags
}

#[cfg(test)]
pub(crate) mod tests {
    use policy::Targets;
    use request::TargetName;
    use zeroize::Zeroizing;

    use super::*;

    /// Rules for `public.t` with the tagged columns `open` (bare), `shut` and `ssn` (tokens).
    pub(crate) fn rules(mode: Mode, hidden: &[bool]) -> Rules {
        let columns = ["open", "shut", "ssn"].map(|name| (name.to_owned(), name.to_owned()));
        let masks = [("open", Mask::Bare), ("shut", Mask::Token), ("ssn", Mask::Token)]
            .map(|(tag, mask)| (tag.to_owned(), mask));
        Rules {
            mode,
            tags: [("public.t".to_owned(), columns.into())].into(),
            masks: masks.into(),
            tagged_in_scope: true,
            hidden: hidden.to_vec(),
            key: Some(Arc::new(MaskKey::new(Zeroizing::new([7; 32])))),
        }
    }

    pub(crate) fn from(relation: &str, column: &str) -> Column {
        let origin = Origin::Bare { relation: relation.into(), column: column.into() };
        Column { name: column.into(), kind: "text".into(), origin }
    }

    pub(crate) fn made() -> Column {
        Column { name: "made".into(), kind: "text".into(), origin: Origin::Unknown }
    }

    /// One word for what is done to a column, and whether it is said to be masked.
    fn done(mode: Mode, hidden: bool, column: &Column) -> Result<(&'static str, bool), Error> {
        let (treatment, masked) = rules(mode, &[hidden]).treatment(0, column)?;
        let word = match treatment {
            Treatment::Bare => "bare",
            Treatment::Detect => "detect",
            Treatment::Hide(_) => "hide",
        };
        Ok((word, masked))
    }

    #[test]
    fn a_result_is_masked_by_where_each_column_comes_from() {
        let done = |hidden, column| done(Mode::Result, hidden, &column).unwrap();
        assert_eq!(done(true, from("public.t", "shut")), ("hide", true));
        assert_eq!(done(false, from("public.t", "shut")), ("hide", true));
        assert_eq!(done(false, from("public.t", "open")), ("bare", false));
        assert_eq!(done(false, from("public.t", "id")), ("detect", false));
        assert_eq!(done(false, made()), ("hide", true));
    }

    #[test]
    fn a_column_that_is_tagged_by_kinship_is_masked_whole() {
        let partition = from("public.t_2026", "shut");
        assert_eq!(done(Mode::Result, true, &partition), Ok(("hide", true)));
    }

    #[test]
    fn what_the_target_masked_is_looked_at_by_detectors_only() {
        for mode in [Mode::Schema, Mode::Source] {
            assert_eq!(done(mode, true, &made()), Ok(("detect", true)));
            assert_eq!(done(mode, false, &made()), Ok(("detect", false)));
            assert_eq!(done(mode, false, &from("public.t", "id")), Ok(("detect", false)));
            assert_eq!(done(mode, false, &from("public.t", "open")), Ok(("bare", false)));
        }
    }

    #[test]
    fn a_tagged_column_that_comes_back_unmasked_is_withheld() {
        for mode in [Mode::Schema, Mode::Source] {
            for hidden in [true, false] {
                let loud = from("Public.T", "SHUT");
                assert_eq!(done(mode, hidden, &loud), Err(Error::Tripwire));
            }
            let partition = from("public.t_2026", "shut");
            assert_eq!(done(mode, true, &partition), Err(Error::Tripwire));
        }
    }

    #[test]
    fn a_mask_is_one_only_with_a_tag_of_the_target() {
        let is_mask = |mode, text: &str| rules(mode, &[]).is_mask(&Cell::Text(text.into()));
        let token = |tag| mark::token(tag, &[9; 32]);
        assert!(is_mask(Mode::Source, "[masked:shut]"));
        assert!(is_mask(Mode::Source, &token("shut")));
        assert!(!is_mask(Mode::Source, &token("4111111111111111")));
        assert!(!is_mask(Mode::Source, "[masked:ada@example.com]"));
        assert!(!is_mask(Mode::Result, "[masked:shut]"));
    }

    #[test]
    fn the_target_s_tags_are_known_by_plain_names_in_small_letters() {
        let text = r#"
            [targets.shop]
            kind = "postgres"
            host = "shop.example"
            database = "shop"
            authority = "ca.pem"
            secret = "login"
            [targets.shop.tags."sales.people"]
            Mail = "email"
            [targets.shop.tags.'"hr"."pay"']
            amount = "pay"
        "#;
        let targets = Targets::parse("targets.toml", text, &|_| Some("x".into())).unwrap();
        let tags = loose(targets.find(&TargetName::new("shop").unwrap()).unwrap());
        let tagged = |relation: &str, column: &str| tags[relation][column].as_str();
        assert_eq!(tagged("sales.people", "mail"), "email");
        assert_eq!(tagged("hr.pay", "amount"), "pay");
        assert_eq!(tags.len(), 2);
    }
}
