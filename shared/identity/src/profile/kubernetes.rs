//! Tokens of Kubernetes service accounts, projected into a pod for us.
//!
//! That the pod is gone cannot be seen in them; that they live for an hour bounds it.

use super::{BLANK, Given, Members, Part, Path, Profile, Source, forms, look};
use crate::{Error, algorithm::Algorithm};

/// The object with all claims of Kubernetes.
const CLUSTER: &str = "kubernetes.io";
const NAMESPACE: Path = &[CLUSTER, "namespace"];
const ACCOUNT: Path = &[CLUSTER, "serviceaccount", "name"];
const ACCOUNT_UID: Path = &[CLUSTER, "serviceaccount", "uid"];

pub(super) const PROFILE: Profile = Profile {
    name: "kubernetes",
    issuers: &["https://*"],
    // A token for the cluster's own server would let us be the pod there.
    default_audiences: &["https://kubernetes.default.svc"],
    algorithms: &[Algorithm::Rs256, Algorithm::Es256, Algorithm::Es384],
    lifetime_s: Some(60 * 60),
    sole_audience: true,
    coherent: says_it_twice,
    principal: &[
        Part::Claim(NAMESPACE),
        Part::Text("/"),
        Part::Claim(ACCOUNT),
        Part::Text("@"),
        Part::Claim(ACCOUNT_UID),
    ],
    instance: Some(&[CLUSTER, "pod", "uid"]),
    groups: Source::Made(groups),
    ..BLANK
};

/// The subject is the account that the object tells of, by names that hold neither `/` nor `@`.
fn says_it_twice(claims: &Members, _: &Given) -> Result<(), Error> {
    let (namespace, account) = (look::needed(claims, NAMESPACE)?, look::needed(claims, ACCOUNT)?);
    if !forms::label(namespace) || !forms::object_name(account) {
        return Err(Error::Claim(CLUSTER, "names as the cluster gives them"));
    }
    if look::needed(claims, &["sub"])? != format!("system:serviceaccount:{namespace}:{account}") {
        return Err(Error::Claim("sub", "the service account of `kubernetes.io`"));
    }
    Ok(())
}

/// As the cluster itself calls them.
fn groups(claims: &Members) -> Result<Vec<String>, Error> {
    Ok(vec![format!("system:serviceaccounts:{}", look::needed(claims, NAMESPACE)?)])
}
