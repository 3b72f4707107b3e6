//! A compiled lexicon as bytes: written when the program is built, read in a few milliseconds when it starts.
//!
//! Numbers are little-endian, lists and texts carry their length before them. Tests and warnings are not in it: they
//! are for whoever looks after the lexicon, and are read from the files.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::Lexicon;
use super::actors::{Actors, NameOf, Row, Sort, Term};
use super::matcher::{Case, Matcher, Name};
use super::notes::{Cue, Notes};
use super::rules::{Rule, RuleSet, Slot};
use super::strings::{Str, Strings};
use super::suppress::{Scope, Suppressor, Suppressors};
use super::terms::{Effect, TermOf, Terms};
use super::topics::{Topic, Topics};
use crate::model::{EventType, Kind, RuleRef, Via};

/// The first bytes; the number changes with the form.
const MAGIC: &[u8] = b"chancery lexicon 1\n";

impl Lexicon {
    /// The compiled lexicon as bytes, without its tests and warnings.
    pub fn to_flat(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        self.version.write(&mut out);
        self.sha256.write(&mut out);
        self.actors.write(&mut out);
        self.topics.write(&mut out);
        self.suppressors.write(&mut out);
        self.rules.rules.write(&mut out);
        out
    }

    /// Reads what `to_flat` wrote. `None` when the bytes are not whole or of another form.
    pub fn from_flat(bytes: &[u8]) -> Option<Lexicon> {
        let mut from = Cursor(bytes.strip_prefix(MAGIC)?);
        let from = &mut from;
        let mut out = Lexicon {
            version: Flat::read(from)?,
            sha256: Flat::read(from)?,
            actors: Flat::read(from)?,
            topics: Flat::read(from)?,
            suppressors: Flat::read(from)?,
            rules: RuleSet { rules: Flat::read(from)?, ..RuleSet::default() },
            ..Lexicon::default()
        };
        out.rules.index();
        from.0.is_empty().then_some(out)
    }
}

/// What is left to read.
struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    /// A length; never more than there are bytes left, so that a torn file asks for no mountain of memory.
    fn len(&mut self) -> Option<usize> {
        let n = u32::read(self)? as usize;
        (n <= self.0.len()).then_some(n)
    }
}

/// Numbers.
macro_rules! flat_numbers {
    ($($number:ty),*) => {$(
        impl Flat for $number {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn read(from: &mut Cursor) -> Option<Self> {
                let bytes = from.take(size_of::<$number>())?;
                Some(<$number>::from_le_bytes(bytes.try_into().ok()?))
            }
        }
    )*};
}

/// Structures, field by field: a field that is forgotten does not compile.
macro_rules! flat {
    ($name:ident { $($field:ident),* }) => {
        impl Flat for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $(self.$field.write(out);)*
            }

            fn read(from: &mut Cursor) -> Option<Self> {
                $(let $field = Flat::read(from)?;)*
                Some($name { $($field),* })
            }
        }
    };
}

/// Enumerations without fields, as their place in the list.
macro_rules! flat_choice {
    ($name:ident: $($variant:ident),*) => {
        impl Flat for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(*self as u8);
            }

            fn read(from: &mut Cursor) -> Option<Self> {
                let tag = u8::read(from)?;
                $(if tag == $name::$variant as u8 {
                    return Some($name::$variant);
                })*
                None
            }
        }
    };
}

flat_numbers!(u8, u16, u32, u64, i32, f32);
flat_choice!(Kind: Country, Government, Leader, Person, Igo, Ngo, Company, Media, ArmedGroup, Party, Region, Other);
flat_choice!(Via: Name, Alias, Title, Demonym, Capital, Metonym, Pronoun, Acronym);
flat_choice!(Sort: Actor, Place, Agent);
flat_choice!(Case: Exact, Proper, Any);
flat_choice!(Effect: Adds, Takes, Hides);
flat_choice!(Scope: Article, Sentence);
flat!(Strings { pool, ends });
flat!(Row { id, name, sort, kind, terms });
flat!(Term { name, country, sectors, office, cameo, wikidata, kind, from, to, review_by, file, line });
flat!(NameOf { entry, via, full, notes });
flat!(Cue { hash, capital, last });
flat!(Notes { exact, not_first_name, not_surname, needs, not });
flat!(Name { node, case, shout, payload, start, end });
flat!(TermOf { group, effect, weight, text, notes });
flat!(Topic { id, name, about, on, threshold });
flat!(Topics { list, terms });
flat!(Suppressor { id, about, scope, on, threshold });
flat!(Suppressors { list, terms });
flat!(RuleRef { id, at });
flat!(Rule {
    cite,
    event,
    mode,
    cameo,
    context,
    intensity,
    objects,
    not_objects,
    actor,
    recipient,
    needs_recipient,
    reciprocal,
    swap,
    passive,
    headline,
    comp,
    scope,
    confidence,
    comp_aux,
    negated,
    subjects,
    not_subjects,
    actor_kind,
    recipient_kind,
    without,
    triggers,
    examples,
    expect
});

/// Has a form in bytes.
trait Flat: Sized {
    fn write(&self, out: &mut Vec<u8>);
    fn read(from: &mut Cursor) -> Option<Self>;
}

impl Flat for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        Some(u8::read(from)? == 1)
    }
}

/// The text that a length announces.
fn text<'b>(from: &mut Cursor<'b>) -> Option<&'b str> {
    let n = from.len()?;
    std::str::from_utf8(from.take(n)?).ok()
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    (text.len() as u32).write(out);
    out.extend_from_slice(text.as_bytes());
}

