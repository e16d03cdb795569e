//! Requests to Table Storage and what its answers say.

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::Value;
use state::{Error, Key, Partition};

use super::{
    batch::{self, Answer, Operation},
    entity::{self, Row},
};
use crate::failure::Failure;

/// Where the table is, and as whom it is asked.
pub(super) struct Wire {
    pub(super) http: Client,
    pub(super) account: String,
    pub(super) table: String,
    pub(super) credential: Arc<dyn TokenCredential>,
}

/// Some rows of a range, and where it goes on.
pub(super) struct Page {
    pub(super) rows: Vec<(Key, Row)>,
    pub(super) next: Option<Next>,
}

/// The service's own mark of a place in a range: parameters of the next request.
pub(super) type Next = [(&'static str, String); 2];

impl Wire {
    pub(super) fn table(&self) -> String {
        format!("{}/{}", self.account, self.table)
    }

    /// Keys are in an alphabet that needs no escape, neither in a path nor in quotation marks.
    pub(super) fn address(&self, partition: &Partition, key: &Key) -> String {
        let (partition, key) = (partition.as_str(), key.as_str());
        format!("{}(PartitionKey='{partition}',RowKey='{key}')", self.table())
    }

    /// One row; all of its properties, or those named in `select`.
    pub(super) async fn row(
        &self,
        partition: &Partition,
        key: &Key,
        select: &str,
    ) -> Result<Option<Row>, Error> {
        let mut request = self.http.get(self.address(partition, key));
        if !select.is_empty() {
            request = request.query(&[("$select", select)]);
        }
        let answer = self.send(request).await?;
        let (status, etag) = (answer.status(), text(&answer, "etag"));
        let body = body(answer).await?;
        match (status, etag) {
            (StatusCode::OK, Some(etag)) => {
                let entity = serde_json::from_str(&body).map_err(|_| strange())?;
                entity::row(&entity, etag).map(Some).ok_or_else(strange)
            }
            // Not the table: that one is missing as `TableNotFound`.
            (StatusCode::NOT_FOUND, _) if code(&body).as_deref() == Some("ResourceNotFound") => {
                Ok(None)
            }
            _ => Err(refusal(status.as_u16(), &code(&body).unwrap_or_default())),
        }
    }

    pub(super) async fn page(
        &self,
        filter: &str,
        limit: usize,
        from: Option<Next>,
    ) -> Result<Page, Error> {
        let top = limit.min(ROWS_PER_PAGE).to_string();
        let (rows, next) = self.query(&[("$filter", filter), ("$top", &top)], from).await?;
        // The rows of a range come without their ETags, and nobody asks for them.
        let row = |row| Some((entity::key(row)?, entity::row(row, String::new())?));
        let rows = rows.iter().map(|each| row(each).ok_or_else(strange));
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, next })
    }

    /// Where rows of the whole table lie for which this is true, and where it goes on.
    pub(super) async fn places(
        &self,
        filter: &str,
        limit: usize,
        from: Option<Next>,
    ) -> Result<(Vec<(Partition, Key)>, Option<Next>), Error> {
        let (top, select) = (limit.min(ROWS_PER_PAGE).to_string(), "PartitionKey,RowKey");
        let query = [("$filter", filter), ("$top", &top), ("$select", select)];
        let (rows, next) = self.query(&query, from).await?;
        let place = |row| Some((entity::partition(row)?, entity::key(row)?));
        let places = rows.iter().map(|row| place(row).ok_or_else(strange));
        Ok((places.collect::<Result<_, _>>()?, next))
    }

    async fn query(
        &self,
        query: &[(&str, &str)],
        from: Option<Next>,
    ) -> Result<(Vec<Value>, Option<Next>), Error> {
        let request = self.http.get(format!("{}()", self.table())).query(query);
        let answer = self.send(request.query(&from.unwrap_or_default())).await?;
        let (status, next) = (answer.status(), next(&answer));
        let body = body(answer).await?;
        if status != StatusCode::OK {
            return Err(refusal(status.as_u16(), &code(&body).unwrap_or_default()));
        }
        let mut body: Value = serde_json::from_str(&body).map_err(|_| strange())?;
        match body.get_mut("value").map(Value::take) {
            Some(Value::Array(rows)) => Ok((rows, next)),
            _ => Err(strange()),
        }
    }

    /// Deletes the row if it is in this state, and says whether it was.
    pub(super) async fn delete(
        &self,
        partition: &Partition,
        key: &Key,
        etag: &str,
    ) -> Result<bool, Error> {
        let request = self.http.delete(self.address(partition, key));
        let answer = self.send(request.header(header::IF_MATCH, etag)).await?;
        let status = answer.status();
        let code = code(&body(answer).await?).unwrap_or_default();
        match (status.as_u16(), code.as_str()) {
            (204, _) => Ok(true),
            (404, "ResourceNotFound" | "EntityNotFound") => Ok(false),
            (412, "UpdateConditionNotSatisfied") => Ok(false),
            (status, code) => Err(refusal(status, code)),
        }
    }

    pub(super) async fn batch(
        &self,
        partition: &Partition,
        operations: &[Operation<'_>],
    ) -> Result<Answer, Error> {
        let boundary = uuid::Uuid::now_v7().to_string();
        let parts = batch::body(self, partition, operations, &boundary)?;
        let kind = format!("multipart/mixed; boundary=batch_{boundary}");
        let request = self.http.post(format!("{}/$batch", self.account));
        let answer = self.send(request.header(header::CONTENT_TYPE, kind).body(parts)).await?;
        let status = answer.status();
        let body = body(answer).await?;
        match status {
            StatusCode::ACCEPTED => batch::answer(&body, operations.len()),
            _ => Err(refusal(status.as_u16(), &code(&body).unwrap_or_default())),
        }
    }

    /// Sends it once: an answer that was lost may stand for a commit that was applied.
    async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let token = self.credential.get_token(&[SCOPE], None).await;
        let token = token.map_err(|error| Error::Unavailable(Failure::of_sdk(SERVICE, &error)))?;
        request
            .bearer_auth(token.token.secret())
            .header("x-ms-version", API)
            .header("DataServiceVersion", "3.0")
            .header(header::ACCEPT, "application/json;odata=nometadata")
            .send()
            .await
            .map_err(unavailable)
    }
}

