//! The policies in force: parsed, validated strictly, their annotations read, once at start.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{
    Authorizer, Effect, Policy, PolicyId, PolicySet, ResourceConstraint, Schema, ValidationMode,
    Validator,
};
use miette::Diagnostic as _;
use request::{Digest, Mistake, Mistakes, TargetName};
use serde_json::Value;

use crate::{ask::Kinds, said::Said, target::Targets};

/// A configuration file: its name, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The name that mistakes are told under.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// Targets and policies, ready to be asked. Holding one is proof that everything in it validated.
pub struct Policies {
    pub(crate) targets: Targets,
    pub(crate) set: PolicySet,
    pub(crate) schema: Schema,
    pub(crate) said: BTreeMap<String, Said>,
    pub(crate) authorizer: Authorizer,
    pub(crate) kinds: Kinds,
    /// For each policy that asks for `estimated_rows`, the one target it is for; `None` for any.
    estimated: Vec<Option<String>>,
    digest: Digest,
}

impl Policies {
    /// Parses and validates Cedar files against the built-in schema.
    ///
    /// # Errors
    /// Every mistake in every file, at once: syntax, a policy without `@id` or with one that is
    /// taken, an annotation nobody knows, a policy that does not hold under strict validation, or no
    /// policy at all.
    pub fn load(targets: Targets, files: &[SourceFile]) -> Result<Self, Mistakes> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA)
            .map_err(|error| whole("schema", error.to_string()))?;
        let mut set = PolicySet::new();
        let mut said = BTreeMap::new();
        let mut mistakes = Vec::new();
        for file in files {
            read(file, &mut set, &mut said, &mut mistakes);
        }
        if mistakes.is_empty() {
            validate(&schema, &set, files, &mut mistakes);
        }
        if mistakes.is_empty() && set.is_empty() {
            return Err(whole(
                "policies",
                "there is no policy, so that nothing would be permitted".into(),
            ));
        }
        if !mistakes.is_empty() {
            return Err(Mistakes(mistakes));
        }
        let digest = digest(&targets, files);
        let asking = set.policies().filter(|policy| names(policy, "estimated_rows"));
        let estimated = asking.map(only_target).collect();
        let kinds = Kinds::new().map_err(|error| whole("schema", error.to_string()))?;
        let authorizer = Authorizer::new();
        Ok(Self { targets, set, schema, said, authorizer, kinds, estimated, digest })
    }

    /// The digest of everything that decides: schema, policies and targets. It stands in every record.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Whether a policy about this target asks for `estimated_rows`, so that it has to be asked for
    /// them.
    #[must_use]
    pub fn wants_estimate(&self, target: &TargetName) -> bool {
        let about =
            |only: &Option<String>| only.as_deref().is_none_or(|only| only == target.as_str());
        self.estimated.iter().any(about)
    }

    /// The targets.
    #[must_use]
    pub fn targets(&self) -> &Targets {
        &self.targets
    }
}

const SCHEMA: &str = include_str!("schema.cedarschema");

fn whole(file: &str, text: String) -> Mistakes {
    Mistakes(vec![Mistake { file: file.into(), line: 0, text }])
}

fn digest(targets: &Targets, files: &[SourceFile]) -> Digest {
    let targets: Vec<String> = targets.iter().map(|target| format!("{target:?}")).collect();
    let mut parts: Vec<&[u8]> = vec![SCHEMA.as_bytes()];
    parts.extend(targets.iter().map(String::as_bytes));
    parts.extend(files.iter().map(|file| file.text.as_bytes()));
    Digest::of_parts(&parts)
}

