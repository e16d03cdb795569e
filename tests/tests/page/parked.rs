//! Requests that wait, put where the request function parks them: in their requester's partition, with
//! their signposts. What stands in them no vetting would let pass, and a page has to bear it all the
//! same.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use approvals::{
    Approval, Bounds, Column, Document, HopOf, Matter, Member, Notice, Resolved, Sealed, Ticket,
};
use policy::Demand;
use request::{Clock, Digest, Millis, RequestId};
use serde_json::{Value, json};
use state::{Partition, Store as _, Write};

/// What differs between them.
pub(crate) struct Wish<'a> {
    pub(crate) statement: &'a str,
    pub(crate) params: &'a [&'a str],
    pub(crate) reason: &'a str,
    pub(crate) label: &'a str,
    /// How many of which groups.
    pub(crate) approvers: &'a [(&'a str, u32)],
    /// How an approver has to have logged in.
    pub(crate) acr: &'a [&'a str],
    /// In how many seconds it ends.
    pub(crate) ends_s: u64,
    /// Who began it.
    pub(crate) root: &'a str,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self {
            statement: EXPORT,
            params: &["\"2026-01-01\"", "5000"],
            reason: "The quarterly report needs every order since January, with the customer's address.",
            label: "quarterly-report",
            approvers: &[("dba", 2), ("privacy", 1)],
            acr: &[],
            ends_s: 2700,
            root: "report-agent",
        }
    }
}

/// Parks it; its id.
pub(crate) async fn park(store: &Path, wish: &Wish<'_>) -> RequestId {
    let store = Arc::new(on_disk::Sqlite::open(store).unwrap());
    let request = RequestId::fresh();
    let partition = Partition::new(NODES[0]).unwrap();
    let sealed = Sealed::of(document(&request, wish)).unwrap();
    let ticket = Ticket { partition: partition.clone(), request: request.clone() };
    let approval = Approval::open(sealed.digest()).to_bytes();
    let create = |key: Option<state::Key>, value: Vec<u8>| Write::Create {
        key: key.unwrap(),
        value,
        expires_at: None,
    };
    let writes = [
        create(ticket.document_key(), sealed.bytes().to_vec()),
        create(ticket.approval_key(), approval),
        create(audit::salt_key(&request), vec![7; 16]),
        create(audit::status_key(&request), status(&request)),
    ];
    store.commit(&partition, &writes).await.unwrap();
    let expires = sealed.document().expires;
    let notice = Notice { ticket, digest: sealed.digest(), expires };
    let ledger = audit::Ledger::new(store, Arc::new(Wall));
    decisions::post(&notice, &ledger).await.unwrap();
    request
}

/// To how many people it was shown.
pub(crate) async fn shown(store: &Path, request: &RequestId) -> usize {
    let store = on_disk::Sqlite::open(store).unwrap();
    let partition = Partition::new(NODES[0]).unwrap();
    store.list(&partition, &format!("shown:{request}:"), None, 9).await.unwrap().len()
}

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Millis {
        now()
    }
}

#[expect(clippy::disallowed_methods, reason = "the process under test has the wall's clock too")]
fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Millis(u64::try_from(since.as_millis()).unwrap())
}

fn status(request: &RequestId) -> Vec<u8> {
    let status = json!({
        "request": request, "node": NODES[2], "target": "shop", "state": "parked",
        "began": now(), "cause": "parked", "rows": null, "affected": null,
    });
    request::json::canonical(&status)
}

fn document(request: &RequestId, wish: &Wish<'_>) -> Document {
    let now = now();
    let text = |text: &&str| (*text).to_owned();
    Document {
        v: 1,
        request: request.to_string(),
        asked_at: Millis(now.0 - 240_000),
        expires: Millis(now.0 + wish.ends_s * 1000),
        matter: Matter {
            hops: hops(wish),
            target: "shop".into(),
            statement: wish.statement.into(),
            params: wish.params.iter().map(text).collect(),
            sent: wish.statement.replace("c.email", "'[masked:email]'::text AS email"),
            facts: facts(),
            limits: Bounds { rows: 20_000, bytes: 4_194_304, cells: 200_000, time_ms: 10_000 },
            policy: Digest::of(b"policies"),
            demand: Demand {
                approvers: wish.approvers.iter().map(|(name, n)| (text(name), *n)).collect(),
                login_s: Some(86_400),
                acr: wish.acr.iter().map(text).collect(),
                ..Demand::default()
            },
        },
        estimated_rows: Some(18_400),
        reason: Some(wish.reason.to_owned()),
        idempotency_key: None,
        normalized: "select".into(),
        fingerprint: Digest::of(wish.statement.as_bytes()).to_string().chars().take(16).collect(),
        policies: names(&["bulk-export", "reports-read"]),
        chain: chain(wish),
        owner: None,
        session: Digest::of(request.as_str().as_bytes()),
    }
}

