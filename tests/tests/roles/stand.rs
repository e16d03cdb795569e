//! One database server for the tests of this binary, and roles to try out on it.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use local_emulator::{
    ca::Authority,
    doctor::Client,
    postgres::{Passwords, Postgres},
    process::Log,
};
use policy::{Target, Targets};
use tempfile::TempDir;
use tokio::{
    runtime::{Builder, Runtime},
    sync::OnceCell,
};

/// A server and the runtime that it lives on.
pub(crate) struct Stand {
    pub(crate) postgres: Postgres,
    admin: OnceCell<Client>,
    authority: String,
    folder: TempDir,
    // After the server, which needs it to the end.
    runtime: Runtime,
    // Roles and grants belong to the whole database: one test at a time.
    turn: Mutex<()>,
}

static SHARED: Mutex<Weak<Stand>> = Mutex::new(Weak::new());

impl Stand {
    /// The shared one. Tests leave the rights of everybody as they found them.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let new = Arc::new(Self::own());
            *shared = Arc::downgrade(&new);
            new
        })
    }

    /// One for a test that changes what everybody may do.
    pub(crate) fn own() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let folder = TempDir::new().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let start = async {
            Postgres::start(&authority, &Passwords::canaries(), &Log::default()).await.unwrap()
        };
        let postgres = runtime.block_on(start);
        let authority = authority.pem();
        let admin = OnceCell::new();
        Self { postgres, admin, authority, folder, runtime, turn: Mutex::default() }
    }

    /// Runs a test on it, alone.
    pub(crate) fn play<T>(&self, test: impl Future<Output = T>) -> T {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let within = async { tokio::time::timeout(LONGEST, test).await };
        self.runtime.block_on(within).expect("the test took too long")
    }

    /// An administrator.
    pub(crate) async fn admin(&self) -> Client {
        self.postgres.superuser().await.unwrap()
    }

    /// Does this as the administrator.
    pub(crate) async fn run(&self, statements: &str) {
        let admin = self.kept().await;
        done(admin, statements).await;
        done(admin, "RESET ALL").await;
    }

    /// The administrator's connection that is kept: in a build for tests, a login takes a while.
    async fn kept(&self) -> &Client {
        self.admin.get_or_init(async || self.admin().await).await
    }

    /// What the database says to this, as text.
    pub(crate) async fn said(&self, question: &str) -> String {
        text(self.kept().await, question).await
    }

    /// A connection as this role, made with [`Stand::role`].
    pub(crate) async fn connect(&self, role: &str) -> Client {
        self.postgres.connect(role, PASSWORD).await.unwrap()
    }

    /// A new role with nothing against it: it logs in and may do nothing.
    pub(crate) async fn role(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let role = format!("agent_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.run(&format!(
            "CREATE ROLE {role} LOGIN NOINHERIT PASSWORD '{PASSWORD}' CONNECTION LIMIT 8; \
             GRANT CONNECT ON DATABASE shop TO {role}"
        ))
        .await;
        role
    }

    /// Gives up a role and what it has.
    pub(crate) async fn drop_role(&self, role: &str) {
        let gone =
            format!("REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}");
        self.run(&gone).await;
    }

    /// The database as a target, with these lines more.
    pub(crate) fn target(&self, lines: &str) -> Arc<Target> {
        let beside = |_: &str| Some(self.authority.clone());
        let targets = Targets::parse("targets.toml", &self.toml(lines), &beside);
        targets.unwrap_or_else(|e| panic!("{e}")).iter().next().unwrap().clone()
    }

    /// The configuration of that target.
    pub(crate) fn toml(&self, lines: &str) -> String {
        let port = self.postgres.port();
        format!(
            "[targets.shop]\nkind = \"postgres\"\nhost = \"localhost\"\nport = {port}\n\
             database = \"shop\"\nauthority = \"authority.pem\"\nsecret = \"shop\"\n{lines}\n"
        )
    }

    /// The authority of the server's certificate, in PEM.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// A folder that goes with the server.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Does this, or fails with what the server says.
pub(crate) async fn done(client: &Client, statements: &str) {
    let done = client.batch_execute(statements).await;
    done.unwrap_or_else(|error| panic!("{statements}: {error:?}"));
}

/// The one value that a question is answered with.
pub(crate) async fn text(client: &Client, question: &str) -> String {
    let row = client.query_one(question, &[]).await;
    let row = row.unwrap_or_else(|error| panic!("{question}: {error:?}"));
    row.get::<_, Option<String>>(0).unwrap_or_else(|| "NULL".into())
}

/// Of every role that is made here.
pub(crate) const PASSWORD: &str = "canary-of-a-password";

const LONGEST: Duration = Duration::from_secs(120);
