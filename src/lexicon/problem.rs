//! What is wrong with a lexicon file, told so that its author can mend it.

use std::fmt;
use std::ops::Range;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The lexicon does not load.
    Error,
    /// It loads; somebody should look.
    Warning,
}

/// One fault in one line of a lexicon file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the lexicon loads all the same.
    pub severity: Severity,
    /// Path inside the lexicon directory.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// Bytes of that line which are meant.
    pub columns: Range<usize>,
    /// A stable short word to look up or count by: `kind`, `date`, `note` …
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// The line itself.
    pub source: String,
}

impl Problem {
    /// An error on a whole line of `text`.
    pub fn at_line(
        file: &str,
        text: &str,
        line: usize,
        code: &'static str,
        message: String,
        hint: &str,
    ) -> Self {
        let source = text.lines().nth(line.saturating_sub(1)).unwrap_or("").to_string();
        let columns = 0..source.trim_end().len();
        let (file, hint) = (file.to_string(), hint.to_string());
        Problem { severity: Severity::Error, file, line, columns, code, message, hint, source }
    }

    /// An error at a byte range of `text`, as TOML readers report it.
    pub fn at_bytes(
        file: &str,
        text: &str,
        bytes: Range<usize>,
        code: &'static str,
        message: String,
        hint: &str,
    ) -> Self {
        let start = bytes.start.min(text.len());
        let before = text.as_bytes()[..start].iter().filter(|&&b| b == b'\n').count();
        let line_start = text.as_bytes()[..start].iter().rposition(|&b| b == b'\n').map_or(0, |p| p + 1);
        let mut out = Problem::at_line(file, text, before + 1, code, message, hint);
        let last = out.source.len();
        let from = (start - line_start).min(last);
        out.columns = from..(bytes.end.max(start) - line_start).clamp(from, last);
        out
    }

    /// The same, as a warning.
    pub fn warn(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{what}: {}:{}: {}", self.file, self.line, self.message)?;
        // Long rows are cut to a window around the fault; tabs would shift the caret, so they become blanks.
        let chars: Vec<char> = self.source.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
        let scalar = |byte: usize| self.source.char_indices().take_while(|(i, _)| *i < byte).count();
        let (from, to) = (scalar(self.columns.start), scalar(self.columns.end));
        let left = from.saturating_sub(40);
        let right = chars.len().min(left + 100);
        let window: String = chars[left..right].iter().collect();
        let (head, tail) = (if left > 0 { "…" } else { "" }, if right < chars.len() { "…" } else { "" });
        let gutter = self.line.to_string();
        writeln!(f, "  {gutter} | {head}{window}{tail}")?;
        let width = to.min(right).saturating_sub(from).max(1);
        let pad = from - left + head.chars().count();
        write!(f, "  {} | {}{}", " ".repeat(gutter.len()), " ".repeat(pad), "^".repeat(width))?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_shows_its_line_and_points_at_the_place() {
        let text = "id\tname\nfoo\tBär\tbad";
        let mut p =
            Problem::at_line("actors/a.tsv", text, 2, "kind", "unknown kind \"bad\"".into(), "one of …");
        p.columns = 9..12;
        let shown = p.to_string();
        assert_eq!(
            shown,
            "error: actors/a.tsv:2: unknown kind \"bad\"\n  2 | foo Bär bad\n    |         ^^^\n  hint: one of …"
        );
    }

    #[test]
    fn a_byte_range_finds_its_line() {
        let p = Problem::at_bytes("t", "a = 1\nb = ?\n", 10..11, "toml", "bad".into(), "");
        assert_eq!((p.line, p.columns), (2, 4..5));
    }
}
