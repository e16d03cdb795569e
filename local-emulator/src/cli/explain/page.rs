//! What was decided as a page for people, 80 columns wide.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use super::view::{Decided, Demanded, Out, Refused, View, Who};
use crate::lines::{harmless, wrapped};

/// The page.
pub(super) fn of(view: &View) -> String {
    let mut page = Page::default();
    // Nothing that is written to a text fails.
    let _ = page.view(view);
    page.0
}

/// Two columns: what it is about, and what there is to say about it.
#[derive(Default)]
struct Page(String);

impl Page {
    fn view(&mut self, view: &View) -> fmt::Result {
        self.row("target", &view.target)?;
        self.chain(&view.chain, view.shown)?;
        match (&view.refused, &view.decided) {
            (Some(refused), _) => self.refused(refused),
            (None, Some(decided)) => self.decided(decided),
            (None, None) => Ok(()),
        }
    }

    fn chain(&mut self, chain: &[Who], shown: Option<&str>) -> fmt::Result {
        let mut label = "asked by";
        for (depth, who) in chain.iter().enumerate() {
            let groups = match &who.groups {
                None => "groups unknown".to_owned(),
                Some(groups) => listed("in", groups),
            };
            let below = if depth == 0 { "" } else { "below it, " };
            let how = shown.filter(|_| depth + 1 == chain.len());
            let how = how.map(|how| format!(", as {how}")).unwrap_or_default();
            self.row(label, &format!("{below}{} of {}{groups}{how}", who.subject, who.issuer))?;
            label = "";
        }
        match chain {
            [] => self.row(label, "nobody that is known"),
            _ => Ok(()),
        }
    }

    fn refused(&mut self, refused: &Refused) -> fmt::Result {
        self.row("would be", &format!("refused: {}/{}", refused.stage, refused.word))?;
        self.row("because", &refused.because.join(": "))?;
        self.list("policies", &refused.policies)?;
        self.row("told", &refused.told)?;
        self.row("on record", refused.receipt.as_deref().unwrap_or("no"))
    }

    fn decided(&mut self, decided: &Decided) -> fmt::Result {
        let asked = people(&decided.duties.approvers);
        let would = match asked.as_str() {
            "" => "run".to_owned(),
            asked => format!("waiting for {asked}"),
        };
        self.row("would be", &would)?;
        self.list("policies", &decided.policies)?;
        self.row("in force", &decided.in_force)?;
        self.row("class", &format!("{} ({})", decided.class, decided.verbs.join(", ")))?;
        self.list("reads", &decided.reads)?;
        self.list("changes", &decided.writes)?;
        self.list("no WHERE", &decided.unfiltered)?;
        let mut label = "columns";
        for (relation, columns) in &decided.columns {
            self.row(label, &format!("{relation}: {}", columns.join(", ")))?;
            label = "";
        }
        self.list("functions", &decided.functions)?;
        self.list("tags shown", &decided.tags)?;
        self.list("tags used", &decided.uses)?;
        self.duties(&decided.duties)?;
        self.result(&decided.outputs)?;
        self.sent(decided)
    }

    fn duties(&mut self, duties: &Demanded) -> fmt::Result {
        let mut label = "masks";
        for (tag, held) in &duties.masks {
            let text = format!("{tag}: shown as {}, used as {}", held.shown, held.usage);
            self.row(label, &text)?;
            label = "";
        }
        let Demanded { max_rows, max_bytes, max_cells, timeout_ms, .. } = duties;
        let most =
            format!("{max_rows} rows, {max_bytes} bytes, {max_cells} cells, {timeout_ms} ms");
        self.row("at most", &most)
    }

    /// Each column of the result with where it comes from.
    fn result(&mut self, outputs: &[Out]) -> fmt::Result {
        for (at, output) in outputs.iter().enumerate() {
            let label = if at == 0 { "result" } else { "" };
            self.row(label, &lineage(output))?;
        }
        Ok(())
    }

    fn sent(&mut self, decided: &Decided) -> fmt::Result {
        let how = match (decided.rewritten, decided.mode) {
            (true, _) => "rewritten, so that it reads what is masked already",
            (false, "schema") => "as it was asked; the target's own views mask it",
            (false, _) => "as it was asked",
        };
        self.row("sent", how)?;
        if decided.keyed {
            self.row("", "with the mask key in two more parameters")?;
        }
        for line in harmless(&decided.sent).lines() {
            for line in wrapped(line, WIDTH - 2) {
                writeln!(self.0, "  {line}")?;
            }
        }
        Ok(())
    }

    /// Some names, or nothing where there are none.
    fn list(&mut self, label: &str, names: &[String]) -> fmt::Result {
        if names.is_empty() { Ok(()) } else { self.row(label, &names.join(", ")) }
    }

    fn row(&mut self, label: &str, text: &str) -> fmt::Result {
        let mut label = label;
        for line in wrapped(&harmless(text), WIDTH - LABEL) {
            writeln!(self.0, "{label:<LABEL$}{line}")?;
            label = "";
        }
        Ok(())
    }
}

fn lineage(output: &Out) -> String {
    let from = output.from.iter().map(|from| match (&from.tag, &from.mask) {
        (Some(tag), Some(mask)) => format!("{} ({tag}, shown as {mask})", from.column),
        _ => from.column.clone(),
    });
    let from: Vec<String> = from.collect();
    let name = &output.name;
    let made = match (from.as_slice(), output.straight) {
        ([], _) => "made of no column".to_owned(),
        (from, true) => from.join(", "),
        (from, false) => format!("computed from {}", from.join(", ")),
    };
    format!("{name}: {made}{}", if output.masked { "; masked" } else { "" })
}

fn listed(before: &str, names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(", {before} {}", names.join(", ")) }
}

fn people(approvers: &BTreeMap<String, u32>) -> String {
    let each = approvers.iter().map(|(group, count)| format!("{count} of {group}"));
    each.collect::<Vec<_>>().join(", ")
}

/// Of a terminal.
const WIDTH: usize = 80;

/// Of the words on the left.
const LABEL: usize = 12;
