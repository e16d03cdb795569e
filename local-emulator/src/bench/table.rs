//! The figures as people read them.

use super::{
    Figures,
    aims::{Aim, mebibytes},
    cells::Cells,
    chains::Chains,
    cold::Cold,
    disk::Disk,
    footprint::Footprint,
    race::{Function, Race},
    spread::Spread,
};
use crate::emulator::Cloud;

/// All of it, by sections.
pub(super) fn of(figures: &Figures) -> String {
    let mut lines =
        vec![format!("Times in ms, {} profile, {} cores", figures.profile, figures.cores)];
    if figures.profile != "release" {
        lines.push("Not the release profile: these figures say nothing.".into());
    }
    figures.races.iter().for_each(|one| race(one, &mut lines));
    cells(&figures.cells, &mut lines);
    chains(&figures.chains, &mut lines);
    cold(&figures.cold, &mut lines);
    footprint(&figures.footprint, &mut lines);
    disk(&figures.disk, &mut lines);
    lines.extend(["".into(), "Aims".into()]);
    lines.extend(figures.aims.iter().map(aim));
    lines.join("\n")
}

fn race(race: &Race, lines: &mut Vec<String>) {
    let title = format!("{}, {} times each", race.question, race.rounds);
    lines.push(String::new());
    lines.push(format!(
        "{title:<48}{:>8}{:>9}   {:>7}{:>7}   {:>8}{:>8}",
        "p50", "p99", "× p50", "× p99", "+ p50", "+ p99"
    ));
    lines.push(plain("tokio-postgres, prepared once", race.prepared));
    lines.push(plain("tokio-postgres, prepared per call: × 1, + 0", race.per_call));
    for one in &race.functions {
        function(one, lines);
    }
}

fn plain(what: &str, spread: Spread) -> String {
    format!("  {what:<46}{:>8.3}{:>9.3}", spread.p50_ms, spread.p99_ms)
}

fn function(function: &Function, lines: &mut Vec<String>) {
    lines.push(format!(
        "{}   {:>7.2}{:>7.2}   {:>8.3}{:>8.3}",
        plain(model(function.cloud), function.query),
        function.ratio_p50,
        function.ratio_p99,
        function.added_p50_ms,
        function.added_p99_ms
    ));
    if let Some(untagged) = function.untagged {
        lines.push(plain("  without a tagged column", untagged));
    }
    lines.push(format!(
        "{}   {:>14}   {:>8.3}{:>8.3}",
        plain("  its host alone: GET /healthz", function.health),
        "without host",
        function.added_without_host_p50_ms,
        function.added_without_host_p99_ms
    ));
}

fn model(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Aws => "Lambda function URL",
        Cloud::Azure => "Azure custom handler",
    }
}

fn cells(cells: &Cells, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("{:<48}{:>8}{:>9}", "Cells looked into, in process", "length", "µs"));
    for one in &cells.looked_into {
        lines.push(format!("  {:<46}{:>8}{:>9.3}", one.column, one.length, one.us_per_cell));
    }
    lines.push(format!("{:<56}{:>9}", "Cells on the way, at 10,000 rows", "µs"));
    for one in &cells.on_the_way {
        let name = model(one.cloud);
        let all = format!("{name}: any, by all added but the host");
        lines.push(format!("  {all:<54}{:>9.3}", one.added_us_per_cell));
        let masked = format!("{name}: masked, over one looked into");
        lines.push(format!("  {masked:<54}{:>9.3}", one.masked_us_per_cell));
    }
}

fn chains(chains: &Chains, lines: &mut Vec<String>) {
    lines.push(String::new());
    let title = "Chains, a token and its proof, one core";
    lines.push(format!(
        "{title:<48}{:>8}{:>9}   {:>7}{:>14}",
        "p50", "p99", "× p50", "token, bytes"
    ));
    lines.push(plain("two ES256 signatures and nothing else: × 1", chains.signatures));
    for one in &chains.verified {
        let what = plain(&format!("verified, at depth {}", one.depth), one.took);
        lines.push(format!("{what}   {:>7.2}{:>14}", one.ratio_p50, one.token_bytes));
    }
    for one in &chains.exchanged {
        let what = format!("exchanged, key in a file, {}", model(one.cloud));
        lines.push(plain(&what, one.took));
    }
}

fn cold(cold: &Cold, lines: &mut Vec<String>) {
    let title = format!("A process on Lambda, {} cold starts", cold.starts);
    lines.push(String::new());
    lines.push(format!("{title:<48}{:>8}{:>9}", "p50", "max"));
    let times = [("first poll", cold.first_poll), ("first answer", cold.first_answer)];
    for (what, spread) in times {
        let what = format!("from spawn to its {what}");
        lines.push(format!("  {what:<46}{:>8.3}{:>9.3}", spread.p50_ms, spread.max_ms));
    }
}

fn footprint(all: &[Footprint], lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("{:<48}{:>8}{:>9}", "The functions, in MiB", "binary", "memory"));
    for one in all {
        let memory = one.peak_memory_bytes.map_or(f64::NAN, mebibytes);
        let binary = mebibytes(one.binary_bytes);
        lines.push(format!("  {:<46}{binary:>8.1}{memory:>9.1}", model(one.cloud)));
    }
}

fn disk(disk: &Disk, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("{:<48}{:>8}{:>9}", "The disk by itself", "p50", "p99"));
    lines.push(plain("4 KiB and fsync", disk.fsync));
    lines.push(plain("4 KiB and fdatasync", disk.fdatasync));
    lines.push(plain("a commit to a local ledger; a request makes two", disk.commit));
}

fn aim(aim: &Aim) -> String {
    let Aim { what, measured, at_most, unit, met } = aim;
    let verdict = if *met { "met" } else { "missed" };
    format!("  {verdict:<8}{what:<50}{measured:>8.3} ≤ {at_most} {unit}")
}
