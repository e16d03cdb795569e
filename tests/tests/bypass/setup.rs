//! The two databases that statements are sent to: the clinic with its canaries, and the demo's shop.

use credentials::MaskKey;
use local_emulator::schema::{self, Masks, Names, Order};
use policy::Target;
use request::TargetName;

use crate::{
    corpus,
    leaks::Canaries,
    stand::{KEY, KEY_BYTES, Mode, Side, target},
};

/// The clinic, filled for this side: equal to that of any other side but for its canaries.
pub(crate) async fn clinic(side: &str) -> Clinic {
    let open = target(OPEN, Mode::Result, "clinic_result", "clinic", "");
    let set = format!("SET postern.side = '{side}';");
    made(&set, CLINIC, &open, EVERYBODY, "").await
}

/// The clinic whose masks show something: equal to that of any other side but for canaries, and those
/// agree in what is shown of them.
pub(crate) async fn shown_clinic(side: &str) -> Clinic {
    let set = format!("SET postern.side = '{side}'; SET postern.alike = 'on';");
    let policy = EVERYBODY.replace("@id", &format!("@mask(\"{SHOWN}\") @id"));
    let tags = format!("mask_key = \"{KEY}\"\n{CLINIC}");
    let made = made(&set, &tags, "", &policy, SHOWN).await;
    Clinic { canaries: made.canaries.words(), ..made }
}

/// The clinic where a definition waits for people.
pub(crate) async fn waiting_clinic(side: &str) -> Clinic {
    let set = format!("SET postern.side = '{side}';");
    made(&set, CLINIC, "", &format!("{EVERYBODY}\n{ASKED}"), "").await
}

async fn made(set: &str, tags: &str, more: &str, policy: &str, masks: &str) -> Clinic {
    let schema = std::fs::read_to_string(corpus::root().join("bypass/schema.sql")).unwrap();
    let roles = ["clinic_result", "clinic_source", "clinic_schema"];
    let targets = Mode::ALL.map(|mode| {
        let schema = if mode == Mode::Schema { "masked_clinic" } else { "clinic" };
        target(mode.word(), mode, &format!("clinic_{}", mode.word()), schema, tags)
    });
    let sql = format!("{set}\n{schema}");
    let side = Side::new(&sql, &roles, &(targets.concat() + more), policy).await;
    mask(&side, "clinic", "clinic_schema", masks).await;
    let canaries = Canaries::of(&side.texts(TAGGED).await);
    let clean = side.text(STATE).await;
    Clinic { side, canaries, clean }
}

/// The clinic's database and gate, and what is to be kept in it.
pub(crate) struct Clinic {
    pub(crate) side: Side,
    pub(crate) canaries: Canaries,
    clean: String,
}

impl Clinic {
    /// Whether anything is not as it was made.
    pub(crate) async fn changed(&self) -> bool {
        self.side.text(STATE).await != self.clean
    }

    /// Puts back what a statement was permitted to change.
    pub(crate) async fn restore(&self) {
        self.side.behind.batch_execute(RESTORE).await.unwrap();
        assert!(!self.changed().await, "it cannot be put back");
    }
}

/// A target of the clinic on which nothing is tagged.
pub(crate) const OPEN: &str = "open";

/// The demo's shop as it is, with the tags of its own configuration.
pub(crate) async fn shop() -> Side {
    let roles = ["orders_agent", "shop_schema"];
    let targets = Mode::ALL.map(|mode| {
        let (role, schema) = match mode {
            Mode::Schema => ("shop_schema", "masked_shop"),
            Mode::Result | Mode::Source => ("orders_agent", "public"),
        };
        target(mode.word(), mode, role, schema, SHOP)
    });
    let side = Side::new(SHOP_ROLE, &roles, &targets.concat(), EVERYBODY).await;
    mask(&side, "shop", "shop_schema", "").await;
    side
}

/// What `postern mask apply` does.
async fn mask(side: &Side, profile: &str, role: &str, masks: &str) {
    let name = TargetName::new(Mode::Schema.word()).unwrap();
    let names = Names::of(profile).unwrap();
    let masks = Masks::parse(masks).unwrap();
    let mut target = Target::clone(&side.target(&name));
    // There, a name stands without the quotes that it takes in SQL.
    let tags = std::mem::take(&mut target.tags).into_iter();
    target.tags = tags.map(|(relation, tags)| (unquoted(&relation), tags)).collect();
    let order =
        Order { target: &target, names: &names, base: None, masks: &masks, role: Some(role) };
    let script = schema::make(&side.behind, &order).await.unwrap();
    let key = MaskKey::new(KEY_BYTES.into());
    schema::execute(&side.behind, &script, Some(&key)).await.unwrap();
    side.behind.batch_execute("RESET ALL").await.unwrap();
}

fn unquoted(relation: &str) -> String {
    let name = |part: &str| match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => part.to_owned(),
    };
    relation.split('.').map(name).collect::<Vec<_>>().join(".")
}