fn read(
    file: &SourceFile,
    set: &mut PolicySet,
    said: &mut BTreeMap<String, Said>,
    mistakes: &mut Vec<Mistake>,
) {
    let parsed: PolicySet = match file.text.parse() {
        Ok(parsed) => parsed,
        Err(errors) => {
            let errors: cedar_policy::ParseErrors = errors;
            mistakes.extend(errors.iter().map(|error| {
                let label = error.labels().and_then(|mut labels| labels.next());
                let offset = label.map_or(0, |label| label.offset());
                Mistake::at(&file.name, &file.text, offset, error.to_string())
            }));
            return;
        }
    };
    if parsed.num_of_templates() > 0 {
        mistakes.push(Mistake::at(&file.name, &file.text, 0, "templates are not supported"));
    }
    for policy in parsed.policies() {
        match hear(policy) {
            Ok((id, _)) if said.contains_key(&id) => {
                mistakes.push(place(file, &id, "is taken".into()))
            }
            Ok((id, duties)) => {
                if let Err(error) = set.add(policy.new_id(PolicyId::new(&id))) {
                    mistakes.push(place(file, &id, error.to_string()));
                }
                said.insert(id, duties);
            }
            Err((id, why)) => mistakes.push(place(file, &id, why)),
        }
    }
}

/// The policy's id and what its annotations say, or what is wrong with them.
fn hear(policy: &Policy) -> Result<(String, Said), (String, String)> {
    let id = policy.annotation("id").unwrap_or_default().to_owned();
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if id.is_empty() || !id.bytes().all(fits) {
        return Err((id, "each policy needs an `@id` of letters, digits and - _ .".into()));
    }
    let mut said = Said::default();
    for (name, value) in policy.annotations() {
        if policy.effect() == Effect::Forbid && !matches!(name, "id" | "describe") {
            return Err((id, format!("`@{name}` on a `forbid` would never be done")));
        }
        said.hear(name, value).map_err(|why| (id.clone(), why))?;
    }
    match said.whole() {
        Ok(said) => Ok((id, said)),
        Err(why) => Err((id, why)),
    }
}

/// Whether the policy may ask for this attribute. Its tree is looked through and not its text, so that
/// comments do not count; one without a tree may ask for anything.
/// The target that the policy's head names; nothing where it may be about others.
fn only_target(policy: &Policy) -> Option<String> {
    match policy.resource_constraint() {
        ResourceConstraint::Eq(target) => Some(target.id().unescaped().to_owned()),
        _ => None,
    }
}

fn names(policy: &Policy, attribute: &str) -> bool {
    policy.to_json().map_or(true, |tree| mentions(&tree, attribute))
}

/// The depth is that of the policy's text, which Cedar's parser bounds.
fn mentions(tree: &Value, attribute: &str) -> bool {
    match tree {
        Value::Array(items) => items.iter().any(|item| mentions(item, attribute)),
        Value::Object(members) => members.iter().any(|(name, value)| {
            name == attribute
                || (name == "attr" && value == attribute)
                || mentions(value, attribute)
        }),
        _ => false,
    }
}

/// A mistake at the line of the policy's `@id`.
fn place(file: &SourceFile, id: &str, why: String) -> Mistake {
    let offset = file.text.find(&format!("@id(\"{id}\")")).unwrap_or(0);
    let who = if id.is_empty() { String::new() } else { format!("policy `{id}`: ") };
    Mistake::at(&file.name, &file.text, offset, format!("{who}{why}"))
}

