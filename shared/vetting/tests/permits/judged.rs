//! What may be done with a tagged column, tag by tag.

use crate::Stand;

#[test]
fn a_tag_that_nobody_may_mention_is_refused_by_its_column_s_name() {
    let stand = Stand::new("source", "@use(\"ssn:deny\")");
    for text in [
        "SELECT ssn FROM people",
        "SELECT id FROM people WHERE ssn = 'x'",
        "SELECT count(ssn) FROM people",
        "SELECT id FROM (SELECT id, ssn || 'x' AS y FROM people) AS s",
        "SELECT p FROM people AS p",
    ] {
        let told = "column `ssn` is tagged and may not be used; leave it out";
        assert_eq!(stand.told(text), told, "{text}");
    }
    assert_eq!(stand.told("SELECT id, salary FROM people WHERE salary > 1"), "");
    // What a sub-select hands on and nobody takes is not mentioned.
    assert_eq!(stand.told("SELECT id FROM (SELECT id, ssn FROM people) AS s"), "");
}

#[test]
fn a_tag_that_stands_alone_is_refused_everywhere_else() {
    let stand = Stand::new("source", "@use(\"ssn:bare\")");
    assert_eq!(stand.verdict("SELECT ssn FROM people"), "ok");
    assert_eq!(stand.verdict("SELECT age FROM people WHERE age > 1"), "ok");
    for text in [
        "SELECT upper(ssn) FROM people",
        "SELECT id FROM people ORDER BY ssn",
        "SELECT DISTINCT ssn FROM people",
        "SELECT id FROM people GROUP BY id HAVING max(ssn) > 'a'",
    ] {
        assert_eq!(stand.verdict(text), "tagged", "{text}");
    }
    // What it is written into is no use of its value.
    assert_eq!(Stand::new("result", "").verdict("UPDATE people SET ssn = 'x' WHERE id = 1"), "ok");
}

#[test]
fn a_system_column_of_a_tagged_relation_is_refused_by_its_name() {
    for mode in ["source", "result"] {
        let stand = Stand::new(mode, "");
        for column in ["ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"] {
            let told = format!("system column `{column}` is not permitted with a tagged relation");
            assert_eq!(stand.told(&format!("SELECT {column} FROM people")), told, "{mode}");
            assert_eq!(stand.told(&format!("SELECT {column} FROM orders")), "", "{mode}");
        }
    }
}

#[test]
fn a_whole_row_is_refused_where_it_is_not_masked_before() {
    let told = "`people` stands for whole rows of a tagged relation; name the columns wanted";
    assert_eq!(Stand::new("result", "").told("SELECT p FROM people AS p"), told);
    assert_eq!(Stand::new("result", "").told("SELECT o FROM orders AS o"), "");
    assert_eq!(Stand::new("source", "").told("SELECT p FROM people AS p"), "");
}

#[test]
fn writes_and_explanations_go_by_the_strictest_rules() {
    let stand = Stand::new("source", "@mask(\"ssn:bare\")");
    assert_eq!(stand.verdict("DELETE FROM people WHERE ssn = 'x'"), "tagged");
    assert_eq!(
        stand.verdict("UPDATE orders SET note = 'x' FROM people p WHERE p.ssn = note"),
        "tagged"
    );
    assert_eq!(stand.verdict("DELETE FROM people WHERE id = 1"), "ok");
    assert_eq!(stand.verdict("EXPLAIN SELECT id FROM people"), "explained");
    assert_eq!(stand.verdict("EXPLAIN SELECT id FROM orders"), "ok");
}

#[test]
fn a_definition_takes_people_who_agree() {
    let create = "CREATE TABLE fresh (id integer)";
    let told = "`CREATE TABLE` needs people's approval, and policy names nobody to give it";
    assert_eq!(Stand::new("result", "").told(create), told);
    let stand = Stand::new("result", "@approvers(\"1 of dba\")");
    assert_eq!(stand.told(create), "");
    let told = "`public.people` is tagged; what it consists of is not changed through here";
    assert_eq!(stand.told("ALTER TABLE people ADD COLUMN x text"), told);
    assert_eq!(stand.verdict("DROP TABLE staff"), "defined", "it shares rows with it");
}