fn hops(wish: &Wish<'_>) -> Vec<Member> {
    let who = |issuer: &str, subject: &str, client: Option<&str>| HopOf {
        issuer: issuer.into(),
        subject: subject.into(),
        client: client.map(str::to_owned),
        actor: None,
    };
    let hop = |node: usize, who: HopOf, label: Option<&str>| Member {
        node: NODES[node].into(),
        who,
        label: label.map(str::to_owned),
    };
    vec![
        hop(0, who("corp", wish.root, Some("scheduler")), None),
        hop(1, who("postern", NODES[1], None), None),
        hop(2, who("postern", NODES[2], None), Some(wish.label)),
    ]
}

/// As `identity::Chain::kept` writes it.
fn chain(wish: &Wish<'_>) -> Value {
    let expires = now().0 + 3_600_000;
    json!({
        "actor": {
            "actor": null, "client": null, "groups": ["reporting"], "issuer": "postern",
            "node": NODES[2], "subject": NODES[2],
        },
        "bearer": false,
        "expires": expires,
        "grant": {
            "accounts": [NODES[0]], "class": "dpop", "confirmation": "A".repeat(43),
            "groups": [["analysts", "reporting"], ["reporting"], ["reporting"]],
            "id": "t-1", "label": wish.label, "max_depth": 8, "path": NODES,
            "rights": [{
                "type": "postgres", "locations": ["shop"], "actions": ["select"],
                "objects": ["public.*"],
            }],
            "root": ["corp", wish.root], "root_actor": null, "root_client": "scheduler",
            "tree": NODES[0], "workload": null,
        },
        "issued_s": now().seconds() - 300,
        "login": [null, null],
        "owner": null,
        "partition": NODES[0],
        "session": Digest::of(b"session"),
    })
}

fn facts() -> Resolved {
    let relations = [("public.orders", vec!["id", "item", "ordered_on", "customer_id"])];
    let relations =
        relations.into_iter().chain([("public.customers", vec!["id", "name", "email"])]);
    let columns: BTreeMap<String, BTreeSet<String>> =
        relations.map(|(name, columns)| (name.to_owned(), names(&columns))).collect();
    let column = |name: &str, from: &str, masked: bool| Column {
        name: name.into(),
        from: names(&[from]),
        masked,
    };
    Resolved {
        class: "read".into(),
        reads: names(&["public.customers", "public.orders"]),
        writes: BTreeSet::new(),
        columns,
        functions: BTreeSet::new(),
        uses: names(&["email:shown"]),
        tagged: [(
            "public.customers".to_owned(),
            [("email".to_owned(), "email".to_owned())].into(),
        )]
        .into(),
        unfiltered: names(&["public.customers"]),
        outputs: vec![
            column("id", "public.orders.id", false),
            column("item", "public.orders.item", false),
            column("name", "public.customers.name", false),
            column("email", "public.customers.email", true),
        ],
        mode: "source".into(),
    }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

const NODES: [&str; 3] =
    ["n_AAAAAAAAAAAAAAAAAAAAAA", "n_BBBBBBBBBBBBBBBBBBBBBA", "n_CCCCCCCCCCCCCCCCCCCCCA"];

/// What a reporting agent would ask for.
pub(crate) const EXPORT: &str = "\
SELECT o.id, o.item, c.name, c.email   -- the address goes into the letter
FROM orders o
JOIN customers c ON c.id = o.customer_id
WHERE o.ordered_on >= $1
  AND o.item NOT IN ('sample', 'it''s free')
ORDER BY o.ordered_on DESC
LIMIT $2";
