//! How a statement is written changes nothing about its verdict: comments, white space, case,
//! quotes, dollar quotes.

use pg_query::protobuf::{KeywordKind, Token};
use request::{Params, Statement, TargetName};
use serde_json::Value;

use crate::{
    corpus,
    generator::Rng,
    setup::{clinic, shop},
    stand::{self, Mode, Side, known},
};

#[test]
fn writing_a_statement_otherwise_does_not_change_its_verdict() {
    stand::run(verdicts_stay());
}

async fn verdicts_stay() {
    let (clinic, shop) = tokio::join!(clinic("one"), shop());
    let mut rng = Rng(7);
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (folder, side) in [("bypass", &clinic.side), ("analyst", &shop)] {
        for case in corpus::cases(folder) {
            let Some(written) = otherwise(&case.text, &mut rng) else { continue };
            for mode in Mode::ALL {
                let first = verdict(side, mode, &case.text, &case.params).await;
                let second = verdict(side, mode, &written, &case.params).await;
                compared += 1;
                if first != second {
                    let told = format!("{first} became {second}:\n  {written}");
                    wrong.push(format!("{} [{}]: {told}", case.name, mode.word()));
                }
            }
        }
    }
    assert!(compared > 2000, "{compared}");
    assert!(wrong.is_empty(), "{} verdicts changed:\n{}", wrong.len(), wrong.join("\n"));
}

/// What vetting says, in one word.
async fn verdict(on: &Side, mode: Mode, text: &str, params: &[Value]) -> String {
    let ports = &on.ports;
    let Ok(statement) = Statement::new(text) else { return "no statement".into() };
    let name = TargetName::new(mode.word()).unwrap();
    let permit = policy::admit(known(&ports.verifier).await, &name, &ports.policies).unwrap();
    let deadline = request::Deadline::within(std::time::Duration::from_secs(20));
    let catalogue =
        targets::catalogue(&permit, &ports.vault, &*ports.driver, &ports.surveys, deadline);
    let catalogue = catalogue.await.unwrap();
    let params = Params::new(params.to_vec()).unwrap();
    let looked = vetting::look(statement, params, permit, &catalogue);
    match looked.and_then(|looked| vetting::vet(looked, None, false)) {
        Ok(vetted) => format!("answered {}", vetted.reading().fingerprint),
        Err(error) => error.kind().into(),
    }
}

/// The same statement in other letters; nothing where it does not fall into words.
fn otherwise(text: &str, rng: &mut Rng) -> Option<String> {
    // The parser's library cannot give the words of a text that has none.
    if text.trim().is_empty() || text.len() > 20_000 {
        return None;
    }
    let mut tokens = pg_query::scan_tokens(text).ok()?;
    tokens.retain(|t| !matches!(t.token(), Token::SqlComment | Token::CComment));
    if tokens.is_empty() {
        return None;
    }
    let escapes = text.to_lowercase().contains("uescape");
    let mut out = gap(rng);
    for token in &tokens {
        let word = text.get(token.start as usize..token.end as usize)?;
        let word = match token.token() {
            Token::Ident => identifier(word, rng),
            Token::Sconst if !escapes => literal(word, rng),
            _ if token.keyword_kind() != KeywordKind::NoKeyword => cased(word, rng),
            _ => word.to_owned(),
        };
        out.push_str(&word);
        out.push_str(&gap(rng));
    }
    Some(out)
}

fn gap(rng: &mut Rng) -> String {
    let pieces = [" ", "  ", "\n", "\t", " /* ; ' */ ", " /* /* \" */ */ ", " -- $1 '\n", "\r\n"];
    pieces[rng.below(pieces.len())].into()
}

fn cased(word: &str, rng: &mut Rng) -> String {
    let mut other = |c: char| match rng.below(2) {
        0 => c.to_ascii_uppercase(),
        _ => c.to_ascii_lowercase(),
    };
    word.chars().map(&mut other).collect()
}

fn identifier(word: &str, rng: &mut Rng) -> String {
    if word.starts_with('"') || word.starts_with("U&") || word.starts_with("u&") {
        return word.into();
    }
    match rng.below(2) {
        0 => cased(word, rng),
        _ => format!("\"{}\"", word.to_ascii_lowercase()),
    }
}

/// A literal between other quotes, where there is nothing in it that reads otherwise there.
fn literal(word: &str, rng: &mut Rng) -> String {
    let inner = word.strip_prefix('\'').and_then(|word| word.strip_suffix('\''));
    let plain = |inner: &&str| !inner.contains(['\\', '$', '\n']);
    match inner.filter(plain) {
        Some(inner) if rng.below(2) == 0 => format!("$q${}$q$", inner.replace("''", "'")),
        _ => word.into(),
    }
}

#[test]
fn another_way_of_writing_is_the_same_statement() {
    let text = "SELECT \"ssn\", 'it''s', name FROM People WHERE id = $1 -- x";
    let print = |text: &str| pg_query::fingerprint(text, 0, 0).unwrap().hex;
    let mut rng = Rng(1);
    for _ in 0..50 {
        let written = otherwise(text, &mut rng).unwrap();
        assert_eq!(print(&written), print(text), "{written}");
    }
}
