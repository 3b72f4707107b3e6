//! Names as the lexicon finds them in a sentence: longest first, notes applied, before any merging.

use chrono::NaiveDate;

use super::words;
use crate::lexicon::{Lexicon, NameOf, Sort, Words};
use crate::model::{Kind, Sentence, Via};

/// A stretch of tokens that the lexicon knows, with all entries that bear the name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Range of its candidates in `Scene::candidates`.
    range: (u32, u32),
    /// What the best candidate is to matching.
    pub sort: Sort,
    /// Whether the best candidate is a human being.
    pub person: bool,
}

/// One sentence with its names.
pub(super) struct Scene<'a> {
    pub lexicon: &'a Lexicon,
    pub day: NaiveDate,
    pub text: &'a str,
    pub sentence: &'a Sentence,
    pub words: &'a Words,
    /// Most words begin with a capital, as in many headlines.
    pub titled: bool,
    /// Capitals throughout.
    pub shouted: bool,
    pub pieces: Vec<Piece>,
    candidates: Vec<u32>,
    /// Countries that some piece names.
    countries: Vec<&'a str>,
}

impl<'a> Scene<'a> {
    /// Finds the names of a sentence.
    pub fn new(
        lexicon: &'a Lexicon,
        day: NaiveDate,
        text: &'a str,
        sentence: &'a Sentence,
        words: &'a Words,
    ) -> Self {
        let mut scene = Scene {
            lexicon,
            day,
            text,
            sentence,
            words,
            titled: false,
            shouted: false,
            pieces: Vec::new(),
            candidates: Vec::new(),
            countries: Vec::new(),
        };
        scene.find();
        scene
    }

    fn find(&mut self) {
        let actors = &self.lexicon.actors;
        let mut at = 0;
        let mut styled = false;
        let mut found: Vec<(usize, u32)> = Vec::new();
        while at < self.words.len() {
            found.clear();
            actors.matcher().at(self.words, at, |f| found.push((f.to, f.payload)));
            if found.is_empty() {
                at += 1;
                continue;
            }
            if !styled {
                (self.titled, self.shouted) = style(self.words);
                styled = true;
            }
            // Longest first; a shorter name gets its chance when notes forbid the longer.
            found.sort_by_key(|(to, name)| (std::cmp::Reverse(*to), *name));
            match self.longest(at, &found) {
                Some(piece) => {
                    at = piece.to;
                    self.pieces.push(piece);
                }
                None => at += 1,
            }
        }
    }

    /// Whether some piece of the sentence names this country.
    pub fn names_country(&self, country: &str) -> bool {
        self.countries.contains(&country)
    }

    fn longest(&mut self, from: usize, found: &[(usize, u32)]) -> Option<Piece> {
        let actors = &self.lexicon.actors;
        let mut rest = found;
        while let Some(&(to, _)) = rest.first() {
            let n = rest.iter().take_while(|f| f.0 == to).count();
            let start = self.candidates.len();
            for &(_, name) in &rest[..n] {
                if self.allows(&actors.names()[name as usize], from, to) {
                    self.candidates.push(name);
                }
            }
            if self.candidates.len() > start {
                let range = (start as u32, self.candidates.len() as u32);
                let mut piece = Piece { from, to, range, sort: Sort::Agent, person: false };
                let best = self.choose(&piece, |_| 0);
                let entry = actors.entry(best.entry);
                (piece.sort, piece.person) = (entry.sort(), entry.is_person());
                if let Some(country) = entry.country().filter(|_| entry.kind() == Kind::Country) {
                    self.countries.push(country);
                }
                return Some(piece);
            }
            rest = &rest[n..];
        }
        None
    }

    /// Whether the notes of a name let it stand here.
    fn allows(&self, name: &NameOf, from: usize, to: usize) -> bool {
        if self.shouted && name.via == Via::Acronym && words::SHOUTED.contains(&self.word(from)) {
            return false;
        }
        // `US$20 million` is money.
        if self.touches(to, '$') {
            return false;
        }
        // "Jack London": a town's name after a strange first name is a surname.
        let entry = self.lexicon.actors.entry(name.entry);
        let place = entry.sort() == Sort::Place;
        // "Juan Carlos Jobet" is not the king: a strange surname makes somebody else of a known name.
        if entry.is_person() && !self.titled && !self.shouted && to < self.words.len() && self.is_strange(to)
        {
            return false;
        }
        if place && to == from + 1 && from > 1 && !self.titled && self.is_strange(from - 1) {
            return false;
        }
        let Some(notes) = self.lexicon.actors.notes(name) else { return true };
        if notes.not_first_name && !self.titled && to < self.words.len() && self.is_strange(to) {
            return false;
        }
        if notes.not_surname && from > 0 && (from == 1 || !self.titled) && self.is_strange(from - 1) {
            return false;
        }
        notes.allow(self.words, from, to)
    }

