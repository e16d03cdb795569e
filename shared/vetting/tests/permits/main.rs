//! Vetting under a permit: what policy says of tags, and what is sent in place of a statement.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what fails here has failed the test"
)]

mod again;
mod casts;
mod defined;
mod door;
mod facts;
mod judged;
mod kin;
mod planned;
mod rights;
mod words;

use std::sync::{Arc, LazyLock};

use catalogue::{Catalogue, Draft, Kind, Relation, RestsOn};
use identity::{Chain, Verified};
use policy::{Policies, SourceFile, Targets};
use request::{Params, Statement, TargetName};
use serde_json::Value;
use vetting::{Error, Looked, Vetted};

/// A target in this mode, and what is permitted there.
struct Stand {
    policies: Arc<Policies>,
    catalogue: Arc<Catalogue>,
}

impl Stand {
    /// With these annotations on the one policy, which permits everything.
    fn new(mode: &str, annotations: &str) -> Self {
        Self::with(
            mode,
            &format!("@id(\"open\") {annotations} permit(principal, action, resource);"),
        )
    }

    fn with(mode: &str, policies: &str) -> Self {
        let text = TARGETS.replace("{mode}", mode);
        Self::of(&text, policies, Arc::clone(&CATALOGUE))
    }

    fn of(targets: &str, policies: &str, catalogue: Arc<Catalogue>) -> Self {
        let targets =
            Targets::parse("targets.toml", targets, &|_| Some("certificate".into())).unwrap();
        let file = SourceFile { name: "policies.cedar".into(), text: policies.into() };
        Self { policies: Arc::new(Policies::load(targets, &[file]).unwrap()), catalogue }
    }

    fn look(&self, text: &str, params: &[Value]) -> Result<Looked, Error> {
        self.look_by(door::known(), text, params)
    }

    fn look_by(&self, who: Verified<Chain>, text: &str, params: &[Value]) -> Result<Looked, Error> {
        let name = TargetName::new("shop").unwrap();
        let permit = policy::admit(who, &name, &self.policies).unwrap();
        let params = Params::new(params.to_vec()).unwrap();
        vetting::look(Statement::new(text).unwrap(), params, permit, &self.catalogue)
    }

    fn vet(&self, text: &str) -> Result<Vetted<Statement>, Error> {
        vetting::vet(self.look(text, &[])?, None, false)
    }

    /// What is sent.
    fn sent(&self, text: &str) -> String {
        self.vet(text).map_or_else(|error| error.to_string(), |vetted| vetted.sent().to_owned())
    }

    /// What the caller is told who is refused; nothing for who is not.
    fn told(&self, text: &str) -> String {
        self.vet(text).err().map(|error| error.told()).unwrap_or_default()
    }

    /// The kind of the refusal, or `ok`.
    fn verdict(&self, text: &str) -> &'static str {
        self.vet(text).map_or_else(|error| error.kind(), |_| "ok")
    }
}

/// The database that all of these statements are for.
static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::of(drafted()).unwrap()));

fn drafted() -> Draft {
    let mut draft = vetting::draft("public");
    let table =
        |oid, schema, name, columns: &[(&str, &str)]| Relation::table(oid, schema, name, columns);
    let people = [
        ("id", "integer"),
        ("name", "text"),
        ("ssn", "text"),
        ("salary", "numeric"),
        ("age", "integer"),
    ];
    draft.relations = vec![
        table(20_001, "public", "people", &people),
        table(20_002, "public", "orders", &[("id", "integer"), ("note", "text")]),
        table(20_003, "public", "staff", &[("id", "integer"), ("SSN", "text"), ("badge", "text")]),
        table(20_005, "public", "Mixed", &[("id", "integer"), ("Ssn", "text")]),
        table(20_004, "hr", "pay", &[("id", "integer"), ("amount", "numeric")]),
        view(20_010, "names", &[(20_001, 1), (20_001, 2)]),
        view(20_011, "secrets", &[(20_001, 3)]),
        view(20_012, "again", &[(20_011, 2)]),
        view(20_013, "whole", &[(20_001, 0)]),
        view(20_014, "gone", &[(20_099, 1)]),
        view(20_015, "calling", &[(20_002, 1)]),
        view(20_016, "called", &[(20_015, 1)]),
        view(20_017, "built_in", &[(20_002, 1)]),
    ];
    for relation in &mut draft.relations {
        match relation.name.as_str() {
            "staff" => relation.parents = vec![20_001],
            "calling" => relation.calls = vec![catalogue::FIRST_NORMAL],
            "built_in" => relation.calls = vec![catalogue::FIRST_NORMAL - 1],
            _ => {}
        }
    }
    draft
}

/// A view of two columns, `id` and `ssn`, that rests on these.
fn view(oid: u32, name: &str, rests_on: &[(u32, i16)]) -> Relation {
    let rests_on = rests_on.iter().map(|&(relation, column)| RestsOn { relation, column });
    Relation {
        kind: Kind::View,
        rests_on: rests_on.collect(),
        ..Relation::table(oid, "public", name, &[("id", "integer"), ("ssn", "text")])
    }
}

const TARGETS: &str = r#"
    [targets.shop]
    kind = "postgres"
    host = "shop.example"
    database = "shop"
    authority = "ca.pem"
    secret = "login"
    mask = "{mode}"
    mask_key = "key"
    [targets.shop.tags."public.people"]
    ssn = "ssn"
    salary = "pay"
    age = "age"
"#;
