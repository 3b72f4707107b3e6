//! The square brackets after a name: when it counts and when not.

use super::fold::{Words, fold, hash_folded};

/// A token of a word, or of words in a row, that must or must not stand in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) hash: u64,
    /// Whether it was written with a capital.
    pub(super) capital: bool,
    /// Whether it ends its row of words.
    pub(super) last: bool,
}

/// A name with its notes; or the part that is not understood, and why.
pub type Split<'t> = Result<(&'t str, Option<Box<Notes>>), (&'t str, String)>;

/// The conditions on a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Only with exactly these letters.
    pub exact: bool,
    /// Not when a surname follows.
    pub not_first_name: bool,
    /// Not when a first name stands before.
    pub not_surname: bool,
    /// Rows of words end to end.
    pub(super) needs: Vec<Cue>,
    pub(super) not: Vec<Cue>,
}

impl Notes {
    /// Splits `Georgia [not: Atlanta; case]` into the name and its notes.
    ///
    /// # Errors
    /// The part of the text that is not understood, and why.
    pub fn split(written: &str) -> Split<'_> {
        let Some(open) = written.find('[') else {
            return Ok((written.trim(), None));
        };
        let (name, rest) = (written[..open].trim(), &written[open..]);
        let Some(inner) = rest.strip_prefix('[').and_then(|r| r.trim_end().strip_suffix(']')) else {
            return Err((rest, "a note must end with ] at the end of the name".into()));
        };
        if name.is_empty() {
            return Err((written, "a note without a name before it".into()));
        }
        let mut notes = Notes::default();
        for part in inner.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            match part.split_once(':').map(|(k, v)| (k.trim(), v)) {
                Some(("needs", list)) => cues(list, &mut notes.needs),
                Some(("not", list)) => cues(list, &mut notes.not),
                None if part == "case" => notes.exact = true,
                None if part == "not-first-name" => notes.not_first_name = true,
                None if part == "not-surname" => notes.not_surname = true,
                _ => return Err((part, format!("unknown note \"{part}\""))),
            }
        }
        Ok((name, Some(Box::new(notes))))
    }

    /// Whether nothing but the case was noted.
    pub fn is_plain(&self) -> bool {
        !self.not_first_name && !self.not_surname && self.needs.is_empty() && self.not.is_empty()
    }

    /// Whether the words of the sentence outside `from..to` let the name stand.
    pub fn allow(&self, words: &Words, from: usize, to: usize) -> bool {
        let any = |list: &[Cue]| list.split_inclusive(|c| c.last).any(|cue| stands(cue, words, from, to));
        (self.needs.is_empty() || any(&self.needs)) && !any(&self.not)
    }
}

fn cues(list: &str, out: &mut Vec<Cue>) {
    for words in list.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        out.extend(words.split([' ', '-']).map(|t| Cue {
            hash: hash_folded(&fold(t)),
            capital: t.starts_with(char::is_uppercase),
            last: false,
        }));
        if let Some(end) = out.last_mut() {
            end.last = true;
        }
    }
}

/// Whether the words stand in a row somewhere outside `from..to`.
fn stands(cue: &[Cue], words: &Words, from: usize, to: usize) -> bool {
    (0..words.len()).filter(|i| !(from..to).contains(i)).any(|start| {
        let mut at = start;
        cue.iter().all(|part| {
            while at < words.len() && at > start && words.is_joint(at) {
                at += 1;
            }
            let fits = at < words.len()
                && words.hash(at) == part.hash
                && (!part.capital || words.get(at).starts_with(char::is_uppercase));
            at += 1;
            fits
        })
    })
}

/// Splits a cell of names at `;`, but not inside brackets.
pub fn names(cell: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    cell.split(move |c| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ';' && depth == 0
    })
    .map(str::trim)
    .filter(|n| !n.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        let mut w = Words::default();
        text.split(' ').for_each(|t| w.push(t));
        w
    }

    #[test]
    fn notes_are_split_from_names() {
        let (name, notes) = Notes::split("Turkey [not: roast, deli meat; case]").unwrap();
        let notes = notes.unwrap();
        assert_eq!((name, notes.exact, notes.not.len()), ("Turkey", true, 3), "roast; deli meat");
        assert!(Notes::split("Turkey [never: x]").is_err());
        assert!(Notes::split("Turkey [case").is_err());
        assert_eq!(names("A [not: x; case]; B ;C").collect::<Vec<_>>(), ["A [not: x; case]", "B", "C"]);
    }

    #[test]
    fn words_in_the_sentence_decide() {
        let notes =
            Notes::split("Georgia [not: Atlanta, state senate; needs: minister, talks]").unwrap().1.unwrap();
        assert!(notes.allow(&words("talks in Georgia began"), 2, 3));
        assert!(!notes.allow(&words("Georgia won"), 0, 1));
        assert!(!notes.allow(&words("talks in Georgia near Atlanta"), 2, 3));
        assert!(!notes.allow(&words("the minister told Georgia state senate"), 3, 4));
        assert!(
            notes.allow(&words("minister of Georgia saw atlanta"), 2, 3),
            "small letters are another word"
        );
    }
}
