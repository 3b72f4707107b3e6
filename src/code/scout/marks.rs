//! What a scout is shown of a sentence beside the states of its words.

use super::net::WAYS;
use crate::code::view::View;
use crate::code::way::Way;
use crate::model::{Mention, Rel, Role, STATE, Upos};

/// A sentence as a scout sees it.
#[derive(Clone, Debug)]
pub struct Ground<'t> {
    /// [`STATE`] numbers a word.
    pub states: &'t [f32],
    /// Rows of the table of marks, word by word.
    pub marks: Vec<Vec<u16>>,
    /// Words that may be asked about as parties.
    pub heads: Vec<usize>,
}

/// Where each kind of mark begins in the table.
const RULE: u16 = 0;
const STRICT: u16 = 16;
const RELATION: u16 = 32;
const TAG: u16 = 112;
const KIND: u16 = 136;
const VIA: u16 = 176;
const LAND: u16 = 190;
const HEAD: u16 = 200;

impl<'t> Ground<'t> {
    /// The sentence of `view`, with the classes of the acts that rules propose at each word: `(class, whether it would
    /// be told by the rules alone)`.
    pub(in crate::code) fn new(view: &View<'t>, awake: &[Vec<(usize, bool)>]) -> Option<Ground<'t>> {
        let states = &view.tree.states;
        if states.len() != view.len() * STATE {
            return None;
        }
        let marks = (0..view.len()).map(|i| {
            let mut out = vec![RELATION + view.rel(i) as u16, TAG + view.upos(i) as u16];
            for &(class, strict) in &awake[i] {
                out.push(if strict { STRICT } else { RULE } + class as u16);
            }
            if let Some(m) = view.mention_at(i) {
                let mention = &view.mentions[m];
                out.extend(of_mention(mention));
                if view.head_of(m) == i {
                    out.push(HEAD);
                }
            }
            out.sort_unstable();
            out.dedup();
            out
        });
        const { assert!(Rel::ALL.len() < 80 && Upos::ALL.len() < 24) };
        let heads = (0..view.len()).filter(|&i| view.mention_at(i).is_some() || view.is_nominal(i));
        Some(Ground { states, marks: marks.collect(), heads: heads.collect() })
    }

    /// What syntax made of word `i`.
    pub fn state(&self, i: usize) -> &'t [f32] {
        &self.states[i * STATE..(i + 1) * STATE]
    }
}

fn of_mention(m: &Mention) -> [u16; 4] {
    let land = match m.actor.country.as_deref() {
        None => 0,
        Some("UNO" | "EUR" | "IGO" | "NGO" | "IMG" | "MNC" | "WST") => 1,
        Some(_) => 2,
    };
    let place = u16::from(m.role == Role::Place);
    [KIND + m.actor.kind as u16 * 2 + place, VIA + m.via as u16, LAND + land, HEAD + 1 + u16::from(m.located)]
}

/// The row of the way through the tree from word `from` to word `to`; 0 when it is far.
pub(in crate::code) fn way(view: &View, from: usize, to: usize) -> usize {
    Way::between(view, from, to).map_or(0, |way| 1 + (way.key() >> 33) as usize % (WAYS - 1))
}
