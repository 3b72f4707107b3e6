//! Noun phrases as news writes them.

use chancery::model::{Rel, Upos, Xpos};

use crate::lists::*;
use crate::phrase::{Phrase, leaf, list, name, under};
use crate::random::Random;

/// One of some words.
pub fn one(words: &'static str, random: &mut Random) -> &'static str {
    let words: Vec<&str> = words.split_ascii_whitespace().collect();
    words[random.below(words.len())]
}

fn determined(noun: Phrase, random: &mut Random) -> Phrase {
    let det = if random.chance(75) { "the" } else { "its" };
    match det {
        "its" => noun.before(leaf("its", Upos::Pron, Xpos::PrpPoss), Rel::NmodPoss),
        det => noun.before(leaf(det, Upos::Det, Xpos::Dt), Rel::Det),
    }
}

fn people(random: &mut Random) -> Phrase {
    leaf(one(PEOPLES, random), Upos::Adj, Xpos::Jj)
}

/// A country, a body or a pair of words that names one.
pub fn country(random: &mut Random) -> Phrase {
    match random.below(100) {
        0..=64 => leaf(one(COUNTRIES, random), Upos::Propn, Xpos::Nnp),
        65..=84 => leaf(one(BODIES, random), Upos::Propn, Xpos::Nnp),
        _ => {
            let parts: Vec<&str> = one(PAIRS, random).split('/').collect();
            let (upos, rel) = match parts[1] {
                "A" => (Upos::Adj, Rel::Amod),
                "V" => (Upos::Verb, Rel::Amod),
                _ => (Upos::Propn, Rel::Compound),
            };
            let tag = if parts[2].ends_with('s') { Xpos::Nnps } else { Xpos::Nnp };
            let pair = leaf(parts[2], Upos::Propn, tag).before(leaf(parts[0], upos, Xpos::Nnp), rel);
            if random.chance(60) { pair.before(leaf("the", Upos::Det, Xpos::Dt), Rel::Det) } else { pair }
        }
    }
}

/// A name of which one or both words may be unheard of.
pub fn someone(random: &mut Random) -> Phrase {
    let made = |random: &mut Random| {
        let parts: String = (0..2 + random.below(2)).map(|_| one(SYLLABLES, random)).collect();
        let mut chars = parts.chars();
        chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
    };
    let given = if random.chance(50) { one(GIVEN, random).to_string() } else { made(random) };
    let family = if random.chance(50) { one(FAMILY, random).to_string() } else { made(random) };
    if random.chance(70) { name(&[&given, &family]) } else { name(&[&family]) }
}

/// Someone with a title, a country, or an explanation behind.
fn titled(random: &mut Random) -> Phrase {
    let office = |random: &mut Random| {
        let noun = leaf(["minister", "envoy", "president", "premier"][random.below(4)], Upos::Noun, Xpos::Nn);
        let kind = ["foreign", "prime", "special"][random.below(3)];
        let noun =
            if random.chance(60) { noun.before(leaf(kind, Upos::Adj, Xpos::Jj), Rel::Amod) } else { noun };
        noun.before(people(random), Rel::Amod)
    };
    let who = someone(random);
    match random.below(3) {
        0 => {
            let title = leaf(one(TITLES, random), Upos::Propn, Xpos::Nnp);
            let title = if random.chance(50) { title.before(people(random), Rel::Amod) } else { title };
            who.before(title, Rel::NmodDesc)
        }
        1 => who.before(office(random), Rel::NmodDesc),
        _ => {
            let office = office(random).before(leaf("the", Upos::Det, Xpos::Dt), Rel::Det);
            let office = office.comma().point(",");
            who.after(office, Rel::Appos)
        }
    }
}

/// `two soldiers`, `at least five`.
pub fn number(random: &mut Random) -> Phrase {
    let count = ["two", "three", "five", "10", "12", "30", "40", "150", "dozens", "1,200"][random.below(9)];
    let count = if count == "dozens" {
        return leaf(count, Upos::Noun, Xpos::Nns);
    } else {
        leaf(count, Upos::Num, Xpos::Cd)
    };
    if random.chance(20) {
        count
    } else {
        leaf(one(PEOPLE, random), Upos::Noun, Xpos::Nns).before(count, Rel::Nummod)
    }
}

/// Places: a town, a country, both.
pub fn place(random: &mut Random) -> Phrase {
    match random.below(4) {
        0 => country(random),
        1 => {
            let land = leaf(one(COUNTRIES, random), Upos::Propn, Xpos::Nnp).comma();
            leaf(one(TOWNS, random), Upos::Propn, Xpos::Nnp).after(land, Rel::Appos)
        }
        _ => leaf(one(TOWNS, random), Upos::Propn, Xpos::Nnp),
    }
}

/// Who acts, and whether that is more than one.
pub fn actor(random: &mut Random) -> (Phrase, bool) {
    let nns = |w| leaf(w, Upos::Noun, Xpos::Nns);
    let nn = |w| leaf(w, Upos::Noun, Xpos::Nn);
    match random.below(100) {
        0..=29 => (country(random), false),
        30..=39 => {
            let all = (0..2 + random.below(3)).map(|_| country(random)).collect();
            (list(all, if random.chance(15) { "," } else { "and" }), true)
        }
        40..=52 => (nns(one(MANY, random)).before(people(random), Rel::Amod), true),
        53..=57 => {
            let place = place(random);
            let place =
                if place.words.len() > 1 && place.words[1].form == "," { place.point(",") } else { place };
            (
                nns(["police", "authorities", "troops", "rebels"][random.below(4)])
                    .after(under("in", place), Rel::Nmod),
                true,
            )
        }
        58..=62 => (nns(one(STRIKES, random)).before(people(random), Rel::Amod), true),
        63..=72 => (titled(random), false),
        73..=77 => (someone(random), false),
        78..=84 => {
            let owner = country(random).after(leaf("'s", Upos::Part, Xpos::Pos), Rel::Case);
            let noun = nn(one(ONE, random));
            let noun = match random.below(3) {
                0 => noun.before(
                    leaf(["military", "foreign", "ruling", "top"][random.below(4)], Upos::Adj, Xpos::Jj),
                    Rel::Amod,
                ),
                _ => noun,
            };
            (noun.before(owner, Rel::NmodPoss), false)
        }
        85..=91 => {
            let noun = nn(one(ONE, random));
            let noun = if random.chance(50) { noun.before(people(random), Rel::Amod) } else { noun };
            (noun.before(leaf(["the", "a"][random.below(2)], Upos::Det, Xpos::Dt), Rel::Det), false)
        }
        92..=95 => (number(random), true),
        _ => (nns(one(MANY, random)), true),
    }
}

/// What something is done to.
pub fn object(random: &mut Random) -> Phrase {
    let nns = |w| leaf(w, Upos::Noun, Xpos::Nns);
    match random.below(100) {
        0..=39 => actor(random).0,
        40..=59 => {
            let noun = leaf(one(THINGS, random), Upos::Noun, Xpos::Nn);
            let noun = if random.chance(40) { noun.before(people(random), Rel::Amod) } else { noun };
            let noun = determined(noun, random);
            match random.below(3) {
                0 => noun
                    .after(under(["with", "on", "from", "of"][random.below(4)], country(random)), Rel::Nmod),
                _ => noun,
            }
        }
        60..=74 => {
            let noun = nns(one(STUFF, random));
            let word = ["new", "military", "key", "more", "fresh", "nuclear"][random.below(6)];
            let noun = if random.chance(50) {
                noun.before(leaf(word, Upos::Adj, Xpos::Jj), Rel::Amod)
            } else {
                noun
            };
            match random.below(3) {
                0 => noun.after(under("on", leaf(one(MATTERS, random), Upos::Noun, Xpos::Nn)), Rel::Nmod),
                1 => noun.after(under("in", place(random)), Rel::Nmod),
                _ => noun,
            }
        }
        75..=84 => {
            let noun = leaf(one(ONE, random), Upos::Noun, Xpos::Nn).before(people(random), Rel::Amod);
            determined(noun, random)
        }
        _ => number(random),
    }
}
