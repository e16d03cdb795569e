//! A profile to try out: people whose columns are tagged in every way, and their masked views.

use credentials::MaskKey;
use local_emulator::{
    doctor::Client,
    schema::{self, Masks, Names, Order, Script},
};

use crate::stand::Stand;

/// One profile over a schema of its own.
pub(crate) struct Made {
    pub(crate) names: Names,
    pub(crate) base: String,
    pub(crate) role: String,
    pub(crate) masks: &'static str,
    pub(crate) tags: String,
}

impl Made {
    /// Fills a schema `raw_<profile>` and gives a new role all of it, as is usual before.
    pub(crate) async fn prepare(stand: &Stand, profile: &str, tables: &str) -> Self {
        let (names, base) = (Names::of(profile).unwrap(), format!("raw_{profile}"));
        let role = stand.role().await;
        stand.run(&format!("CREATE SCHEMA {base}; SET search_path = {base}; {tables}")).await;
        stand
            .run(&format!(
                "GRANT USAGE ON SCHEMA {base} TO {role}; \
                 GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {base} TO {role}; \
                 ALTER ROLE {role} SET search_path = {}",
                names.schema
            ))
            .await;
        let tags = TAGS.replace("{base}", &base);
        Self { names, base, role, masks: MASKS, tags }
    }

    pub(crate) async fn script(&self, stand: &Stand) -> Result<Script, schema::Error> {
        self.script_as(stand, &stand.admin().await).await
    }

    /// The script that this administrator would execute.
    pub(crate) async fn script_as(
        &self,
        stand: &Stand,
        admin: &Client,
    ) -> Result<Script, schema::Error> {
        let target = stand.target(&format!("schema = \"{}\"\n{}", self.base, self.tags));
        let masks = Masks::parse(self.masks).unwrap();
        let (names, role) = (&self.names, Some(self.role.as_str()));
        let order = Order { target: &target, names, base: None, masks: &masks, role };
        schema::make(admin, &order).await
    }

    pub(crate) async fn apply(&self, stand: &Stand) {
        let script = self.script(stand).await.unwrap();
        let admin = stand.admin().await;
        schema::execute(&admin, &script, Some(&key())).await.unwrap_or_else(|e| panic!("{e}"));
    }

    pub(crate) async fn remove(&self, stand: &Stand) {
        let admin = stand.admin().await;
        let script = schema::remove(&admin, &self.names).await.unwrap();
        schema::execute(&admin, &script, None).await.unwrap_or_else(|e| panic!("{e}"));
    }

    pub(crate) async fn end(&self, stand: &Stand) {
        stand.run(&format!("DROP SCHEMA {} CASCADE", self.base)).await;
        stand.drop_role(&self.role).await;
    }
}

pub(crate) fn key() -> MaskKey {
    MaskKey::new(KEY.into())
}

pub(crate) const KEY: [u8; 32] = *b"\x01\xffcanary-of-a-mask-key:32-bytes.";

pub(crate) const MASKS: &str = "ssn:redact, card:last4, email:token, phone:null, born:year, pay:round-1000, \
                     level:round-10, acct:token, note:fpe, blob:redact, code:last4";

pub(crate) const TAGS: &str = "[targets.shop.tags.\"{base}.people\"]
ssn = \"ssn\"
card = \"card\"
email = \"email\"
phone = \"phone\"
born = \"born\"
born_at = \"born\"
pay = \"pay\"
level = \"level\"
account = \"acct\"
number = \"acct\"
note = \"note\"
blob = \"blob\"
list = \"blob\"
code = \"code\"
'we\"ird' = \"ssn\"
";

/// A table with a child, whose columns are tagged as its own, and one that nothing is tagged of.
pub(crate) const PEOPLE: &str = "\
CREATE TABLE people (id int PRIMARY KEY, name text, ssn text, card varchar(40), email text, phone text,
  note text, born date, born_at timestamptz, pay numeric(12, 2), level smallint, account uuid,
  number int, blob bytea, list text[], code varchar(5), \"We\"\"ird\" text,
  computed text GENERATED ALWAYS AS (upper(ssn)) STORED);
CREATE TABLE people_archive (since date) INHERITS (people);
CREATE TABLE orders (id int, person int);";
