//! Sentences of our own, in the manner of news summaries and headlines, with their trees.

use chancery::model::{Rel, Upos, Xpos};
use chancery::syntax::conllu::Gold;
use chancery::syntax::inflect::{Verb, bases, verb};

use crate::lists::*;
use crate::nouns::{actor, country, number, object, one, place, someone};
use crate::phrase::{Phrase, leaf, under};
use crate::random::Random;

/// How a sentence is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tense {
    Present,
    Past,
    Coming,
    Perfect,
    Ongoing,
    May,
}

/// The verbs of events, inflected.
pub struct Grammar {
    verbs: Vec<Verb>,
}

fn word(form: &str, xpos: Xpos) -> Phrase {
    leaf(form, Upos::Verb, xpos)
}

fn aux(form: &str, xpos: Xpos) -> Phrase {
    leaf(form, Upos::Aux, xpos)
}

fn to() -> Phrase {
    leaf("to", Upos::Part, Xpos::To)
}

/// The finite verb in a tense, with its auxiliaries.
fn finite(v: &Verb, tense: Tense, many: bool) -> Phrase {
    let pick = |one: &'static str, more: &'static str| if many { more } else { one };
    let tag = if many { Xpos::Vbp } else { Xpos::Vbz };
    match tense {
        Tense::Present if many => word(&v.base, Xpos::Vbp),
        Tense::Present => word(&v.third, Xpos::Vbz),
        Tense::Past => word(&v.past, Xpos::Vbd),
        Tense::Coming => word(&v.base, Xpos::Vb).before(to(), Rel::Mark),
        Tense::Perfect => word(&v.participle, Xpos::Vbn).before(aux(pick("has", "have"), tag), Rel::Aux),
        Tense::Ongoing => word(&v.present, Xpos::Vbg).before(aux(pick("is", "are"), tag), Rel::Aux),
        Tense::May => word(&v.base, Xpos::Vb).before(aux("will", Xpos::Md), Rel::Aux),
    }
}

fn tense(random: &mut Random) -> Tense {
    match random.below(100) {
        0..=54 => Tense::Present,
        55..=77 => Tense::Past,
        78..=86 => Tense::Coming,
        87..=91 => Tense::Perfect,
        92..=94 => Tense::Ongoing,
        _ => Tense::May,
    }
}

/// When and where, hung on a verb.
fn setting(clause: Phrase, random: &mut Random) -> Phrase {
    match random.below(9) {
        0 | 1 => clause.after(under("in", place(random)), Rel::Obl),
        2 => clause.after(under("on", leaf(one(DAYS, random), Upos::Propn, Xpos::Nnp)), Rel::Obl),
        3 => {
            let month = leaf(one(MONTHS, random), Upos::Propn, Xpos::Nnp);
            let year = leaf(["2013", "2021", "2024"][random.below(3)], Upos::Num, Xpos::Cd);
            clause.after(under("in", month.after(year, Rel::NmodUnmarked)), Rel::Obl)
        }
        4 => {
            let next = leaf(["next", "this", "last"][random.below(3)], Upos::Adj, Xpos::Jj);
            let week = leaf(["week", "month", "year"][random.below(3)], Upos::Noun, Xpos::Nn);
            let week = match next.words[0].form.as_str() {
                "this" => week.before(leaf("this", Upos::Det, Xpos::Dt), Rel::Det),
                _ => week.before(next, Rel::Amod),
            };
            clause.after(week, Rel::OblUnmarked)
        }
        5 => clause.after(
            under(["over", "with", "against", "for", "after"][random.below(5)], object(random)),
            Rel::Obl,
        ),
        6 => clause.after(under(["to", "from", "near"][random.below(3)], place(random)), Rel::Obl),
        _ => clause,
    }
}

impl Grammar {
    /// Over the verbs of events.
    pub fn new() -> Self {
        Grammar { verbs: bases().filter(|b| *b != "be").map(verb).collect() }
    }

    fn any(&self, random: &mut Random) -> &Verb {
        &self.verbs[random.below(self.verbs.len())]
    }