/// Owners of text.
macro_rules! flat_texts {
    ($($owner:ty),*) => {$(
        impl Flat for $owner {
            fn write(&self, out: &mut Vec<u8>) {
                write_text(self, out);
            }

            fn read(from: &mut Cursor) -> Option<Self> {
                text(from).map(Into::into)
            }
        }
    )*};
}

flat_texts!(String, Box<str>, Arc<str>);

impl<T: Flat> Flat for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        (self.len() as u32).write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        let n = from.len()?;
        let mut out = Vec::with_capacity(n);
        for _ in 0..n {
            out.push(T::read(from)?);
        }
        Some(out)
    }
}

impl<T: Flat> Flat for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        if bool::read(from)? { T::read(from).map(Some) } else { Some(None) }
    }
}

impl<T: Flat> Flat for Box<T> {
    fn write(&self, out: &mut Vec<u8>) {
        (**self).write(out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        T::read(from).map(Box::new)
    }
}

impl<A: Flat, B: Flat> Flat for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl Flat for Str {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        u32::read(from).map(Str)
    }
}

impl Flat for NaiveDate {
    fn write(&self, out: &mut Vec<u8>) {
        self.num_days_from_ce().write(out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        NaiveDate::from_num_days_from_ce_opt(i32::read(from)?)
    }
}

impl Flat for EventType {
    fn write(&self, out: &mut Vec<u8>) {
        write_text(self.as_str(), out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        EventType::parse(text(from)?)
    }
}

impl Flat for Slot {
    fn write(&self, out: &mut Vec<u8>) {
        write_text(self.as_str(), out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        Slot::parse(text(from)?)
    }
}

impl Flat for Matcher {
    fn write(&self, out: &mut Vec<u8>) {
        self.keys.write(out);
        self.names.write(out);
        self.pool.write(out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        let (keys, names, pool) = (Vec::read(from)?, Vec::<Name>::read(from)?, String::read(from)?);
        let inside = |n: &Name| {
            n.node as usize <= keys.len() && n.start <= n.end && pool.is_char_boundary(n.end as usize)
        };
        names.iter().all(inside).then(|| Matcher::from_parts(keys, names, pool))
    }
}

impl Flat for Terms {
    fn write(&self, out: &mut Vec<u8>) {
        self.list.write(out);
        self.matcher.write(out);
        (self.groups as u32).write(out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        let (list, matcher) = (Vec::read(from)?, Flat::read(from)?);
        Some(Terms { list, matcher, groups: u32::read(from)? as usize })
    }
}

impl Flat for Actors {
    fn write(&self, out: &mut Vec<u8>) {
        self.files.write(out);
        self.rows.write(out);
        self.terms.write(out);
        self.strings.write(out);
        self.names.write(out);
        self.notes.write(out);
        self.matcher.write(out);
        self.offices.write(out);
    }

    fn read(from: &mut Cursor) -> Option<Self> {
        let mut out = Actors {
            files: Flat::read(from)?,
            rows: Flat::read(from)?,
            terms: Flat::read(from)?,
            strings: Flat::read(from)?,
            names: Flat::read(from)?,
            notes: Flat::read(from)?,
            matcher: Flat::read(from)?,
            offices: Flat::read(from)?,
            ..Actors::default()
        };
        out.seal();
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTORS: &str = "id\tname\tkind\tcountry\tsector\toffice\tfrom\tto\taliases\n\
        norway\tNorway\tcountry\tNOR\t\t\t\t\tOslo [not: Minnesota; case]; Kingdom of Norway\n\
        ada-berg\tAda Berg\tperson\tNOR\tGOV;MIL\tDefence Minister\t2010\t2012-06\tBerg [not-surname]\n";
    const TOPIC: &str = "id = \"fish\"\n[[term]]\nwords = [\"cod\"]\n[[exclude]]\nwords = [\"cod piece\"]\n";
    const RULE: &str = "event = \"SANCTION\"\n[[rule]]\nid = \"s.x\"\nverbs = [\"ban\"]\nrecipient = [\"obj\", \"from\"]\n\
        intensity = -2.5\nexample = \"Norway banned Cuba.\"\nexpect = \"SANCTION NOR > CUB\"\n";

    fn lexicon() -> Lexicon {
        let files = [("actors/a.tsv", ACTORS), ("events/SANCTION.toml", RULE), ("topics/fish.toml", TOPIC)];
        let files: Vec<super::super::File> = files.iter().map(|f| (f.0.into(), f.1.into())).collect();
        Lexicon::load(&files).unwrap()
    }

    #[test]
    fn what_was_written_is_read_back() {
        let bytes = lexicon().to_flat();
        let back = Lexicon::from_flat(&bytes).unwrap();
        assert_eq!(back.to_flat(), bytes);
        let ada = back.actors.by_id("ada-berg").unwrap();
        let then = back.actors.as_of(ada, "2020-01-01".parse().unwrap());
        assert_eq!(then.office.as_deref(), Some("former Defence Minister"));
        assert_eq!(back.rules.of("ban").len(), 1);
        assert_eq!(back.topics.terms.len(), 2);
    }

    #[test]
    fn torn_bytes_are_refused_at_every_length() {
        let bytes = lexicon().to_flat();
        assert!((0..bytes.len()).all(|n| Lexicon::from_flat(&bytes[..n]).is_none()));
        assert!(Lexicon::from_flat(&[bytes, vec![0]].concat()).is_none());
    }
}
