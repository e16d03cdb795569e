//! Rights that name columns: what an agent may ask for, relation by relation.

use crate::{Stand, door};

/// The kind of the refusal for an agent with rights to these objects, or `ok`.
fn verdict(objects: &[&str], text: &str) -> &'static str {
    let looked = Stand::new("result", "").look_by(door::agent(objects), text, &[]);
    let vetted = looked.and_then(|looked| vetting::vet(looked, None, false));
    vetted.map_or_else(|error| error.kind(), |_| "ok")
}

#[test]
fn columns_in_the_rights_are_held_against_those_of_their_own_relation() {
    let objects = ["public.orders.id", "hr.pay.amount"];
    for text in [
        "SELECT id FROM orders",
        "SELECT count(*) FROM orders",
        "SELECT amount FROM hr.pay",
        "SELECT amount FROM hr.pay JOIN orders o ON amount > o.id",
        "UPDATE orders SET id = 2 WHERE id = 1",
        "UPDATE orders SET id = 2 FROM hr.pay WHERE amount = 1",
    ] {
        assert_eq!(verdict(&objects, text), "ok", "{text}");
    }
    for text in [
        "SELECT note FROM orders",
        "SELECT id FROM orders WHERE note = 'x'",
        "SELECT id FROM hr.pay",
        "SELECT o FROM orders o",
        "SELECT id FROM names",
        "UPDATE orders SET note = 'x' WHERE id = 1",
        "UPDATE orders SET id = 2 FROM hr.pay p WHERE p.id = 1",
    ] {
        assert_eq!(verdict(&objects, text), "policy", "{text}");
    }
}

#[test]
fn rows_are_deleted_whole_and_what_is_read_beside_them_is_not() {
    let text = "DELETE FROM orders WHERE id = 1";
    assert_eq!(verdict(&["public.orders.id"], text), "policy");
    assert_eq!(verdict(&["public.orders.id", "public.orders.note"], text), "policy");
    assert_eq!(verdict(&["public.orders"], text), "ok");
    let beside = "DELETE FROM orders USING hr.pay WHERE amount = 1";
    assert_eq!(verdict(&["public.orders", "hr.pay.amount"], beside), "ok");
    assert_eq!(verdict(&["public.orders", "hr.pay.id"], beside), "policy");
}
