//! Pieces of trees that are put together into sentences.

use chancery::model::{Rel, Upos, Xpos};
use chancery::syntax::conllu::{Gold, GoldWord};

/// Words in order with a head among them; heads count from the piece's first word.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// The words; the head of the head means nothing yet.
    pub words: Vec<GoldWord>,
    /// The one that the others hang on.
    pub head: usize,
}

/// One word.
pub fn leaf(form: &str, upos: Upos, xpos: Xpos) -> Phrase {
    let word =
        GoldWord { form: form.into(), lemma: form.into(), upos, xpos, head: 0, rel: Rel::Root, span: None };
    Phrase { words: vec![word], head: 0 }
}

impl Phrase {
    /// With another piece in front, hung on word `on` of this one.
    pub fn before_on(mut self, on: usize, other: Phrase, rel: Rel) -> Phrase {
        let grown = other.words.len();
        let own = std::mem::take(&mut self.words);
        self.words = other.words;
        (self.words[other.head].head, self.words[other.head].rel) = ((on + grown) as u16, rel);
        self.words.extend(own.into_iter().map(|w| GoldWord { head: w.head + grown as u16, ..w }));
        self.head += grown;
        self
    }

    /// With another piece behind, hung on word `on` of this one.
    pub fn after_on(mut self, on: usize, other: Phrase, rel: Rel) -> Phrase {
        let from = self.words.len();
        self.words.extend(other.words.into_iter().map(|w| GoldWord { head: w.head + from as u16, ..w }));
        let head = &mut self.words[from + other.head];
        (head.head, head.rel) = (on as u16, rel);
        self
    }

    /// With another piece in front, hung on the head.
    pub fn before(self, other: Phrase, rel: Rel) -> Phrase {
        let on = self.head;
        self.before_on(on, other, rel)
    }

    /// With another piece behind, hung on the head.
    pub fn after(self, other: Phrase, rel: Rel) -> Phrase {
        let on = self.head;
        self.after_on(on, other, rel)
    }

    /// With a mark of punctuation behind.
    pub fn point(self, mark: &str) -> Phrase {
        self.after(punct(mark), Rel::Punct)
    }

    /// With a comma in front.
    pub fn comma(self) -> Phrase {
        self.before(punct(","), Rel::Punct)
    }

    /// A sentence whose root is the head; begins with a capital.
    pub fn sentence(mut self) -> Gold {
        let n = self.words.len() as u16;
        let root = &mut self.words[self.head];
        (root.head, root.rel) = (n, Rel::Root);
        if let Some(first) = self.words.first_mut() {
            let mut chars = first.form.chars();
            first.form = chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect());
        }
        Gold { text: String::new(), words: self.words }
    }
}

/// A mark of punctuation.
pub fn punct(mark: &str) -> Phrase {
    let xpos = match mark {
        "." => Xpos::Stop,
        "," => Xpos::Comma,
        _ => Xpos::Colon,
    };
    leaf(mark, Upos::Punct, xpos)
}

/// A preposition with what stands under it.
pub fn under(preposition: &str, what: Phrase) -> Phrase {
    what.before(leaf(preposition, Upos::Adp, Xpos::In), Rel::Case)
}

/// Words that are one name: the first is the head.
pub fn name(words: &[&str]) -> Phrase {
    let mut out = leaf(words[0], Upos::Propn, Xpos::Nnp);
    for word in &words[1..] {
        out = out.after(leaf(word, Upos::Propn, Xpos::Nnp), Rel::Flat);
    }
    out
}

/// Several pieces as a list, joined by commas and `last` before the last.
pub fn list(pieces: Vec<Phrase>, last: &str) -> Phrase {
    let n = pieces.len();
    let mut pieces = pieces.into_iter();
    let Some(mut out) = pieces.next() else { return leaf("both", Upos::Pron, Xpos::Dt) };
    for (i, piece) in pieces.enumerate() {
        let piece = if i + 2 == n && last != "," {
            piece.before(leaf(last, Upos::Cconj, Xpos::Cc), Rel::Cc)
        } else {
            piece.comma()
        };
        out = out.after(piece, Rel::Conj);
    }
    out
}
