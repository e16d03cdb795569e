//! What each kind of issuer puts into its tokens, and what of it is believed: tables, and the few
//! functions for what a table cannot say.

mod aws_sts;
mod cognito;
mod entra;
mod forms;
mod github;
mod gitlab;
mod groups;
mod kubernetes;
mod look;
mod rfc9068;
mod setting;
mod spiffe;

use serde_json::{Map, Value};

pub(crate) use groups::groups;
use look::NAME;
pub(crate) use look::named;
pub(crate) use setting::Given;
pub(crate) use spiffe::trust_domain;

use crate::{Error, algorithm::Algorithm, text};
use setting::Setting;

/// The claims of one token.
pub(crate) type Members = Map<String, Value>;
/// Where a claim is: the objects that hold it, from the outside in, and its own name last.
pub(crate) type Path = &'static [&'static str];

/// Finds who acts for the subject, with the client's help.
type Actor = fn(&Members, Option<&str>) -> Result<Option<String>, Error>;

/// How tokens of one kind of issuer are read. An entry of `issuers.toml` names its profile; what the
/// profile leaves open, the entry says.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Its name in `issuers.toml`.
    pub(crate) name: &'static str,
    /// What its entries may or must say beyond what every entry says.
    settings: &'static [Setting],
    /// A switch among the settings, and the profile that it turns this one into.
    variant: Option<(&'static str, &'static Profile)>,
    /// What the issuer's text may be; `{tenant}` stands for that setting, `*` at the end for
    /// anything. None means any text.
    issuers: &'static [&'static str],
    /// Beginnings of audiences that its tokens have when nobody chose one. They are not ours.
    default_audiences: &'static [&'static str],
    /// What it signs with, all of it believed where the entry does not choose. None means that the
    /// entry has to.
    pub(crate) algorithms: &'static [Algorithm],
    /// The types in the headers of its tokens, lower case, the empty one for none. As above.
    pub(crate) types: &'static [&'static str],
    /// Seconds that its tokens live at most, where the entry does not say. None: it has to.
    pub(crate) lifetime_s: Option<u64>,
    /// Whether a token for us must be for nobody else.
    pub(crate) sole_audience: bool,
    /// Which of `iss`, `aud` and `iat` its tokens may lack.
    optional: &'static [&'static str],
    /// Whether a header may have no other members than `alg`, `kid` and `typ`.
    pub(crate) bare_header: bool,
    /// What its keys are for, in the word of the key set.
    pub(crate) key_use: &'static str,
    /// What must be true of single claims.
    rules: &'static [Rule],
    /// What must be true beyond that.
    coherent: fn(&Members, &Given) -> Result<(), Error>,
    /// Who the token is about.
    principal: &'static [Part],
    /// The claim that names the software that asks.
    client: Option<&'static str>,
    /// Who acts for the subject, where it is not `act` that says so.
    actor: Option<Actor>,
    /// The claim that names this one run of the subject.
    instance: Option<Path>,
    /// Where groups come from.
    groups: Source,
    /// Whether it can vouch for people; if so, what must be true of single claims of their ID tokens.
    pub(crate) people: Option<&'static [Rule]>,
}

/// All there are.
static ALL: [&Profile; 9] = [
    &rfc9068::PROFILE,
    &entra::USERS_AND_APPS,
    &entra::AGENTS,
    &cognito::PROFILE,
    &aws_sts::PROFILE,
    &github::PROFILE,
    &gitlab::PROFILE,
    &kubernetes::PROFILE,
    &spiffe::PROFILE,
];

/// What a profile is that says nothing: the start of every other.
const BLANK: Profile = Profile {
    name: "",
    settings: &[],
    variant: None,
    issuers: &[],
    default_audiences: &[],
    algorithms: &[],
    // What issuers send that know nothing of RFC 9068.
    types: &["", "jwt"],
    lifetime_s: None,
    sole_audience: false,
    optional: &[],
    bare_header: false,
    key_use: "sig",
    rules: &[],
    coherent: |_, _| Ok(()),
    principal: &[Part::Claim(&["sub"])],
    client: None,
    actor: None,
    instance: None,
    groups: Source::List("groups"),
    people: None,
};

/// What must be true of one claim.
#[derive(Debug)]
pub(crate) struct Rule {
    claim: Path,
    must: Must,
}

