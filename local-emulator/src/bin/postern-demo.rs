//! Starts the emulator and tells the story on both clouds' function models.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::Instant,
};

use clap::Parser;
use local_emulator::{
    binaries::Binaries,
    emulator::{Cloud, Emulator},
    lines::wrapped,
    process::Log,
    program::{self, Failure},
    story::{self, Told},
};

/// An agent's statements on the way through Postern, on this machine.
#[derive(Parser)]
#[command(name = "local-emulator/demo")]
struct Options {
    /// Print one JSON object a line and nothing else.
    #[arg(long)]
    json: bool,
    /// Leave everything running afterwards, and print how to call it.
    #[arg(long)]
    keep: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    program::work("demo", run(&Options::parse())).await
}

/// Whether every step came out as it must.
async fn run(options: &Options) -> Result<bool, Failure> {
    let out = Out { json: options.json };
    out.line("Postern: what an agent asks of a database, on its way through the functions\nof two clouds. Only the clouds are emulated.\n")?;
    let began = Instant::now();
    let binaries = Binaries::beside()?;
    let log = Log::default();
    let tell = |what: &str| _ = out.line(&format!("  starting {what}"));
    let emulator = Emulator::start(&binaries, log, &tell).await?;
    out.line(&format!("  ready after {:.1} s", began.elapsed().as_secs_f32()))?;
    let mut wrong = 0;
    for cloud in Cloud::ALL {
        out.line(&heading(cloud, &emulator))?;
        let mut failed = Ok(());
        let mut each = |told: &Told| {
            wrong += u32::from(!told.ok());
            failed = out.step(told);
        };
        story::tell(&emulator, cloud, &mut each).await?;
        out.line("\nThe same agent starts others, and they start others")?;
        story::chain::tell(&emulator, cloud, &mut each).await?;
        out.line("\nWhat is too much for an agent alone waits for people")?;
        story::people::tell(&emulator, cloud, &mut each).await?;
        failed?;
    }
    records(&emulator, &out).await?;
    match wrong {
        0 => out.line("\nEvery step came out as it must.")?,
        n => out.line(&format!("\n{n} steps came out wrong."))?,
    }
    if options.keep {
        keep(&emulator, &out)?;
        std::future::pending::<()>().await;
    }
    emulator.stop().await;
    Ok(wrong == 0)
}

fn heading(cloud: Cloud, emulator: &Emulator) -> String {
    let name = match cloud {
        Cloud::Aws => "AWS: Lambda, Secrets Manager",
        Cloud::Azure => "Azure: Functions custom handler, Key Vault",
    };
    let (requests, tokens) = (emulator.url(cloud), emulator.token_url(cloud));
    format!("\n{name}\nstatements go to {requests}, tokens come from {tokens}")
}

async fn records(emulator: &Emulator, out: &Out) -> Result<(), Failure> {
    out.line("\nWhat is on record on AWS: a chain of hashes for each agent")?;
    out.line("seq  previous    what happened")?;
    for line in story::on_record(emulator.ledger(Cloud::Aws)).await? {
        out.line(&line)?;
    }
    Ok(())
}

fn keep(emulator: &Emulator, out: &Out) -> Result<(), Failure> {
    let token = story::support(emulator)?;
    out.line("\nEverything keeps running until Ctrl-C. Ask it yourself, as a bearer:\n")?;
    out.line(&format!("ROOT_TOKEN={token}"))?;
    for cloud in Cloud::ALL {
        let url = emulator.url(cloud);
        out.line(&format!(
            "curl -s {url}/v1/query \\\n  -H \"Authorization: Bearer $ROOT_TOKEN\" \
             -H 'Content-Type: application/json' \\\n  \
             -d '{{\"target\":\"shop\",\"statement\":\"SELECT name, ssn FROM customers WHERE id = 7\"}}'"
        ))?;
    }
    out.line(
        "\nOr start agents with keys, in Python, Node or bare shell: tests/examples/README.md\n",
    )?;
    for cloud in Cloud::ALL {
        let (url, tokens) = (emulator.url(cloud), emulator.token_url(cloud));
        out.line(&format!(
            "REQUEST_URL={url} TOKEN_URL={tokens} ROOT_TOKEN=$ROOT_TOKEN tests/examples/shell/child.sh"
        ))?;
    }
    out.line(&format!("\nThe ledger on AWS: {}", emulator.ledger(Cloud::Aws).display()))?;
    Ok(())
}

/// Where the story goes: to people, or to programs.
struct Out {
    json: bool,
}

impl Out {
    /// A line for people.
    fn line(&self, text: &str) -> io::Result<()> {
        if self.json { Ok(()) } else { writeln!(io::stdout(), "{text}") }
    }

    fn step(&self, told: &Told) -> io::Result<()> {
        if self.json {
            return writeln!(io::stdout(), "{}", told.json());
        }
        let mark = if told.ok() { "ok  " } else { "FAIL" };
        self.line(&format!("\n{mark} {}", told.step))?;
        if let Some(statement) = &told.statement {
            for line in wrapped(statement, 72) {
                self.line(&format!("       {line}"))?;
            }
        }
        self.line(&format!("     → {}", told.got))?;
        for line in wrapped(told.detail.as_deref().unwrap_or_default(), 72) {
            if !line.is_empty() {
                self.line(&format!("       {line}"))?;
            }
        }
        if !told.ok() {
            self.line(&format!("       expected: {}", told.expected))?;
        }
        Ok(())
    }
}
