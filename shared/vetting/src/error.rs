//! Why a statement is refused, in words that tell its writer what to change.

/// One cause of refusal. Messages carry the offending identifier and no other part of the statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// PostgreSQL's grammar does not know it.
    #[error("the statement is not valid SQL: {0}")]
    Syntax(String),
    /// Nested deeper than the reader follows.
    #[error("the statement is nested too deeply; write it with fewer levels")]
    Depth,
    /// Not one statement: how many there are.
    #[error("exactly one statement is wanted, not {0}")]
    Count(usize),
    /// A kind of statement that no agent may send.
    #[error("statement kind `{0}` is not permitted; use SELECT, INSERT, UPDATE or DELETE")]
    Kind(String),
    /// A clause that does more than reading or writing rows.
    #[error("`{0}` is not permitted; leave it out")]
    Clause(&'static str),
    /// Syntax that nobody has reviewed: the parser's name for it.
    #[error("syntax `{0}` is not permitted; write it in plainer SQL")]
    Syntactic(String),
    /// Syntax that one reading of the statement saw and the other did not.
    #[error("syntax `{0}` could not be followed everywhere; write it in plainer SQL")]
    Unfollowed(&'static str),
    /// `INSERT`, `UPDATE`, `DELETE` or `MERGE` inside of `WITH`.
    #[error("`WITH` may only hold SELECT; send `{0}` as a statement of its own")]
    WriteInside(String),
    /// A function that is not on the list; for well-known ones, why.
    #[error("function `{name}` is not permitted{}", because(.reason))]
    Function {
        /// Its name as PostgreSQL folds it, with its schema if one was written.
        name: String,
        /// What is wrong with it, for those that are often tried.
        reason: Option<&'static str>,
    },
    /// A function in `FROM` that is not one of the few that make rows.
    #[error("function `{0}` is not permitted in FROM")]
    Source(String),
    /// An operator that is not built in, or not reviewed.
    #[error("operator `{0}` is not permitted; use a built-in operator without a schema")]
    Operator(String),
    /// A type that is not built in, or that looks things up.
    #[error("type `{0}` is not permitted; use a built-in type")]
    Type(String),
    /// A collation that is not built in.
    #[error("collation `{0}` is not permitted; use \"C\" or none")]
    Collation(String),
    /// A value that tells about the session.
    #[error("`{0}` is not permitted: it tells about the connection; leave it out")]
    Session(&'static str),
    /// A relation of the system's own.
    #[error("`{0}` is a system relation; use GET /v1/targets to learn what there is")]
    System(String),
    /// A name with more parts than a relation or column of this database has.
    #[error("`{0}` has too many parts; name at most schema, relation and column")]
    Parts(String),
    /// A name that cannot be read.
    #[error("`{0}` is not a relation's name; write `name` or `schema.name`")]
    Name(String),
    /// A parameter left out between `$1` and the highest one.
    #[error("parameter `${0}` is not used; number parameters from `$1` without gaps")]
    Gap(u32),
    /// A parameter number outside of the bounds.
    #[error("parameter `${0}` is out of bounds; use `$1` to `$1000`")]
    Parameter(i32),
    /// Not as many values as the statement takes.
    #[error("the statement takes {wanted} parameters, but {given} were given")]
    Parameters {
        /// The highest `$n`.
        wanted: usize,
        /// How many values came with it.
        given: usize,
    },
    /// Policy does not permit what the statement turned out to be.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// A name of the statement is not exactly one thing in the database.
    #[error(transparent)]
    Unresolved(#[from] catalogue::Error),
    /// A tagged column anywhere but alone in the outermost list.
    #[error(
        "column `{0}` is tagged: name it only by itself in the outermost select list or RETURNING"
    )]
    Tagged(String),
    /// A tagged column that policy lets nobody mention.
    #[error("column `{0}` is tagged and may not be used; leave it out")]
    Denied(String),
    /// A whole row of a tagged relation.
    #[error("`{0}` stands for whole rows of a tagged relation; name the columns wanted")]
    Row(String),
    /// `ctid`, `tableoid` and their like beside a tagged relation.
    #[error("system column `{0}` is not permitted with a tagged relation")]
    Hidden(String),
    /// A view over something tagged, or over something that cannot be followed.
    #[error("`{0}` shows what is tagged elsewhere and carries no tags; name the tables themselves")]
    View(String),
    /// A tagged relation itself, on a target that serves masked views of it.
    #[error("`{0}` is served masked only; name it without its schema")]
    Base(String),
    /// `EXPLAIN` of a tagged relation: what the planner expects tells about values.
    #[error("EXPLAIN tells about the values of `{0}`, which is tagged")]
    Explained(String),
    /// A definition of a tagged relation: its constraints and types would tell about values.
    #[error("`{0}` is tagged; what it consists of is not changed through here")]
    Defined(String),
    /// A type from or to which a user made a cast: what it would call, nobody knows.
    #[error("type `{0}` has a cast made by a user, and may not be met")]
    Cast(String),
    /// What would be written is a mask, which stands for a value and is none.
    #[error(
        "what would be written holds a masked value; write a value of your own, or leave it out"
    )]
    Mark,
    /// A change of what the database consists of, which people have to agree to.
    #[error("`{0}` needs people's approval, and policy names nobody to give it")]
    Unapproved(String),
    /// What is configured as tagged is not there.
    #[error("`{0}` is tagged and does not exist")]
    Setup(String),
    /// The statement with its masks put in is not what it should be.
    #[error("the statement could not be masked; write it in plainer SQL")]
    Rewritten(&'static str),
}

impl Error {
    /// One word for the cause, stable across releases, for records, metrics and tests.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "syntax",
            Self::Depth => "depth",
            Self::Count(_) => "count",
            Self::Kind(_) => "kind",
            Self::Clause(_) => "clause",
            Self::Syntactic(_) => "syntactic",
            Self::Unfollowed(_) => "unfollowed",
            Self::WriteInside(_) => "write-inside",
            Self::Function { .. } => "function",
            Self::Source(_) => "source",
            Self::Operator(_) => "operator",
            Self::Type(_) => "type",
            Self::Collation(_) => "collation",
            Self::Session(_) => "session",
            Self::System(_) => "system",
            Self::Parts(_) => "parts",
            Self::Name(_) => "name",
            Self::Gap(_) => "gap",
            Self::Parameter(_) => "parameter",
            Self::Parameters { .. } => "parameters",
            Self::Policy(_) => "policy",
            Self::Unresolved(error) => error.kind(),
            Self::Tagged(_) => "tagged",
            Self::Denied(_) => "denied",
            Self::Row(_) => "row",
            Self::Hidden(_) => "hidden",
            Self::View(_) => "view",
            Self::Base(_) => "base",
            Self::Explained(_) => "explained",
            Self::Defined(_) => "defined",
            Self::Cast(_) => "cast",
            Self::Mark => "mark",
            Self::Unapproved(_) => "unapproved",
            Self::Setup(_) => "setup",
            Self::Rewritten(_) => "rewritten",
        }
    }

    /// What the caller is told: what to change in the statement. Names of its own it may hear, those
    /// in the configuration it may not.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Name(_) | Self::Setup(_) => {
                "the target is not set up correctly and cannot be used".into()
            }
            Self::Policy(error) => error.told().into(),
            error => error.to_string(),
        }
    }
}

fn because(reason: &Option<&'static str>) -> String {
    reason.map(|why| format!(": it {why}")).unwrap_or_default()
}
