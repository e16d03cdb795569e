//! Casts that users made: no type of theirs may be met.

use std::sync::Arc;

use catalogue::{Catalogue, FIRST_NORMAL, Relation, TypeInfo};

use crate::{Stand, TARGETS, drafted};

fn stand(casts: &[&str]) -> Stand {
    let mut draft = drafted();
    let columns = [("id", "integer"), ("moods", "public.mood[]"), ("size", "numeric(12,2)")];
    draft.relations.push(Relation::table(20_020, "public", "feelings", &columns));
    draft.types.push(TypeInfo {
        oid: FIRST_NORMAL,
        schema: "public".into(),
        name: "mood".into(),
        kind: 'e',
        fields: Vec::new(),
    });
    draft.casts = casts.iter().map(|&cast| cast.to_owned()).collect();
    let targets = TARGETS.replace("{mode}", "result");
    let open = "@id(\"open\") permit(principal, action, resource);";
    Stand::of(&targets, open, Arc::new(Catalogue::of(draft).unwrap()))
}

#[test]
fn a_type_with_a_cast_of_a_user_s_is_not_met() {
    let told = "type `mood` has a cast made by a user, and may not be met";
    for cast in ["mood AS circle", "circle AS public.mood"] {
        let stand = stand(&[cast]);
        assert_eq!(stand.told("SELECT id FROM feelings"), told, "{cast}");
        assert_eq!(stand.told("SELECT 'good'::mood"), told, "{cast}");
        assert_eq!(stand.told("SELECT id, note FROM orders WHERE id::text = 'x'"), "", "{cast}");
    }
    assert_eq!(stand(&["numeric AS mood"]).verdict("SELECT salary FROM people"), "cast");
}

#[test]
fn without_such_casts_the_type_is_like_any_other() {
    let stand = stand(&[]);
    assert_eq!(stand.told("SELECT id, moods FROM feelings WHERE 'good'::mood = ANY (moods)"), "");
}
