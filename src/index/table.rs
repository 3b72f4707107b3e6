//! The table: one row a line, in the order of the files.

use std::collections::hash_map::Entry;

use memchr::memmem::Finder;
use xxhash_rust::xxh3::xxh3_64;

use super::line::{ArticleLine, EventLine, Line, PartyLine};
use super::names::{Map, Names};

/// Where a line stands: file number, byte offset, length without its newline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Number of the file, in the order in which files were found.
    pub file: u32,
    /// Bytes from its beginning.
    pub at: u64,
    /// Bytes of the line.
    pub len: u32,
}

/// One event as the table holds it. Names are numbers of [`Index`]'s lists; 0 is none.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where the whole record stands.
    pub spot: Spot,
    /// Hash of the record's id.
    pub key: u64,
    /// Revision of the record.
    pub rev: u32,
    /// Day of the event.
    pub day: i32,
    /// Day of publication, else of sight.
    pub told: i32,
    /// Second of sight.
    pub seen: i64,
    /// Countries that the record joins as a pair.
    pub dyad: u32,
    /// Publisher.
    pub source: u32,
    /// Article.
    pub article: u32,
    /// Story.
    pub story: u32,
    /// Country of the place named.
    pub place: u32,
    /// Topics, a bit each.
    pub topics: u64,
    text: (u64, u32),
    parties: (u32, u8, u8),
    countries: (u32, u8, u8),
    /// Number of the event type.
    pub event: u8,
    /// Quad class, 1 to 4.
    pub quad: u8,
    /// Caveats, a bit each.
    pub aux: u8,
    /// Confidence in percent.
    pub confidence: u8,
    /// Tenths, -100 to 100.
    pub intensity: i8,
    /// Told earlier in the same article.
    pub duplicate: bool,
    /// A later line took its place, or took it back.
    pub gone: bool,
}

/// What a line did to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// A new row.
    Event(u32),
    /// An article's line.
    Article,
    /// The same record again, or an older revision.
    Repeated,
}

/// An article's own line.
#[derive(Clone, Copy, Debug)]
struct ArticleAt {
    spot: Spot,
    told: i32,
    silent: bool,
}

/// All that was read.
#[derive(Debug, Default)]
pub struct Index {
    rows: Vec<Row>,
    by_key: Map<u64, u32>,
    parties: Vec<u32>,
    countries: Vec<u32>,
    text: Vec<u8>,
    /// By article.
    titles: Vec<Box<str>>,
    /// All titles in lower case, end to end, as they came; with their articles and ends.
    title_text: Vec<u8>,
    title_ends: Vec<(u32, u64)>,
    article_lines: Map<u32, ArticleAt>,
    /// How actors are called, by number.
    called: Map<u32, Box<str>>,
    /// Country of an actor, by number.
    home: Map<u32, u32>,
    /// Lexicon ids of actors; the text where there is none.
    pub actors: Names,
    /// Country codes.
    pub places: Names,
    /// Pairs.
    pub dyads: Names,
    /// Publishers.
    pub sources: Names,
    /// Articles.
    pub articles: Names,
    /// Stories.
    pub stories: Names,
    /// Topics; only the first 63 have a bit.
    pub topics: Names,
    /// Lines that repeat a record already held.
    pub repeated: u64,
    /// Rows that a later line replaced or took back.
    pub replaced: u64,
    /// Records that stand: neither replaced nor taken back.
    pub held: u64,
    /// Newest day of publication.
    pub newest: i32,
    /// Newest second of sight.
    pub last_seen: i64,
}

impl Index {
    /// Takes in a line that stands at `spot`.
    pub fn add(&mut self, line: Line, spot: Spot) -> Added {
        match line {
            Line::Event(event) => self.add_event(&event, spot),
            Line::Article(article) => {
                self.add_article(&article, spot);
                Added::Article
            }
        }
    }

    fn add_article(&mut self, line: &ArticleLine, spot: Spot) {
        let article = self.articles.number(&line.id);
        self.name_article(article, &line.title);
        self.newest = self.newest.max(line.told);
        let at = ArticleAt { spot, told: line.told, silent: line.events == 0 };
        self.article_lines.insert(article, at);
    }

