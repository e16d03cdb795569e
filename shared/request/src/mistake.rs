//! A mistake in a configuration file, and all of them at once.

use std::fmt;

/// One mistake: where, and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file's name, as configured.
    pub file: String,
    /// The line, from 1; 0 where no single line is to blame.
    pub line: usize,
    /// What is wrong, for the person who wrote the file.
    pub text: String,
}

impl Mistake {
    /// A mistake at the byte `offset` of `content`, the whole text of `file`.
    #[must_use]
    pub fn at(file: &str, content: &str, offset: usize, text: impl Into<String>) -> Self {
        let before = content.as_bytes().get(..offset).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Self { file: file.into(), line, text: text.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.text),
            line => write!(f, "{}:{line}: {}", self.file, self.text),
        }
    }
}

/// Every mistake that was found; nothing starts while there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, mistake) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            mistake.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_file_and_line() {
        let mistake = Mistake::at("targets.toml", "a = 1\nb = 2\n", 6, "`b` is not known");
        assert_eq!(mistake.to_string(), "targets.toml:2: `b` is not known");
    }
}