/// Everything is permitted to everybody; what is tagged, is redacted.
const EVERYBODY: &str = r#"@id("open") permit(principal, action, resource);"#;

/// People have to agree to every definition.
const ASKED: &str = r#"@id("defined") @approvers("1 of dba")
    permit(principal, action == Action::"define", resource);"#;

/// One of each mask that shows something, and `null`.
const SHOWN: &str = "ssn:last4, code:token, points:round-1000, salary:round-1000, born:year, \
                     doc:null, marks:null, photo:null, home:null, key:null, reading:last4, odd:last4";

/// Every tagged cell, as text.
const TAGGED: &str = "
    SELECT unnest(ARRAY[ssn, code, points::text, salary::text, born::text, doc::text, marks::text,
                        convert_from(photo, 'UTF8'), home::text, key::text]) FROM clinic.people
    UNION ALL SELECT value FROM clinic.readings
    UNION ALL SELECT \"Ssn\" FROM clinic.\"odd \"\"names\"\"\"";

/// A digest of all rows, and of whatever else a statement could leave behind on the server.
const STATE: &str = r#"
    SELECT md5(string_agg(part, E'\n' ORDER BY part)) FROM (
      SELECT 'people ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) AS part FROM ONLY clinic.people t
      UNION ALL SELECT 'staff ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM clinic.staff t
      UNION ALL SELECT 'visits ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM clinic.visits t
      UNION ALL SELECT 'notes ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM clinic.notes t
      UNION ALL SELECT 'ruled ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM clinic.ruled t
      UNION ALL SELECT 'readings ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM clinic.readings t
      UNION ALL SELECT 'odd ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM clinic."odd ""names""" t
      UNION ALL SELECT 'kept ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM clinic.people_kept t
      UNION ALL SELECT 'shop ' || md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM public.customers t
      UNION ALL SELECT 'sequence ' || coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'clinic'
      UNION ALL SELECT 'relations ' || count(*) || ' ' || max(oid::bigint) FROM pg_class WHERE relkind <> 't'
      UNION ALL SELECT 'functions ' || count(*) || ' ' || max(oid::bigint) FROM pg_proc
      UNION ALL SELECT 'columns ' || md5(string_agg(attname, ',' ORDER BY attrelid, attnum)) FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'clinic'::regnamespace
      UNION ALL SELECT 'rights ' || md5(string_agg(c::text, ',' ORDER BY oid)) FROM
        (SELECT oid, relacl FROM pg_class WHERE relnamespace = 'clinic'::regnamespace) c
      UNION ALL SELECT 'roles ' || md5(string_agg(r::text, ',' ORDER BY r.oid)) FROM pg_roles r
      UNION ALL SELECT 'objects ' || count(*) FROM pg_largeobject_metadata
      UNION ALL SELECT 'locks ' || count(*) FROM pg_locks WHERE locktype = 'advisory'
      UNION ALL SELECT 'prepared ' || count(*) FROM pg_prepared_xacts
      UNION ALL SELECT 'settings ' || md5(string_agg(s.setconfig::text, ',' ORDER BY s.setrole)) FROM pg_db_role_setting s
    ) parts"#;

const RESTORE: &str = "
    BEGIN;
    TRUNCATE clinic.people, clinic.staff, clinic.visits, clinic.notes, clinic.ruled, clinic.readings;
    INSERT INTO clinic.people SELECT * FROM kept.people;
    INSERT INTO clinic.staff SELECT * FROM kept.staff;
    INSERT INTO clinic.visits SELECT * FROM kept.visits;
    INSERT INTO clinic.notes SELECT * FROM kept.notes;
    INSERT INTO clinic.ruled SELECT * FROM kept.ruled;
    INSERT INTO clinic.readings SELECT * FROM kept.readings;
    COMMIT";

const CLINIC: &str = r#"
[targets.{target}.tags."clinic.people"]
ssn = "ssn"
code = "code"
points = "points"
salary = "salary"
born = "born"
doc = "doc"
marks = "marks"
photo = "photo"
home = "home"
key = "key"
[targets.{target}.tags."clinic.people_tagged"]
ssn = "ssn"
[targets.{target}.tags."clinic.readings"]
value = "reading"
[targets.{target}.tags.'clinic."odd ""names"""']
ssn = "odd"
"#;

/// As in the demo's configuration.
const SHOP: &str = r#"
[targets.{target}.tags."public.customers"]
card = "card"
email = "email"
phone = "phone"
ssn = "ssn"
[targets.{target}.tags."public.bulk"]
email = "email"
ssn = "ssn"
"#;

const SHOP_ROLE: &str = "
    CREATE ROLE shop_schema LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
    ALTER ROLE shop_schema SET statement_timeout = '30s';
    ALTER ROLE shop_schema SET lock_timeout = '10s';
    ALTER ROLE shop_schema SET idle_in_transaction_session_timeout = '30s';
    GRANT CONNECT ON DATABASE shop TO shop_schema";