    /// Whether token `i` begins with this character and touches the one before.
    fn touches(&self, i: usize, c: char) -> bool {
        let tokens = &self.sentence.tokens;
        i > 0
            && i < tokens.len()
            && tokens[i].span.start == tokens[i - 1].span.end
            && tokens[i].span.of(self.text).starts_with(c)
    }

    /// Whether token `i` is a capitalised word that nobody knows: half of somebody's name.
    pub fn is_strange(&self, i: usize) -> bool {
        let word = self.word(i);
        let opens = i == 0 && (word.ends_with("ing") || word.ends_with("ly") || word.ends_with("ed"));
        self.is_name_like(i)
            && !opens
            && !words::has(words::COMMON, word)
            && !self.pieces.iter().any(|p| p.from <= i && i < p.to)
            && !self.is_known(i)
    }

    /// A capitalised word of letters, or an initial.
    pub fn is_name_like(&self, i: usize) -> bool {
        let word = self.word(i);
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_uppercase)
            && chars.all(|c| c.is_alphabetic() || matches!(c, '\'' | '.' | '-'))
            && (self.shouted || word.len() < 5 || word.chars().skip(1).any(char::is_lowercase))
    }

    /// Whether any name of the lexicon begins at token `i`.
    fn is_known(&self, i: usize) -> bool {
        let mut known = false;
        self.lexicon.actors.matcher().at(self.words, i, |_| known = true);
        known
    }

    /// The folded text of token `i`.
    pub fn word(&self, i: usize) -> &str {
        self.words.get(i)
    }

    /// Whether token `i` is this word, whatever its capitals.
    pub fn is(&self, i: usize, word: &str) -> bool {
        i < self.words.len() && self.word(i).eq_ignore_ascii_case(word)
    }

    /// Whether token `i` is in a list.
    pub fn is_in(&self, i: usize, list: &[&str]) -> bool {
        i < self.words.len() && words::has(list, self.word(i))
    }

    /// Whether token `i` is a possessive ending.
    pub fn is_possessive(&self, i: usize) -> bool {
        i < self.words.len() && matches!(self.word(i), "'s" | "'" | "'S")
    }

    /// The names that a piece may be.
    pub fn names(&self, piece: &Piece) -> impl Iterator<Item = &'a NameOf> + '_ {
        let actors = &self.lexicon.actors;
        self.candidates[piece.range.0 as usize..piece.range.1 as usize]
            .iter()
            .map(move |&n| &actors.names()[n as usize])
    }

    /// The likeliest reading of a piece; `bonus` comes before all other reasons.
    pub fn choose(&self, piece: &Piece, bonus: impl Fn(&NameOf) -> i32) -> &'a NameOf {
        let actors = &self.lexicon.actors;
        let rank = |n: &NameOf| {
            let entry = actors.entry(n.entry);
            let sort = match entry.sort() {
                Sort::Actor => 2,
                Sort::Place => 1,
                Sort::Agent => 0,
            };
            (
                bonus(n),
                sort,
                entry.is_active(self.day),
                entry.has_begun(self.day),
                n.full,
                leads(entry.kind()),
            )
        };
        let mut best: Option<&'a NameOf> = None;
        for name in self.names(piece) {
            if best.is_none_or(|b| rank(name) > rank(b)) {
                best = Some(name);
            }
        }
        best.expect("a piece has a candidate")
    }
}

fn leads(kind: Kind) -> bool {
    matches!(kind, Kind::Leader | Kind::Country)
}

/// Whether a sentence is written like a title, and whether in capitals throughout.
fn style(words: &Words) -> (bool, bool) {
    let (mut long, mut capital, mut letters, mut upper) = (0, 0, 0, 0);
    for i in 0..words.len() {
        let word = words.get(i);
        if word.len() > 3 && word.starts_with(char::is_alphabetic) {
            long += 1;
            capital += usize::from(word.starts_with(char::is_uppercase));
        }
        letters += word.chars().filter(|c| c.is_alphabetic()).count();
        upper += word.chars().filter(|c| c.is_uppercase()).count();
    }
    let stopped = !words.is_empty() && matches!(words.get(words.len() - 1), "." | "\"" | "”");
    // A headline bears no full stop; a short sentence full of names does.
    (
        !stopped && long >= 4 && capital * 10 >= long * 8,
        words.len() >= 3 && letters > 0 && upper * 10 >= letters * 9,
    )
}
