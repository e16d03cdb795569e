//! Operators, types and collations that every PostgreSQL has and that do nothing but compute.

/// Whether the operator may be used, written without a schema.
pub(crate) fn operator(name: &str) -> bool {
    OPERATORS.split_whitespace().any(|known| known == name)
}

/// Whether a value may be cast to the type, written alone or in `pg_catalog`.
pub(crate) fn type_name(name: &str) -> bool {
    TYPES.split_whitespace().any(|known| known == name)
}

/// Whether the collation may be asked for, written alone or in `pg_catalog`.
pub(crate) fn collation(name: &str) -> bool {
    ["C", "POSIX", "default", "pg_c_utf8", "ucs_basic", "unicode"].contains(&name)
}

/// Whether every table has this column without anybody having declared it.
pub(crate) fn system_column(name: &str) -> bool {
    ["cmax", "cmin", "ctid", "oid", "tableoid", "xmax", "xmin"].contains(&name)
}

/// Those of PostgreSQL 15 but for the ones that compare whole rows byte by byte (`*=` and its kin).
const OPERATORS: &str = "
    + - * / % ^ |/ ||/ @ & | # ~ << >> || = <> < <= > >=
    ~~ ~~* !~~ !~~* ~* !~ !~* ^@ ~<~ ~<=~ ~>~ ~>=~
    @> <@ && -|- &< &> -> ->> #> #>> #- ? ?| ?& @? @@ @@@ !!
    ## <-> <^ >^ ?# ?- ?-| ?|| @-@ <<| |>> &<| |&> ~= <<= >>=
";

/// Without `reg*` and `oid`, which look names up, without `xml`, and without pseudo-types. Those that
/// begin with `_` are arrays.
const TYPES: &str = "
    bit bool bpchar bytea char date float4 float8 int2 int4 int8 interval money name numeric text
    time timestamp timestamptz timetz uuid varbit varchar
    json jsonb jsonpath tsquery tsvector
    box circle line lseg path point polygon
    cidr inet macaddr macaddr8
    daterange int4range int8range numrange tsrange tstzrange
    datemultirange int4multirange int8multirange nummultirange tsmultirange tstzmultirange
    _bool _date _int4 _int8 _numeric _text _timestamptz _uuid _varchar
";