    /// A verb with what it governs, without subject.
    fn action(&self, tense: Tense, many: bool, deep: bool, random: &mut Random) -> Phrase {
        match random.below(100) {
            0..=59 => {
                let clause = finite(self.any(random), tense, many);
                if random.chance(85) { clause.after(object(random), Rel::Obj) } else { clause }
            }
            60..=67 => {
                let (base, particle) = one(PARTICLES, random).split_once('-').unwrap_or(("hand", "over"));
                let clause = finite(&verb(base), tense, many)
                    .after(leaf(particle, Upos::Adp, Xpos::Rp), Rel::CompoundPrt);
                let clause = if random.chance(80) { clause.after(object(random), Rel::Obj) } else { clause };
                if random.chance(30) { clause.after(under("to", country(random)), Rel::Obl) } else { clause }
            }
            68..=77 => {
                let mut parts = one(PREPOSITIONS, random).split('-');
                let clause = finite(&verb(parts.next().unwrap_or("call")), tense, many);
                let particles: Vec<&str> = parts.collect();
                let Some((last, rest)) = particles.split_last() else { return clause };
                let clause =
                    rest.iter().fold(clause, |c, p| c.after(leaf(p, Upos::Adp, Xpos::Rp), Rel::CompoundPrt));
                clause.after(under(last, object(random)), Rel::Obl)
            }
            _ if !deep => finite(self.any(random), tense, many).after(object(random), Rel::Obj),
            78..=83 => finite(&verb(one(URGES, random)), tense, many)
                .after(actor(random).0, Rel::Obj)
                .after(self.infinitive(random), Rel::Xcomp),
            84..=90 => {
                finite(&verb(one(VOWS, random)), tense, many).after(self.infinitive(random), Rel::Xcomp)
            }
            91..=93 => {
                let done = self.any(random).present.clone();
                let done = word(&done, Xpos::Vbg).after(object(random), Rel::Obj);
                let done = done.before(leaf("of", Upos::Sconj, Xpos::In), Rel::Mark);
                finite(&verb(one(ACCUSES, random)), tense, many)
                    .after(actor(random).0, Rel::Obj)
                    .after(done, Rel::Advcl)
            }
            _ => {
                let clause = self.clause(false, random);
                let clause = if random.chance(60) {
                    clause.before(leaf("that", Upos::Sconj, Xpos::In), Rel::Mark)
                } else {
                    clause
                };
                finite(&verb(one(SAYS, random)), tense, many).after(clause, Rel::Ccomp)
            }
        }
    }

    fn infinitive(&self, random: &mut Random) -> Phrase {
        self.action(Tense::Coming, false, false, random)
    }

    /// Subject, verb and the rest.
    fn clause(&self, deep: bool, random: &mut Random) -> Phrase {
        let (who, many) = actor(random);
        if random.chance(14) {
            return self.passive(who, many, random);
        }
        let tense = tense(random);
        let mut clause = self.action(tense, many, deep, random);
        if deep && random.chance(8) {
            let more = self.action(tense, many, false, random);
            clause = clause.after(more.before(leaf("and", Upos::Cconj, Xpos::Cc), Rel::Cc), Rel::Conj);
        }
        setting(clause, random).before(who, Rel::Nsubj)
    }

    /// Something is done to someone.
    fn passive(&self, who: Phrase, many: bool, random: &mut Random) -> Phrase {
        let done = word(&self.any(random).participle, Xpos::Vbn);
        let (form, tag) = match (random.below(5), many) {
            (0, _) => ("", Xpos::Vb),
            (1 | 2, true) => ("are", Xpos::Vbp),
            (1 | 2, false) => ("is", Xpos::Vbz),
            (_, true) => ("were", Xpos::Vbd),
            _ => ("was", Xpos::Vbd),
        };
        let done = if form.is_empty() { done } else { done.before(aux(form, tag), Rel::AuxPass) };
        let done = if random.chance(45) || form.is_empty() {
            let place = random.chance(40);
            match place {
                true => done.after(under("in", crate::nouns::place(random)), Rel::Obl),
                false => done.after(under("by", actor(random).0), Rel::OblAgent),
            }
        } else {
            done
        };
        setting(done, random).before(who, Rel::NsubjPass)
    }

    /// One sentence.
    pub fn sentence(&self, random: &mut Random) -> Gold {
        let mut clause = self.clause(true, random);
        match random.below(20) {
            0 | 1 => {
                let v = if random.chance(50) { verb("kill") } else { self.any(random).clone() };
                let what =
                    if v.base == "kill" || v.base == "wound" { number(random) } else { object(random) };
                let more = word(&v.present, Xpos::Vbg).after(what, Rel::Obj).comma();
                clause = clause.after(more, Rel::Advcl);
            }
            2 => {
                let mark = ["after", "as", "because", "while", "before"][random.below(5)];
                let more = self.clause(false, random).before(leaf(mark, Upos::Sconj, Xpos::In), Rel::Mark);
                clause = clause.after(more, Rel::Advcl);
            }
            3 => {
                let mut says = finite(&verb(one(SAYS, random)), Tense::Present, true);
                let (who, many) = if random.chance(50) { actor(random) } else { (someone(random), false) };
                if !many {
                    let tense = if random.chance(50) { Tense::Present } else { Tense::Past };
                    says = finite(&verb("say"), tense, false);
                }
                clause = says.before(who, Rel::Nsubj).before(clause.point(","), Rel::Ccomp);
            }
            4 => {
                let day = under("on", leaf(one(DAYS, random), Upos::Propn, Xpos::Nnp));
                let day = if random.chance(60) { day.point(",") } else { day };
                clause = clause.before(day, Rel::Obl);
            }
            5 => clause = clause.after(self.infinitive(random), Rel::Advcl),
            _ => {}
        }
        if random.chance(70) { clause.point(".").sentence() } else { clause.sentence() }
    }
}
