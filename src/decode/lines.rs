//! Where in a text something stands, for a person: line and column.

/// Line and column of places that come in rising order, each part of the text counted once.
pub struct Lines {
    at: usize,
    line: usize,
    start: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Lines { at: 0, line: 1, start: 0 }
    }
}

impl Lines {
    fn seek(&mut self, text: &str, at: usize) {
        if at < self.at {
            *self = Lines::default();
        }
        for newline in memchr::memchr_iter(b'\n', &text.as_bytes()[self.at..at]) {
            self.line += 1;
            self.start = self.at + newline + 1;
        }
        self.at = at;
    }

    /// `line 3, column 7` of a place (columns in characters, both from 1).
    pub fn place(&mut self, text: &str, at: usize) -> String {
        self.seek(text, at);
        format!("line {}, column {}", self.line, text[self.start..at].chars().count() + 1)
    }

    /// The place that a parser calls (`line`, `column`) when its text began at `base`.
    pub fn offset(&mut self, text: &str, base: usize, line: usize, column: usize) -> String {
        self.seek(text, base);
        let column = if line <= 1 { base - self.start + column } else { column };
        format!("line {}, column {}", self.line + line.max(1) - 1, column)
    }
}