/// The condition for rows of a partition whose keys start with a prefix and come after a key: `~`
/// sorts behind every character of a key.
pub(super) fn filter(partition: &Partition, prefix: &str, after: Option<&Key>) -> String {
    let mut filter = format!("PartitionKey eq '{}' and RowKey lt '{prefix}~'", partition.as_str());
    if !prefix.is_empty() {
        filter.push_str(&format!(" and RowKey ge '{prefix}'"));
    }
    if let Some(after) = after {
        filter.push_str(&format!(" and RowKey gt '{}'", after.as_str()));
    }
    filter
}

fn next(answer: &Response) -> Option<Next> {
    let partition = text(answer, "x-ms-continuation-nextpartitionkey")?;
    let row = text(answer, "x-ms-continuation-nextrowkey").unwrap_or_default();
    Some(place(partition, row))
}

/// The place that the service calls so.
pub(super) fn place(partition: String, row: String) -> Next {
    [("NextPartitionKey", partition), ("NextRowKey", row)]
}

fn text(answer: &Response, header: &str) -> Option<String> {
    answer.headers().get(header)?.to_str().ok().map(str::to_owned)
}

async fn body(answer: Response) -> Result<String, Error> {
    answer.text().await.map_err(unavailable)
}

/// The service's name for an error, out of the document that comes with it.
pub(super) fn code(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body.get("odata.error")?.get("code")?.as_str()?.to_owned())
}

/// An answer that is neither success nor a row in another state.
pub(super) fn refusal(status: u16, code: &str) -> Error {
    match code {
        "EntityTooLarge" | "PropertyValueTooLarge" | "RequestBodyTooLarge" => {
            Error::Refused("Table Storage takes no commit of this size")
        }
        _ => Error::Unavailable(Failure::new(SERVICE, format!("{status} {code}"))),
    }
}

fn unavailable(error: reqwest::Error) -> Error {
    Error::Unavailable(Failure::of_http(SERVICE, error))
}

pub(super) fn strange() -> Error {
    Error::Unavailable(Failure::new(SERVICE, "the answer cannot be read"))
}

const SERVICE: &str = "Table Storage";
const SCOPE: &str = "https://storage.azure.com/.default";

/// The first version that takes tokens for tables.
const API: &str = "2020-12-06";

/// The most that one page holds.
const ROWS_PER_PAGE: usize = 1000;
