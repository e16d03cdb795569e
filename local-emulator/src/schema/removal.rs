//! The script that takes a masked schema back: what was made here, and nothing else.

use super::{
    Error, Names,
    names::{full, quoted},
    script::{Script, begin},
    survey::Made,
};

/// The script for what is there.
pub(super) fn of(names: &Names, made: &Made) -> Result<Script, Error> {
    let mut script = Script::default();
    script.say(&format!("Takes back what was made for profile {}.", names.profile));
    script.say("Rights on the tables that were taken from roles are not given back.");
    if !made.owner {
        script.say("There is nothing to take back.");
        return Ok(script);
    }
    let owner = quoted(&names.owner);
    begin(&mut script);
    if !made.superuser {
        script.run(format!("GRANT {owner} TO CURRENT_USER"));
    }
    if made.schema || made.keys {
        script.run(format!("SET LOCAL ROLE {owner}"));
    }
    if made.schema {
        script.say("The views. One that something else rests on is not dropped, and ends this.");
        for view in made.views.keys() {
            script.run(format!("DROP VIEW {}", full(&names.schema, view)));
        }
        script.run(format!("DROP SCHEMA {}", quoted(&names.schema)));
    }
    if made.keys {
        script.say("The key.");
        script.run(format!("DROP TABLE IF EXISTS {}", full(&names.keys, "token")));
        script.run(format!("DROP SCHEMA {}", quoted(&names.keys)));
    }
    if made.schema || made.keys {
        script.run("RESET ROLE");
    }
    let given = made.given.iter().filter(|on| !within(names, on));
    script.say("Their owner.");
    for on in given {
        script.run(format!("REVOKE ALL ON {on} FROM {owner}"));
    }
    if made.elsewhere {
        script.say("It stays: it has something in another database.");
    } else {
        script.run(format!("DROP ROLE {owner}"));
    }
    script.say("All of it or nothing.");
    script.run("COMMIT");
    Ok(script)
}

/// Whether it goes with its schema.
fn within(names: &Names, on: &str) -> bool {
    [&names.schema, &names.keys].into_iter().any(|schema| {
        on == format!("SCHEMA {schema}") || on.starts_with(&format!("TABLE {schema}."))
    })
}
