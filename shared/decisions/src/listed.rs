//! Long lists of signposts, read page by page until enough of what is looked for was found.

use audit::Ledger;
use futures_util::future::join_all;
use state::{Item, Key};

use crate::{Error, posts::partition};

/// What was found of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// As many as one looks at, in the list's order.
    pub all: Vec<T>,
    /// Whether the list was not looked through to its end: there may be more.
    pub more: bool,
}

/// Up to `most` of what stands in the list after `after`. What `pick` has nothing for is passed over
/// without a read; the others are read a few at a time, and those that turn out to be nothing do not
/// count.
pub(crate) async fn gather<T, F>(
    prefix: &str,
    after: Option<Key>,
    most: usize,
    mut pick: impl FnMut(Key, Item) -> Option<F>,
    on: &Ledger,
) -> Result<Listed<T>, Error>
where
    F: Future<Output = Result<Option<T>, Error>>,
{
    let (partition, mut after, mut all) = (partition()?, after, Vec::new());
    for _ in 0..PAGES {
        let page = on.store().list(&partition, prefix, after.as_ref(), PAGE).await?;
        let end = page.len() < PAGE;
        after = page.last().map(|(key, _)| key.clone());
        let mut picked = page.into_iter().filter_map(|(key, item)| pick(key, item));
        loop {
            let few: Vec<F> = picked.by_ref().take(AT_ONCE).collect();
            if few.is_empty() {
                break;
            }
            for one in join_all(few).await {
                all.extend(one?);
            }
            if all.len() > most {
                all.truncate(most);
                return Ok(Listed { all, more: true });
            }
        }
        if end {
            return Ok(Listed { all, more: false });
        }
    }
    Ok(Listed { all, more: true })
}

/// Signposts that are read at once.
const PAGE: usize = 200;
/// Pages: 2,000 signposts, and at most as many requests, are read within a few seconds. Whoever waits
/// longer sees nothing.
const PAGES: usize = 10;
/// Requests that are read at the same time; each is 256 KiB at most.
const AT_ONCE: usize = 16;
