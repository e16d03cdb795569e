//! `SHOW` of a setting that says how values are written and read, and nothing about who or where.

use pg_query::NodeEnum;

use crate::Error;

/// Whether the setting that the statement asks for may be shown.
///
/// # Errors
/// [`Error::Kind`] for any that is not on the list, `ALL` among them.
pub(super) fn read(statement: &NodeEnum) -> Result<(), Error> {
    let NodeEnum::VariableShowStmt(show) = statement else {
        return Err(Error::Unfollowed("SHOW"));
    };
    let mut known = SETTINGS.split_whitespace();
    if known.any(|known| known.eq_ignore_ascii_case(&show.name)) {
        return Ok(());
    }
    Err(Error::Kind("SHOW".into()))
}

/// What drivers and people ask before they write a query.
const SETTINGS: &str = "
    bytea_output client_encoding datestyle default_text_search_config extra_float_digits
    integer_datetimes intervalstyle lc_collate lc_ctype lc_messages lc_monetary lc_numeric lc_time
    max_identifier_length max_index_keys server_encoding server_version server_version_num
    standard_conforming_strings statement_timeout timezone transaction_isolation
    transaction_read_only
";