fn validate(schema: &Schema, set: &PolicySet, files: &[SourceFile], out: &mut Vec<Mistake>) {
    let result = Validator::new(schema.clone()).validate(set, ValidationMode::Strict);
    let mut told = BTreeSet::new();
    // A warning here is an impossible policy or a confusable identifier: neither is meant.
    let errors = result.validation_errors().map(|e| (e.policy_id().to_string(), e.to_string()));
    let warnings = result.validation_warnings().map(|w| (w.policy_id().to_string(), w.to_string()));
    for (id, why) in errors.chain(warnings) {
        if !told.insert((id.clone(), why.clone())) {
            continue;
        }
        let here = format!("@id(\"{id}\")");
        match files.iter().find(|file| file.text.contains(&here)) {
            Some(file) => out.push(place(file, &id, why)),
            None => out.extend(whole("policies", why).0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Policies, Mistakes> {
        let file = SourceFile { name: "p.cedar".into(), text: text.into() };
        Policies::load(Targets::default(), &[file])
    }

    #[test]
    fn a_policy_that_names_an_unknown_attribute_does_not_start() {
        let text = "\n@id(\"a\")\npermit(principal, action == Action::\"connect\", resource)\nwhen { principal.role == \"x\" };";
        let mistakes = load(text).err().unwrap();
        assert!(mistakes.to_string().starts_with("p.cedar:2: policy `a`: "), "{mistakes}");
    }

    #[test]
    fn a_policy_needs_an_id_of_its_own() {
        let one = "permit(principal, action, resource);";
        assert!(load(one).err().unwrap().to_string().contains("needs an `@id`"));
        let two = "@id(\"a\") permit(principal, action, resource);\n@id(\"a\") permit(principal, action, resource);";
        assert!(load(two).err().unwrap().to_string().contains("is taken"));
    }

    #[test]
    fn a_misspelt_duty_does_not_start() {
        let text = "@id(\"a\") @max_row(\"1\") permit(principal, action, resource);";
        assert!(load(text).err().unwrap().to_string().contains("`@max_row` is no duty"));
    }

    #[test]
    fn a_condition_without_approvers_does_not_start() {
        let text = "\n@id(\"a\") @approve_within(\"1h\") permit(principal, action, resource);";
        let mistakes = load(text).err().unwrap().to_string();
        assert!(mistakes.starts_with("p.cedar:2: policy `a`: `@approve_within` "), "{mistakes}");
        let text = "@id(\"a\") @approvers(\"1 of dba\") @run_window(\"22:00-06:00 Mars/Base\")\
                    permit(principal, action, resource);";
        let mistakes = load(text).err().unwrap().to_string();
        assert!(mistakes.contains("policy `a`: `Mars/Base` is no zone"), "{mistakes}");
    }

    #[test]
    fn a_policy_about_one_target_has_no_other_one_asked() {
        let text = "@id(\"a\") permit(principal, action == Action::\"select\", resource == Target::\"shop\") when { context.estimated_rows < 9 };";
        let policies = load(text).unwrap();
        assert!(policies.wants_estimate(&TargetName::new("shop").unwrap()));
        assert!(!policies.wants_estimate(&TargetName::new("payroll").unwrap()));
    }

    #[test]
    fn an_estimate_is_wanted_where_a_policy_asks_for_it() {
        let select = |condition: &str| {
            let head = "@id(\"a\") permit(principal, action == Action::\"select\", resource)";
            let policies = load(&format!("{head} {condition}; // estimated_rows")).unwrap();
            policies.wants_estimate(&TargetName::new("shop").unwrap())
        };
        assert!(!select(""), "a comment asks for nothing");
        assert!(!select("when { context.class == \"estimated_rows\" }"));
        assert!(select("when { context.estimated_rows < 1000 }"));
        assert!(select("when { context has estimated_rows }"));
        assert!(select(
            "when { context[\"estimated_rows\"] < 5 || !(context.estimated_rows > 9) }"
        ));
        assert!(select("unless { context.has_where && [1, context.estimated_rows].contains(2) }"));
    }

    #[test]
    fn every_fact_of_the_schema_can_be_asked_for() {
        let text = "@id(\"a\") permit(principal, action in [Action::\"select\", Action::\"define\", \
                    Action::\"describe\"], resource) when { context.unfiltered.isEmpty() && \
                    !context.uses.contains(\"ssn:filter\") && context.class == \"read\" && \
                    context.resolved.contains(\"public.t.c\") };";
        assert!(load(text).is_ok(), "{}", load(text).err().unwrap());
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let text = "@id(\"a\") @mask(\"x\") permit(principal, action, resource);\n\
                    @id(\"b\") @approvers(\"dba\") permit(principal, action, resource);";
        assert_eq!(load(text).err().unwrap().0.len(), 2);
    }

    #[test]
    fn a_syntax_error_is_told_with_its_line() {
        let mistakes = load("@id(\"a\")\npermit(principal, action resource);").err().unwrap();
        assert!(mistakes.to_string().starts_with("p.cedar:2: "), "{mistakes}");
    }

    #[test]
    fn nothing_starts_without_a_policy() {
        assert!(load("").is_err());
    }
}
