//! The child comes, with its ticket and a key of its own.

use audit::{NodeEvent, Receipt, Subject, What};
use identity::{Chain, Class, Fallen, NodeId, Own, Proven, Revocations, Standing};
use request::{Bearer, Digest, Millis, Over, Proof, RequestId};
use serde_json::{Map, Value, json};
use state::{Item, Partition};

use crate::{
    Call, Error, Issued, Ports, Ticket,
    actor::{Beside, workload},
    call::{Entry, apart, event},
    mint::{Holder, Minted, message, mint},
    node::{Node, Stage},
};

/// What is asked for at the token endpoint with a ticket in hand. It has no `Debug`.
pub struct Redeem {
    /// The ticket.
    pub ticket: Ticket,
    /// A token of whoever acts: its own workload's, where the parent wants to see that.
    pub actor: Option<Bearer>,
    /// Where the token is to be good.
    pub resource: String,
    /// The proof of the child's key; none for a child without one.
    pub proof: Option<Proof>,
    /// The request that the proof must be for.
    pub over: Over,
    /// The same for the record.
    pub call: Call,
}

/// Gives the child its first token. A ticket is good once; if it comes a second time, somebody has
/// it who should not, and nobody can tell which of the two: the node is ended.
///
/// # Errors
/// As [`Error::code`] has it; then nothing was issued, and the ticket is as good as it was.
pub async fn redeem(ask: Redeem, on: &Ports) -> Result<Issued, Error> {
    let own = on.own()?;
    if ask.resource != own.resource() {
        return Err(Error::Resource);
    }
    let partition = ask.ticket.root().partition().ok_or(NOT_GOOD)?;
    let keys = [Node::key(ask.ticket.node().as_str())?];
    let found = on.ledger.store().read(&partition, &keys).await?;
    let node = Node::read(found.first().and_then(Option::as_ref))?.ok_or(NOT_GOOD)?;
    let done = match waits(&node, &ask.ticket, on)? {
        Some(deed) => come(&node, deed, &ask, own, on).await,
        None => Err(Error::Limit(AGAIN)),
    };
    match done {
        Err(Error::Limit(AGAIN)) => Err(ended(&partition, &ask, on).await),
        other => other,
    }
}

/// What the node's token will say, and who has to come for it.
struct Deed<'n> {
    claims: &'n Map<String, Value>,
    workload: Option<&'n str>,
}

/// Whether the node waits for this ticket; `None`: it did, and somebody came. Whoever does not know
/// the secret learns nothing and changes nothing.
fn waits<'n>(node: &'n Node, ticket: &Ticket, on: &Ports) -> Result<Option<Deed<'n>>, Error> {
    let now_s = on.now().seconds();
    match &node.stage {
        _ if node.ends_s <= now_s => Err(NOT_GOOD),
        Stage::Waiting { ticket: kept, until_s, deed, workload } if *kept == ticket.hash() => {
            if *until_s <= now_s {
                return Err(NOT_GOOD);
            }
            Ok(Some(Deed { claims: deed, workload: workload.as_deref() }))
        }
        Stage::Live { ticket: Some(kept), .. } if *kept == ticket.hash() => Ok(None),
        _ => Err(NOT_GOOD),
    }
}

async fn come(
    node: &Node,
    deed: Deed<'_>,
    ask: &Redeem,
    own: &Own,
    on: &Ports,
) -> Result<Issued, Error> {
    let leaf = class(deed.claims) == Some(Class::Leaf);
    let proven = key(leaf, node, ask, on).await?;
    let beside = Beside { subject: None, proven: proven.as_ref(), over: &ask.over };
    let actor = workload(ask.actor.as_ref(), &beside, on).await?;
    if deed.workload.is_some() && deed.workload != actor.as_deref() {
        return Err(Error::Grant("the parent named another workload for this ticket"));
    }
    let claims = filled(&deed, node, proven.as_ref(), actor.as_deref(), own, on);
    let holder = proven.as_ref().map_or(Holder::Anybody(&ask.over), Holder::Key);
    let minted = mint(message(claims, own), holder, on).await?;
    let receipt = enter(&minted, node, ask, leaf, on).await?;
    minted.issued(receipt)
}

/// The key that the child will have from now on. One that is above it already would make two nodes
/// of one agent, and a narrower child of its parent in name alone.
async fn key(leaf: bool, node: &Node, ask: &Redeem, on: &Ports) -> Result<Option<Proven>, Error> {
    match (&ask.proof, leaf) {
        (None, true) => Ok(None),
        (Some(_), true) => Err(Error::Grant("this ticket is for a child without a key")),
        (None, false) => Err(Error::Proofless),
        (Some(proof), false) => {
            let proven = identity::prove(proof, &ask.over, &on.verifier).await?;
            match node.above.iter().any(|jkt| jkt == proven.jkt()) {
                true => Err(Error::Grant("a child has a key of its own")),
                false => Ok(Some(proven)),
            }
        }
    }
}

fn class(deed: &Map<String, Value>) -> Option<Class> {
    Class::named(deed.get("agt")?.get("cls")?.as_str()?)
}