    fn add_event(&mut self, line: &EventLine, spot: Spot) -> Added {
        let key = xxh3_64(line.id.as_bytes());
        let old = self.by_key.get(&key).copied();
        if let Some(old) = old {
            let row = &mut self.rows[old as usize];
            if row.rev >= line.rev && (row.gone || !line.retracted) {
                self.repeated += 1;
                return Added::Repeated;
            }
            self.held -= u64::from(!row.gone);
            row.gone = true;
            self.replaced += 1;
        }
        let mut row = self.row(line, spot, key);
        row.gone = line.retracted;
        self.held += u64::from(!row.gone);
        let number = self.rows.len() as u32;
        self.by_key.insert(key, number);
        self.newest = self.newest.max(row.told);
        self.last_seen = self.last_seen.max(row.seen);
        self.rows.push(row);
        Added::Event(number)
    }

    fn row(&mut self, line: &EventLine, spot: Spot, key: u64) -> Row {
        let article = self.articles.number(&line.article);
        self.name_article(article, &line.title);
        let text = (self.text.len() as u64, line.text.len() as u32);
        self.text.extend_from_slice(line.text.as_bytes());
        let parties = self.parties.len() as u32;
        line.actors.iter().chain(&line.recipients).for_each(|p| self.add_party(p));
        let countries = self.countries.len() as u32;
        for code in line.actor_country.iter().chain(&line.recipient_country) {
            let n = self.places.number(code);
            self.countries.push(n);
        }
        let few = |n: usize| n.min(255) as u8;
        let mut topics = 0;
        for topic in &line.topics {
            topics |= 1u64.checked_shl(self.topics.number(topic)).unwrap_or(0);
        }
        Row {
            spot,
            key,
            rev: line.rev,
            day: line.day,
            told: line.told,
            seen: line.seen,
            dyad: self.dyads.number(&line.dyad),
            source: self.sources.number(&line.source),
            article,
            story: self.stories.number(&line.story),
            place: self.places.number(&line.place),
            topics,
            text,
            parties: (parties, few(line.actors.len()), few(line.recipients.len())),
            countries: (countries, few(line.actor_country.len()), few(line.recipient_country.len())),
            event: line.event,
            quad: line.quad,
            aux: line.aux,
            confidence: (line.confidence * 100.0).round().clamp(0.0, 100.0) as u8,
            intensity: (line.intensity * 10.0).round().clamp(-100.0, 100.0) as i8,
            duplicate: line.duplicate,
            gone: false,
        }
    }

    fn name_article(&mut self, article: u32, title: &str) {
        if self.titles.len() < self.articles.len() {
            self.titles.resize(self.articles.len(), Default::default());
        }
        let slot = &mut self.titles[article as usize];
        if slot.is_empty() && !title.is_empty() {
            *slot = title.into();
            self.title_text.extend_from_slice(title.to_lowercase().as_bytes());
            self.title_ends.push((article, self.title_text.len() as u64));
        }
    }

    fn add_party(&mut self, party: &PartyLine) {
        let n = self.actors.number(&party.id);
        self.parties.push(n);
        if let Entry::Vacant(slot) = self.called.entry(n) {
            slot.insert(party.name.as_str().into());
            let home = self.places.number(&party.country);
            self.home.insert(n, home);
        }
    }