#[derive(Debug)]
enum Must {
    /// Be this text.
    Be(&'static str),
    /// Be one of the texts that the entry lists under this name, if it does.
    BeListed(&'static str),
    /// Be one of the texts that the entry lists under this name; where it lists none, one that the
    /// function takes.
    BeListedOr(&'static str, fn(&str) -> bool),
    /// Be there, and name somebody or something.
    BeThere,
}

/// A piece of a principal. Values are escaped: `%` as `%25`, `|` as `%7C`.
#[derive(Debug)]
enum Part {
    /// A claim that must be there.
    Claim(Path),
    /// The first of these claims that is there, as `name|value`, so that a value of one cannot pass
    /// for a value of another.
    FirstOf(&'static [&'static str]),
    /// A claim, after a `|`, if it is there.
    IfThere(Path),
    /// What stands between two claims.
    Text(&'static str),
}

/// Where the raw names of groups come from. None is a group of ours before the entry's table says so.
#[derive(Debug)]
enum Source {
    /// A claim that is a list of texts; the entry may choose another one.
    List(&'static str),
    /// The profile makes them of claims.
    Made(fn(&Members) -> Result<Vec<String>, Error>),
    /// Each of these claims that is there, as `name=value`.
    Pairs(&'static [&'static str]),
}

impl Profile {
    /// The profile of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|profile| profile.name == name)
    }

    /// All names, for a message to whoever configures.
    pub(crate) fn names() -> String {
        ALL.map(|profile| profile.name).join(", ")
    }

    /// The profile that an entry really means, by its switches.
    pub(crate) fn meant(&'static self, given: &Given) -> &'static Self {
        match self.variant {
            Some((switch, other)) if given.has(switch) => other,
            _ => self,
        }
    }

    /// Whether an issuer of this kind can be called so; if not, what it can be called.
    pub(crate) fn calls_itself(&self, issuer: &str, given: &Given) -> Result<(), String> {
        let forms: Vec<String> = self.issuers.iter().map(|form| given.fill(form)).collect();
        let meets = |form: &String| match form.strip_suffix('*') {
            Some(start) => issuer.starts_with(start),
            None => issuer == form,
        };
        if forms.is_empty() || forms.iter().any(meets) {
            return Ok(());
        }
        Err(forms.join(" or "))
    }

    /// Whether its tokens have this audience without anybody having chosen it for us.
    pub(crate) fn is_default_audience(&self, audience: &str) -> bool {
        self.default_audiences.iter().any(|start| audience.starts_with(start))
    }

    /// Whether its tokens may be without this claim.
    pub(crate) fn may_lack(&self, claim: &str) -> bool {
        self.optional.contains(&claim)
    }

    /// Whether the claims are those of a token that the entry means.
    pub(crate) fn check(&self, claims: &Members, given: &Given) -> Result<(), Error> {
        self.rules.iter().try_for_each(|rule| rule.check(claims, given))?;
        (self.coherent)(claims, given)
    }

    /// The same of an ID token.
    pub(crate) fn check_login(&self, claims: &Members, given: &Given) -> Result<(), Error> {
        let rules = self.people.unwrap_or_default();
        rules.iter().try_for_each(|rule| rule.check(claims, given))
    }

    /// Who the token is about: the same text for the same one, and for nobody else of this issuer.
    pub(crate) fn principal(&self, claims: &Members, given: &Given) -> Result<String, Error> {
        let chosen = setting::SUBJECT_CLAIM.name();
        if let Some(claim) = given.one(chosen) {
            // In its place nothing else will do: `sub` may be somebody else's name there.
            let name = named(claims.get(claim), chosen)?;
            return name.map(str::to_owned).ok_or(Error::Claim(chosen, NAME));
        }
        if let [Part::Claim(claim)] = self.principal {
            // Alone, it can be taken for nothing else, and stays as the issuer writes it.
            return Ok(look::needed(claims, claim)?.to_owned());
        }
        let parts: Vec<String> =
            self.principal.iter().map(|part| part.of(claims)).collect::<Result<_, _>>()?;
        let whole = parts.concat();
        if text::names_somebody(&whole) { Ok(whole) } else { Err(Error::Claim("sub", NAME)) }
    }

    /// The software that asks for the subject.
    pub(crate) fn client(&self, claims: &Members, given: &Given) -> Result<Option<String>, Error> {
        let Some(told) = self.client else { return Ok(None) };
        let claim = given.one(setting::CLIENT_CLAIM.name()).unwrap_or(told);
        Ok(named(claims.get(claim), told)?.map(str::to_owned))
    }

    /// Who acts for the subject, by the profile's own rule; `None` where it has none.
    pub(crate) fn actor(
        &self,
        claims: &Members,
        client: Option<&str>,
    ) -> Option<Result<Option<String>, Error>> {
        self.actor.map(|actor| actor(claims, client))
    }

    /// This one run of the subject.
    pub(crate) fn instance(&self, claims: &Members) -> Result<Option<String>, Error> {
        let Some(claim) = self.instance else { return Ok(None) };
        Ok(look::name(claims, claim)?.map(str::to_owned))
    }
}

impl Rule {
    const fn new(claim: Path, must: Must) -> Self {
        Self { claim, must }
    }

    fn check(&self, claims: &Members, given: &Given) -> Result<(), Error> {
        let (good, wants) = match self.must {
            Must::Be(text) => (look::needed(claims, self.claim)? == text, DEMANDED),
            Must::BeListed(setting) => match given.list(setting) {
                Some(list) => (is_one(look::needed(claims, self.claim)?, list), LISTED),
                None => return Ok(()),
            },
            Must::BeListedOr(setting, takes) => {
                let value = look::needed(claims, self.claim)?;
                (
                    given.list(setting).map_or_else(|| takes(value), |list| is_one(value, list)),
                    LISTED,
                )
            }
            Must::BeThere => return look::needed(claims, self.claim).map(|_| ()),
        };
        if good { Ok(()) } else { Err(Error::Claim(look::told(self.claim), wants)) }
    }
}

impl Part {
    fn of(&self, claims: &Members) -> Result<String, Error> {
        match self {
            Self::Claim(claim) => Ok(escaped(look::needed(claims, claim)?)),
            Self::FirstOf(names) => {
                for name in *names {
                    if let Some(value) = named(claims.get(*name), name)? {
                        return Ok(format!("{name}|{}", escaped(value)));
                    }
                }
                Err(Error::Claim(look::told(names), NAME))
            }
            Self::IfThere(claim) => {
                let value = look::name(claims, claim)?;
                Ok(value.map_or_else(String::new, |value| format!("|{}", escaped(value))))
            }
            Self::Text(text) => Ok((*text).to_owned()),
        }
    }
}

/// So that `|` stands between values and in none.
pub(crate) fn escaped(value: &str) -> String {
    value.replace('%', "%25").replace('|', "%7C")
}

fn is_one(value: &str, list: &[String]) -> bool {
    list.iter().any(|listed| listed == value)
}

const DEMANDED: &str = "what the issuer's profile demands";
const LISTED: &str = "one that the issuer's entry allows";
