//! Words that may not say what they look like: letters of several scripts in one word, or a whole word
//! of letters that look like Latin ones (after UTS 39, 5: mixed and whole script confusables).

/// A word, and those of its letters that are not what they look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Odd {
    /// The word.
    pub(crate) word: String,
    /// Its odd letters, as `U+0430 Cyrillic`, each once.
    pub(crate) letters: Vec<String>,
}

/// The odd words of a text, each once, in their order; at most a few, which is enough to be wary.
pub(crate) fn odd(text: &str) -> Vec<Odd> {
    let mut found: Vec<Odd> = Vec::new();
    if text.is_ascii() {
        return found;
    }
    for word in
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_ascii())
    {
        if found.len() < LIMIT && is_odd(word) && !found.iter().any(|odd| odd.word == word) {
            found.push(Odd { word: word.to_owned(), letters: letters(word) });
        }
    }
    found
}

fn is_odd(word: &str) -> bool {
    let scripts = || word.chars().filter_map(script);
    let mixed = scripts().any(|one| scripts().any(|other| one != other));
    let disguised = word.chars().any(|c| script(c) == Some(Script::Styled));
    let mut letters = word.chars().filter(|c| c.is_alphabetic()).peekable();
    let twins = letters.peek().is_some() && letters.all(|c| TWINS.contains(c));
    mixed || disguised || twins
}

fn letters(word: &str) -> Vec<String> {
    let mut letters = Vec::new();
    for c in word.chars().filter(|c| script(*c).is_some_and(|script| script != Script::Latin)) {
        let name = script(c).map_or("", Script::name);
        let letter = format!("U+{:04X} {name}", u32::from(c));
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    letters
}

/// The scripts whose letters are taken for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Armenian,
    Cherokee,
    Cyrillic,
    Greek,
    Latin,
    /// Full-width, mathematical and enclosed letters: Latin ones in other clothes.
    Styled,
}

impl Script {
    fn name(self) -> &'static str {
        match self {
            Self::Armenian => "Armenian",
            Self::Cherokee => "Cherokee",
            Self::Cyrillic => "Cyrillic",
            Self::Greek => "Greek",
            Self::Latin => "Latin",
            Self::Styled => "styled",
        }
    }
}

/// The script of a letter; nothing for digits, marks, and scripts that nobody takes for Latin.
fn script(c: char) -> Option<Script> {
    let script = match c {
        'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{ba}' => Script::Latin,
        '\u{c0}'..='\u{24f}' if !matches!(c, '×' | '÷') => Script::Latin,
        '\u{250}'..='\u{2af}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}' => {
            Script::Cyrillic
        }
        '\u{a640}'..='\u{a69f}' => Script::Cyrillic,
        '\u{530}'..='\u{58f}' => Script::Armenian,
        '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Script::Cherokee,
        '\u{2100}'..='\u{214f}' | '\u{24b6}'..='\u{24e9}' => Script::Styled,
        '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => Script::Styled,
        '\u{1d400}'..='\u{1d7ff}' | '\u{1f130}'..='\u{1f189}' => Script::Styled,
        _ => return None,
    };
    Some(script)
}

/// Cyrillic and Greek letters that look like Latin ones in most fonts.
const TWINS: &str = "аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅԌοινΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

/// Whoever reads ten of them reads no further.
const LIMIT: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        odd(text).into_iter().map(|odd| odd.word).collect()
    }

    #[test]
    fn a_word_of_two_scripts_is_odd_and_says_which_letters() {
        let found = odd("SELECT * FROM cust\u{43e}mers");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].word, "cust\u{43e}mers");
        assert_eq!(found[0].letters, ["U+043E Cyrillic"]);
    }

    #[test]
    fn a_whole_word_that_looks_latin_is_odd() {
        assert_eq!(words("DROP \u{441}\u{43e}\u{440}\u{435}"), ["\u{441}\u{43e}\u{440}\u{435}"]);
        assert_eq!(words("\u{ff53}\u{ff45}lect"), ["\u{ff53}\u{ff45}lect"]);
        assert_eq!(words("\u{1d41a}"), ["\u{1d41a}"]);
    }

    #[test]
    fn words_of_living_languages_are_not_odd() {
        for text in
            ["Straße", "naïve café", "привет мир", "Ελληνικά", "李雷", "مرحبا", "ASCII_1", "ığdır"]
        {
            assert_eq!(words(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_word_is_told_once_and_not_too_many_are() {
        let twice = "аb аb";
        assert_eq!(words(twice).len(), 1);
        let many: Vec<String> = (0..99).map(|n| format!("а{n}b")).collect();
        assert_eq!(words(&many.join(" ")).len(), LIMIT);
    }
}