/// The deed with what was not known when it was drawn up.
fn filled(
    deed: &Deed<'_>,
    node: &Node,
    proven: Option<&Proven>,
    actor: Option<&str>,
    own: &Own,
    on: &Ports,
) -> Map<String, Value> {
    let now_s = on.now().seconds();
    let longest = if proven.is_some() { own.bounds().lifetime_s } else { LEAF_S };
    // Its first token does not outlive the one that its parent asked with; the next ones may, as far
    // as the node lives.
    let parents = deed.claims.get("exp").and_then(Value::as_u64).unwrap_or_default();
    let last = node.ends_s.min(parents);
    let mut claims = deed.claims.clone();
    let mut put = |name: &str, value: Value| _ = claims.insert(name.to_owned(), value);
    put("iat", now_s.into());
    put("nbf", now_s.into());
    put("exp", (now_s + longest.min(own.bounds().lifetime_s)).min(last).into());
    put("jti", RequestId::fresh().to_string().into());
    if let Some(proven) = proven {
        put("cnf", json!({"jkt": proven.jkt()}));
    }
    if let (Some(Value::Object(agent)), Some(actor)) = (claims.get_mut("agt"), actor) {
        agent.insert("img".to_owned(), actor.into());
    }
    claims
}

/// One commit: nothing above was revoked, the proof is used up, the ticket too, and the child is.
async fn enter(
    minted: &Minted,
    node: &Node,
    ask: &Redeem,
    leaf: bool,
    on: &Ports,
) -> Result<Receipt, Error> {
    let chain = minted.chain();
    let standing = held(chain, leaf);
    let mut keys = standing.clone();
    keys.push(Node::key(chain.actor().node().as_str())?);
    let with = |found: &[Option<Item>]| {
        let (standing, rest) = apart(found, standing.len())?;
        let mut writes = hold(chain.standing(), standing, leaf)?;
        let item = rest.first().and_then(Option::as_ref);
        // INVARIANT: it is still the node that waited. Of all who come with the ticket one finds it so.
        if Node::read(item)?.as_ref() != Some(node) {
            return Err(audit::Error::Unmet(AGAIN));
        }
        let jkt = chain.grant().and_then(|grant| grant.confirmation.clone());
        let stage = Stage::Live { jkt, ticket: Some(ask.ticket.hash()) };
        writes.push(Node { stage, ..node.clone() }.write(item)?);
        Ok(writes)
    };
    let grant = chain.grant();
    let event = NodeEvent {
        label: grant.map(|grant| grant.label.clone()),
        rights: grant.map(|grant| grant.rights.to_json()),
        expires: Some(Millis(node.ends_s * 1000)),
        ..event(What::Redeemed, chain.actor().node().as_str())
    };
    Entry { of: Subject::from(chain), call: &ask.call, event, keys }.write(&with, on).await
}

/// A leaf's token is used up by the one request that it is for, and not by its issue.
fn held(chain: &Chain, leaf: bool) -> Vec<state::Key> {
    match leaf {
        true => Revocations::key().into_iter().collect(),
        false => chain.standing().keys(),
    }
}

fn hold(
    standing: &Standing,
    found: &[Option<Item>],
    leaf: bool,
) -> Result<Vec<state::Write>, Fallen> {
    match (leaf, found) {
        (true, [revoked]) => standing.still(revoked.as_ref()),
        (true, _) => Err(Fallen::Unreadable),
        (false, _) => standing.hold(found),
    }
}

/// Ends the node of a ticket that came twice. It needs no signature and no proof: whoever came has
/// the secret.
async fn ended(partition: &Partition, ask: &Redeem, on: &Ports) -> Error {
    let node = ask.ticket.node();
    tracing::warn!(alarm = "ticket-reuse", %node, "a ticket came twice, and its node is ended");
    let event =
        NodeEvent { cause: Some("ticket-reuse".into()), ..event(What::Revoked, node.as_str()) };
    let keys = Revocations::key().into_iter().collect();
    let with = |found: &[Option<Item>]| {
        let ending = revoking(found.first().and_then(Option::as_ref), node)?;
        // One record of it, however often it comes.
        if ending.is_empty() { Err(audit::Error::Unmet(AGAIN)) } else { Ok(ending) }
    };
    let of = nobody(partition.clone(), node);
    match (Entry { of, call: &ask.call, event, keys }).write(&with, on).await {
        Ok(_) | Err(Error::Limit(AGAIN)) => NOT_GOOD,
        Err(error) => error,
    }
}

/// The write that ends a node; none where it has ended.
pub(crate) fn revoking(
    item: Option<&Item>,
    node: &NodeId,
) -> Result<Vec<state::Write>, audit::Error> {
    let mut list = Revocations::read(item)?;
    match list.nodes.insert(node.as_str().to_owned()) {
        true => Ok(list.write(item).into_iter().collect()),
        false => Ok(Vec::new()),
    }
}

/// A record that is about a node and by nobody who could be named.
pub(crate) fn nobody(partition: Partition, node: &NodeId) -> Subject {
    let session = Digest::of_parts(&[b"unnamed", node.as_str().as_bytes()]);
    Subject { partition, session, hops: Vec::new() }
}

/// Told of every ticket alike that is not good: none there is, another secret, too late, used.
const NOT_GOOD: Error = Error::Grant("the ticket is not good");

/// Never told: it ends the node.
const AGAIN: &str = "the ticket came twice";

/// Seconds that a token without a key lives.
const LEAF_S: u64 = 60;
