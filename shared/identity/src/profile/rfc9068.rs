//! Access tokens as RFC 9068 has them: the profile of an entry that names none.

use super::{
    BLANK, Profile,
    setting::{CLIENT_CLAIM, GROUPS_CLAIM, SUBJECT_CLAIM},
};

pub(super) const PROFILE: Profile = Profile {
    name: "rfc9068",
    settings: &[GROUPS_CLAIM, CLIENT_CLAIM, SUBJECT_CLAIM],
    types: &[],
    client: Some("client_id"),
    people: Some(&[]),
    ..BLANK
};
