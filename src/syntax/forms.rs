//! What the models see of a word before any tag: its hashes, endings, shape and vector.

use super::{hash, inflect, vectors};

/// The look of one word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Form {
    /// Hash of the word as written, digits made alike.
    pub exact: u32,
    /// Hash of the lower-case word, digits made alike.
    pub lower: u32,
    /// Hashes of the last one to four letters, lower case.
    pub suffix: [u32; 4],
    /// Hashes of the first one to three letters, lower case.
    pub prefix: [u32; 3],
    /// Hash of the shape (`Xxx`, `X.X.`, `0,0`).
    pub shape: u32,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether all its letters are capitals (two and more).
    pub shout: bool,
    /// Which forms of verbs of events it can be, see [`inflect::kind`].
    pub kind: u32,
    /// Number of its vector, 0 for none.
    pub vector: u16,
}

/// How a sentence is set: as prose, in Title Case or in CAPITALS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Case {
    /// Capitals mean names.
    #[default]
    Prose,
    /// Most words have one: a headline.
    Title,
    /// All letters are capitals.
    Capitals,
}

/// The words of one sentence.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// One for each token.
    pub words: Vec<Form>,
    /// How the sentence is set.
    pub case: Case,
    lower: String,
}

/// Letters of one kind follow each other once only in a shape.
fn shape(word: &str) -> u32 {
    let mut last = 0;
    let mut run = 0;
    let kinds = word.chars().filter_map(|c| {
        let kind = match c {
            '0'..='9' => b'0',
            c if c.is_uppercase() => b'X',
            c if c.is_alphabetic() => b'x',
            c if c.is_ascii() => c as u8,
            _ => b'?',
        };
        run = if kind == last { run + 1 } else { 0 };
        last = kind;
        (run < 2).then_some(kind)
    });
    hash::bytes(kinds.collect::<smallbuf::Buf>())
}

/// A few bytes on the stack.
mod smallbuf {
    /// At most 24 bytes; the rest is dropped.
    #[derive(Default)]
    pub struct Buf([u8; 24], usize);

    impl FromIterator<u8> for Buf {
        fn from_iter<I: IntoIterator<Item = u8>>(iter: I) -> Self {
            let mut buf = Buf::default();
            for b in iter.into_iter().take(24) {
                buf.0[buf.1] = b;
                buf.1 += 1;
            }
            buf
        }
    }

    impl IntoIterator for Buf {
        type Item = u8;
        type IntoIter = std::iter::Take<std::array::IntoIter<u8, 24>>;
        fn into_iter(self) -> Self::IntoIter {
            let n = self.1;
            self.0.into_iter().take(n)
        }
    }
}

impl Forms {
    /// Looks at the words of a sentence, replacing what was there.
    pub fn look<'a>(&mut self, words: impl Iterator<Item = &'a str> + Clone) {
        self.words.clear();
        for word in words {
            let form = self.form(word);
            self.words.push(form);
        }
        self.case = self.set();
    }

    fn form(&mut self, word: &str) -> Form {
        self.lower.clear();
        for c in word.chars() {
            match c {
                '’' | '‘' => self.lower.push('\''),
                '“' | '”' => self.lower.push('"'),
                c if c.is_ascii() => self.lower.push(c.to_ascii_lowercase()),
                c => self.lower.extend(c.to_lowercase()),
            }
        }
        let alike = |b: u8| if b.is_ascii_digit() { b'0' } else { b };
        let low = self.lower.as_bytes();
        let mut form = Form {
            exact: hash::bytes(word.bytes().map(alike)),
            lower: hash::bytes(low.iter().copied().map(alike)),
            shape: shape(word),
            ..Form::default()
        };
        let mut ends = self.lower.char_indices().rev();
        for slot in &mut form.suffix {
            let Some((at, _)) = ends.next() else { break };
            *slot = hash::bytes(low[at..].iter().copied().map(alike));
        }
        let mut starts = self.lower.char_indices().skip(1).map(|(at, _)| at).chain([low.len()]);
        for slot in &mut form.prefix {
            let Some(at) = starts.next() else { break };
            *slot = hash::bytes(low[..at].iter().copied().map(alike));
        }
        form.capital = word.starts_with(char::is_uppercase);
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        form.shout = letters > 1 && !word.chars().any(char::is_lowercase);
        form.kind = inflect::kind(form.lower);
        form.vector = vectors::find(hash::bytes(low.iter().copied()));
        form
    }

    /// How the sentence is set, by its longer words.
    fn set(&self) -> Case {
        let words = self.words.iter().filter(|w| w.prefix[2] != 0 && w.suffix[3] != 0);
        let (mut all, mut capital, mut shout) = (0, 0, 0);
        for w in words {
            all += 1;
            capital += usize::from(w.capital);
            shout += usize::from(w.shout);
        }
        if all >= 3 && shout * 10 >= all * 9 {
            Case::Capitals
        } else if all >= 4 && capital * 10 >= all * 8 {
            Case::Title
        } else {
            Case::Prose
        }
    }
}
