//! The function for people: the page, its API, and the queue that asks them.
//!
//! People sign in with their own issuer, see one request whole, and decide about exactly that. The page
//! and the API are two doors to the same steps: a browser is known by its session and by nothing else,
//! a program by its token and by nothing else, so that neither can be made to act for the other.
//!
//! INVARIANT: nothing is decided by a GET, without the digest of what was shown, or by a browser whose
//! form is not ours.

pub mod api;
mod assets;
mod cookie;
mod guard;
mod notify;
mod page;
pub mod queue;
mod said;
mod session;
mod settings;
mod shelf;
mod sign_in;
mod sql;
mod text;
mod view;
mod when;

use std::sync::Arc;

use axum::{Router, routing::get};
use identity::Verifier;
use request::{Millis, Mistakes};

pub use settings::SignIn;
pub use sign_in::Door;

use shelf::Shelf;

/// What both doors need.
pub struct Desk {
    /// Where people decide.
    pub decisions: decisions::Desk,
    /// Who is believed to be a person.
    pub verifier: Verifier,
    /// Where people sign in; without it there is the API only.
    pub door: Option<Door>,
    /// The public address of the page, without a `/` at its end.
    pub page: String,
}

impl Desk {
    fn now(&self) -> Millis {
        self.decisions.ledger.now()
    }

    fn shelf(&self) -> Shelf {
        Shelf::new(Arc::clone(self.decisions.ledger.store()))
    }
}

/// All routes over this desk.
pub fn router(desk: Arc<Desk>) -> Router {
    let routes = Router::new()
        .merge(page::routes())
        .merge(api::routes())
        .route("/assets/{name}", get(assets::serve));
    doors::bounded(routes, desk.verifier.own()).with_state(desk)
}

/// The same as this process is configured.
///
/// # Errors
/// Every mistake of the configuration.
#[cfg(any(feature = "aws", feature = "azure"))]
pub async fn configured(cloud: doors::Cloud) -> Result<Router, Mistakes> {
    let settings = cloud.settings();
    let configuration = host::Configuration::read(&settings.config)?;
    let clock: Arc<dyn request::Clock> = Arc::new(host::SystemClock);
    let store = cloud.store();
    let host::Configuration { issuers, snapshot, own, .. } = configuration;
    let keys = host::key_source(settings.keys, &issuers, &store, &clock)?;
    let verifier = Verifier::new(issuers, keys, Arc::clone(&clock), snapshot)?;
    let page =
        settings.page.clone().ok_or_else(|| mistake("`POSTERN_PAGE` says where people decide"))?;
    let door = match SignIn::read(&settings.config)? {
        Some(sign_in) => {
            // Demanded only where there is a client secret: a public client needs no vault.
            let secrets = sign_in.client_secret.is_some().then(|| cloud.secrets()).transpose()?;
            Some(Door::new(sign_in, &page, secrets)?)
        }
        None => None,
    };
    let ledger = Arc::new(audit::Ledger::new(store, clock));
    let decisions = decisions::Desk { ledger, waker: cloud.waker()? };
    let verifier = host::believing(verifier, own, || cloud.secrets())?;
    Ok(router(Arc::new(Desk { decisions, verifier, door, page })))
}

fn mistake(text: impl ToString) -> Mistakes {
    Mistakes(vec![request::Mistake { file: "start".into(), line: 0, text: text.to_string() }])
}
