//! Where a format puts what it finds: articles go on at once, losses are kept, limits are counted.

use std::ops::Range;

use serde_json::Value;

use super::charset::Source;
use super::fields::Fields;
use super::options::Options;
use super::{Decoded, Give, assemble, map_report};
use crate::model::{Item, Undecodable};

/// Losses told one by one; what comes after is told as one, so that a file of a million `{}` stays cheap.
pub const LISTED: usize = 1000;

/// The outcome of one document in the making.
pub struct Out<'o> {
    /// The document.
    pub item: &'o Item,
    /// How to read it.
    pub options: &'o Options,
    source: Option<&'o Source<'o>>,
    give: Give<'o>,
    made: Decoded,
    /// Losses beyond those that are listed one by one.
    more: (usize, Range<usize>),
    /// Whether the document holds more articles than it may.
    pub full: bool,
}

impl<'o> Out<'o> {
    /// For a document read as `source`. Ranges below are those of its text.
    pub fn new(item: &'o Item, source: &'o Source<'o>, options: &'o Options, give: Give<'o>) -> Self {
        let made = Decoded { charset: source.charset, replaced: source.replaced, ..Decoded::default() };
        Out { item, options, source: Some(source), give, made, more: (0, 0..0), full: false }
    }

    /// For a document read byte by byte: ranges below are those of its bytes.
    pub fn raw(item: &'o Item, options: &'o Options, give: Give<'o>) -> Self {
        let made = Decoded::default();
        Out { item, options, source: None, give, made, more: (0, 0..0), full: false }
    }

    fn bytes(&self, range: Range<usize>) -> Option<Range<u64>> {
        match self.source {
            Some(source) => source.bytes(range),
            None => Some(range.start as u64..range.end as u64),
        }
    }

    fn len(&self) -> usize {
        self.source.map_or(self.item.bytes.len(), |source| source.text.len())
    }

    /// Articles so far.
    pub fn found(&self) -> usize {
        self.made.found
    }

    /// Whether nothing was found or lost so far.
    pub fn is_new(&self) -> bool {
        self.made.found == 0 && self.made.lost.is_empty()
    }

    /// An article by its object. `alone`: it is all there is in the document, so that it needs no range.
    pub fn value(&mut self, value: &Value, range: Range<usize>, alone: bool) {
        let fields = super::fields::read(value, self.options, false);
        match map_report::readable(&fields, value, &self.item.path, self.options) {
            Ok(()) => self.article(fields, range, alone),
            Err(lost) => self.lose(lost.reason, lost.error, lost.hint, range),
        }
    }

    /// An article by its fields.
    pub fn article(&mut self, fields: Fields, range: Range<usize>, alone: bool) {
        if self.is_full(range.start) {
            return;
        }
        let bytes = self.bytes(range.clone()).filter(|_| !alone);
        match assemble::article(fields, self.item, bytes, self.options) {
            Ok(article) => {
                self.made.found += 1;
                (self.give)(article);
            }
            Err(lost) => self.lose(lost.reason, lost.error, lost.hint, range),
        }
    }

    /// Whether there is no room for an article that begins at `at`; the first time this is a loss.
    fn is_full(&mut self, at: usize) -> bool {
        let limit = self.options.limits.max_articles;
        if self.made.found < limit || self.full {
            return self.full;
        }
        self.full = true;
        let error = format!("more articles than the limit of {limit} for one document (max_articles)");
        let hint = format!("raise it: [input.limits] max_articles = {}", limit.saturating_mul(10));
        self.lose("too_many", error, Some(hint), at..self.len());
        true
    }

    /// Loses an element for its length.
    pub fn too_long(&mut self, place: &str, range: Range<usize>) {
        let (len, limit) = (range.len(), self.options.limits.max_line);
        let error =
            format!("{place}: {len} bytes, more than the limit of {limit} bytes for one article (max_line)");
        let hint = format!("raise it: [input.limits] max_line = {}", len.next_power_of_two());
        self.lose("too_long", error, Some(hint), range);
    }

    /// Records a loss.
    pub fn lose(&mut self, reason: &'static str, error: String, hint: Option<String>, range: Range<usize>) {
        if self.made.lost.len() >= LISTED {
            if self.more.0 == 0 {
                self.more.1.start = range.start;
            }
            self.more.0 += 1;
            self.more.1.end = range.end;
            return;
        }
        let range = self.bytes(range);
        self.made.lost.push(Undecodable { reason, error, hint, range, ..Undecodable::default() });
    }

    /// What was read. A document with nothing in it is a loss too.
    pub fn finish(mut self) -> Decoded {
        let (more, range) = self.more.clone();
        if more > 0 {
            let error =
                format!("{more} more parts could not be read; the first {LISTED} are listed one by one");
            let range = self.bytes(range);
            self.made.lost.push(Undecodable { reason: "more", error, range, ..Undecodable::default() });
        }
        if self.made.found == 0 && self.made.lost.is_empty() {
            self.lose("no_articles", "no article in it".to_owned(), None, 0..self.len());
        }
        self.made
    }
}