    /// All rows, those that are gone included, in the order of the files.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Rows that stand.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = (u32, &Row)> {
        self.rows.iter().enumerate().filter(|(_, r)| !r.gone).map(|(i, r)| (i as u32, r))
    }

    /// The row that holds a record.
    pub fn find(&self, id: &str) -> Option<(u32, &Row)> {
        let n = *self.by_key.get(&xxh3_64(id.as_bytes()))?;
        Some((n, &self.rows[n as usize]))
    }

    /// Actors of a row, then its recipients, as numbers.
    pub fn parties_of(&self, row: &Row) -> (&[u32], &[u32]) {
        let (at, a, r) = (row.parties.0 as usize, row.parties.1 as usize, row.parties.2 as usize);
        (&self.parties[at..at + a], &self.parties[at + a..at + a + r])
    }

    /// Countries of a row's actors, then of its recipients, as numbers.
    pub fn countries_of(&self, row: &Row) -> (&[u32], &[u32]) {
        let (at, a, r) = (row.countries.0 as usize, row.countries.1 as usize, row.countries.2 as usize);
        (&self.countries[at..at + a], &self.countries[at + a..at + a + r])
    }

    /// How an actor is called.
    pub fn called(&self, actor: u32) -> &str {
        self.called.get(&actor).map_or("", |c| c)
    }

    /// The code of an actor's country; empty for none.
    pub fn home(&self, actor: u32) -> &str {
        self.places.text(self.home.get(&actor).copied().unwrap_or(0))
    }

    /// An article's title; empty when it has none.
    pub fn title(&self, article: u32) -> &str {
        self.titles.get(article as usize).map_or("", |t| t)
    }

    /// Where an article's own line stands, if it was written.
    pub fn article_line(&self, article: u32) -> Option<Spot> {
        self.article_lines.get(&article).map(|a| a.spot)
    }

    /// Articles with a line of their own: (all, without events).
    pub fn article_counts(&self) -> (u64, u64) {
        let silent = self.article_lines.values().filter(|a| a.silent).count();
        (self.article_lines.len() as u64, silent as u64)
    }

    /// Days of publication of the articles that have a line of their own.
    pub(super) fn article_days(&self) -> impl Iterator<Item = i32> {
        self.article_lines.values().map(|a| a.told)
    }

    /// Whether sentence or title hold the word (lower case); for one row.
    pub(super) fn holds(&self, row: &Row, word: &str) -> bool {
        let (at, len) = (row.text.0 as usize, row.text.1 as usize);
        memchr::memmem::find(&self.text[at..at + len], word.as_bytes()).is_some()
            || self.title(row.article).to_lowercase().contains(word)
    }

    /// Whether sentence or title hold the word (lower case); for every row. Each text is walked through once from end to
    /// end, which is many times faster than looking at it row by row.
    pub(super) fn holding(&self, word: &str) -> Vec<bool> {
        let word = Finder::new(word);
        let mut titled = vec![false; self.titles.len()];
        hits(
            &self.title_text,
            &word,
            self.title_ends.len(),
            |n| self.title_ends[n].1,
            |n| {
                titled[self.title_ends[n].0 as usize] = true;
            },
        );
        let mut found: Vec<bool> = self.rows.iter().map(|r| titled[r.article as usize]).collect();
        let end = |n: usize| self.rows[n].text.0 + u64::from(self.rows[n].text.1);
        hits(&self.text, &word, self.rows.len(), end, |n| found[n] = true);
        found
    }

    /// Bytes the table takes, nearly.
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<Row>()
            + self.by_key.capacity() * 17
            + (self.parties.capacity() + self.countries.capacity()) * 4
            + self.text.capacity()
            + self.titles.iter().map(|t| t.len() + 16).sum::<usize>()
            + self.title_text.capacity()
            + self.title_ends.capacity() * 16
            + self.articles.len() * 64
    }
}

/// Calls `each` with the number of every stretch of the text that holds the word. Stretches lie end to end; `end` tells
/// where one ends.
fn hits(
    text: &[u8],
    word: &Finder,
    stretches: usize,
    end: impl Fn(usize) -> u64,
    mut each: impl FnMut(usize),
) {
    let (mut at, mut n) = (0, 0);
    while let Some(hit) = text.get(at..).and_then(|rest| word.find(rest)).map(|from| at + from) {
        // The stretch is near where words are frequent, and far where they are rare.
        let mut step = 1;
        while n + step < stretches && end(n + step) <= hit as u64 {
            step *= 2;
        }
        let (mut low, mut high) = (n, (n + step).min(stretches));
        while low < high {
            let middle = (low + high) / 2;
            if end(middle) <= hit as u64 { low = middle + 1 } else { high = middle }
        }
        n = low;
        if n == stretches {
            return;
        }
        // What lies across an end is in neither.
        at = if hit + word.needle().len() <= end(n) as usize {
            each(n);
            end(n) as usize
        } else {
            hit + 1
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_their_own_stretch() {
        let stretches = ["abc", "", "cab", "xx", "ab", "cc", "b"];
        let text = stretches.concat();
        let mut ends = Vec::new();
        stretches.iter().for_each(|s| ends.push(ends.last().unwrap_or(&0) + s.len() as u64));
        for word in ["a", "ab", "c", "cc", "ca", "bc", "xxa", "zz", "b"] {
            let mut found = Vec::new();
            hits(text.as_bytes(), &Finder::new(word), ends.len(), |n| ends[n], |n| found.push(n));
            let right: Vec<usize> = (0..7).filter(|n| stretches[*n].contains(word)).collect();
            assert_eq!(found, right, "{word}");
        }
    }
}
