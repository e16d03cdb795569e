//! What the server said of a role: as a sentence, and as the SQL that puts it right.

use std::collections::BTreeMap;

use tokio_postgres::{Error, Row};

use super::{Check, Fault};

/// One row of an answer. Names are quoted as they have to be in SQL.
pub(super) struct Found {
    check: Check,
    /// What kind of object it is about, as GRANT and ALTER call it.
    kind: String,
    object: String,
    privilege: String,
    /// Who has the privilege, or through which role the attribute is had; nobody for itself.
    who: Option<String>,
    /// Who granted that.
    by: Option<String>,
    role: String,
    /// The server's major version.
    major: i32,
}

impl Found {
    /// Nothing for the row that says that there is nothing.
    pub(super) fn read(row: &Row) -> Result<Option<Self>, Error> {
        let Some(word) = row.try_get::<_, Option<String>>(0)? else { return Ok(None) };
        let text = |at| Ok::<_, Error>(row.try_get::<_, Option<String>>(at)?.unwrap_or_default());
        Ok(Some(Self {
            check: Check::ALL.into_iter().find(|c| c.name() == word).unwrap_or(Check::Unknown),
            kind: text(1)?,
            object: text(2)?,
            privilege: text(3)?,
            who: row.try_get(4)?,
            by: row.try_get(5)?,
            role: row.try_get(6)?,
            major: row.try_get(7)?,
        }))
    }

    fn says(&self) -> String {
        let Self { object, privilege, role, .. } = self;
        let kind = self.kind.to_lowercase();
        match self.check {
            Check::CreateInDatabase => {
                format!("`{role}` may create schemas in database `{object}`")
            }
            Check::CreateInSchema => {
                format!("`{role}` may create relations and functions in schema `{object}`")
            }
            Check::Owner => match &self.who {
                None => format!("`{role}` owns {kind} `{object}` and may do with it as it likes"),
                Some(_) => format!("`{role}` belongs to the owner of {kind} `{object}`"),
            },
            Check::Predefined => {
                format!("`{role}` belongs to `{object}`, a role for administrators")
            }
            Check::Raw => format!("`{role}` may read `{object}` beside the views that mask it"),
            Check::Temporary => format!("`{role}` may create temporary tables in `{object}`"),
            Check::Unknown => NOTHING.to_owned(),
            Check::Version => {
                format!("the server is of version {object}, which is newer than our grammar")
            }
            Check::Write => {
                format!("`{role}` may {privilege} on `{object}`, where only reads are meant")
            }
            other => {
                let attribute = other.attribute().unwrap_or_default();
                match &self.who {
                    None => format!("`{role}` has the attribute {attribute}"),
                    Some(_) => format!("`{role}` belongs to `{object}`, which has {attribute}"),
                }
            }
        }
    }

    fn sql(&self) -> Option<String> {
        let Self { kind, object, privilege, role, .. } = self;
        match (self.check, &self.who) {
            (Check::Unknown | Check::Version, _) => None,
            (Check::Owner, None) => Some(owned(kind, object, role)),
            (Check::Owner | Check::Predefined, Some(via)) => Some(self.leave(via)),
            (check, who) => match (check.attribute(), who) {
                (Some(attribute), None) => Some(format!("ALTER ROLE {role} NO{attribute};")),
                (Some(_), Some(via)) => Some(self.leave(via)),
                // Only who granted it takes it back, or else whoever acts for the owner.
                (None, Some(who)) => {
                    let revoke = format!("REVOKE {privilege} ON {kind} {object} FROM {who};");
                    Some(match &self.by {
                        None => revoke,
                        Some(by) => format!("SET ROLE {by}; {revoke} RESET ROLE;"),
                    })
                }
                (None, None) => None,
            },
        }
    }

    /// Ends a membership. From version 16 on there may be several of the same, each by its grantor.
    fn leave(&self, via: &str) -> String {
        let role = &self.role;
        match &self.by {
            Some(by) if self.major >= 16 => format!("REVOKE {via} FROM {role} GRANTED BY {by};"),
            _ => format!("REVOKE {via} FROM {role};"),
        }
    }
}

/// Gives what is owned to the administrator who runs it. What a role had as an owner it has to be
/// granted afterwards; it is for its target's database only that it surely needs something.
fn owned(kind: &str, object: &str, role: &str) -> String {
    let given = |kind: &str| format!("ALTER {kind} {object} OWNER TO CURRENT_USER;");
    match kind {
        "COMPOSITE TYPE" => given("TYPE"),
        "DATABASE" => format!("{} GRANT CONNECT ON DATABASE {object} TO {role};", given(kind)),
        "AGGREGATE" | "DOMAIN" | "FOREIGN TABLE" | "FUNCTION" | "MATERIALIZED VIEW"
        | "PROCEDURE" | "SCHEMA" | "SEQUENCE" | "TABLE" | "TYPE" | "VIEW" => given(kind),
        _ => format!("REASSIGN OWNED BY {role} TO CURRENT_USER;"),
    }
}

/// One fault for each sentence; of several ways to the same power, all are closed.
///
/// INVARIANT: no answer at all is a fault.
pub(super) fn faults(found: &[Found], silent: bool) -> Vec<Fault> {
    let mut faults: BTreeMap<(Check, String), Vec<String>> = BTreeMap::new();
    if silent {
        faults.insert((Check::Unknown, NOTHING.into()), Vec::new());
    }
    for one in found {
        let sql = faults.entry((one.check, one.says())).or_default();
        sql.extend(one.sql().filter(|statement| !sql.contains(statement)));
    }
    faults.into_iter().map(|((check, says), sql)| Fault { check, says, sql }).collect()
}

const NOTHING: &str = "nothing could be found out about the role";
