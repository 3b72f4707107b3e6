//! Counts by pair, country, actor, topic and publisher; and names that begin as typed.

use super::answer::{Count, Dyad, Dyads, Suggestion, Tally};
use super::date;
use super::filter::Selection;
use super::names::{Map, Names};
use super::table::{Index, Row};

/// What is tallied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Country,
    Place,
    Actor,
    Topic,
    Source,
}

#[derive(Clone, Copy)]
struct Sum {
    cooperation: u32,
    conflict: u32,
    first: i32,
}

#[derive(Clone, Copy, Default)]
struct PairSum {
    cooperation: u32,
    conflict: u32,
    mutual: u32,
    up: i64,
    down: i64,
}

impl Index {
    /// Pairs of countries with the most events; `most` of the countries, and as many pairs as they can form.
    pub fn dyads(&self, selection: &Selection, most: usize) -> Dyads {
        let mut pairs: Map<(u32, u32), PairSum> = Map::default();
        let (mut total, mut unpaired) = (0, 0);
        for row in self.selected(selection) {
            let (actors, recipients) = self.countries_of(row);
            let before = total;
            let mut note = |a: u32, r: u32, mutual: bool| {
                let sum = pairs.entry((a, r)).or_default();
                sum.mutual += u32::from(mutual);
                if row.quad <= 2 {
                    sum.cooperation += 1;
                    sum.up += i64::from(row.intensity);
                } else {
                    sum.conflict += 1;
                    sum.down += i64::from(row.intensity);
                }
            };
            if let ([a, b], []) = (actors, recipients) {
                note(*a, *b, true);
                note(*b, *a, true);
                total += 1;
            }
            for a in actors {
                for r in recipients.iter().filter(|r| *r != a) {
                    note(*a, *r, false);
                    total = before + 1;
                }
            }
            unpaired += u64::from(total == before);
        }
        let mut by_country: Map<u32, u32> = Map::default();
        for ((a, r), sum) in &pairs {
            *by_country.entry(*a).or_default() += sum.cooperation + sum.conflict;
            *by_country.entry(*r).or_default() += sum.cooperation + sum.conflict;
        }
        let mut countries: Vec<_> = by_country.into_iter().collect();
        countries.sort_by_key(|(code, n)| (std::cmp::Reverse(*n), self.places.text(*code)));
        countries.truncate(most);
        let mut dyads: Vec<Dyad> = pairs.iter().map(|(pair, sum)| self.dyad(*pair, sum)).collect();
        dyads.sort_by(|x, y| {
            let n = |d: &Dyad| d.cooperation + d.conflict;
            n(y).cmp(&n(x)).then_with(|| (&x.actor, &x.recipient).cmp(&(&y.actor, &y.recipient)))
        });
        let shown: Vec<String> = countries.iter().map(|(c, _)| self.places.text(*c).to_string()).collect();
        let inside = |d: &Dyad| shown.contains(&d.actor) && shown.contains(&d.recipient);
        let (mut kept, rest): (Vec<_>, Vec<_>) = dyads.into_iter().partition(inside);
        kept.extend(rest.into_iter().take(most));
        Dyads { countries: shown, dyads: kept, total, unpaired }
    }

    fn dyad(&self, (a, r): (u32, u32), sum: &PairSum) -> Dyad {
        Dyad {
            actor: self.places.text(a).into(),
            recipient: self.places.text(r).into(),
            cooperation: sum.cooperation,
            conflict: sum.conflict,
            mutual: sum.mutual,
            cooperation_sum: sum.up as f32 / 10.0,
            conflict_sum: sum.down as f32 / 10.0,
        }
    }

    /// Countries that act or are acted on.
    pub fn countries(&self, selection: &Selection, most: usize) -> Tally {
        self.tally(selection, Of::Country, most)
    }

    /// Countries of the places named.
    pub fn located(&self, selection: &Selection, most: usize) -> Tally {
        self.tally(selection, Of::Place, most)
    }

    /// Actors on either side.
    pub fn top_actors(&self, selection: &Selection, most: usize) -> Tally {
        self.tally(selection, Of::Actor, most)
    }

    /// Actors first told of on or after a day, the most frequent first.
    pub fn new_actors(&self, selection: &Selection, since: i32, most: usize) -> Vec<Count> {
        let mut firsts = vec![i32::MAX; self.actors.len()];
        for (_, row) in self.standing() {
            let (a, r) = self.parties_of(row);
            for n in a.iter().chain(r) {
                let first = &mut firsts[*n as usize];
                *first = (*first).min(row.told);
            }
        }
        let mut tally = self.tally(selection, Of::Actor, usize::MAX).top;
        tally.retain(|c| self.actors.find(&c.key).is_some_and(|n| firsts[n as usize] >= since));
        tally.truncate(most);
        tally
    }

    /// Topics of the sentences.
    pub fn top_topics(&self, selection: &Selection, most: usize) -> Tally {
        self.tally(selection, Of::Topic, most)
    }

    /// Publishers.
    pub fn top_sources(&self, selection: &Selection, most: usize) -> Tally {
        self.tally(selection, Of::Source, most)
    }

    fn tally(&self, selection: &Selection, of: Of, most: usize) -> Tally {
        let names = self.names(of);
        let mut sums: Vec<Option<Sum>> = vec![None; names.len()];
        let (mut total, mut without) = (0, 0);
        for row in self.selected(selection) {
            total += 1;
            let mut any = false;
            self.each(row, of, |n| {
                any = true;
                let fresh = Sum { cooperation: 0, conflict: 0, first: row.told };
                let sum = sums[n as usize].get_or_insert(fresh);
                sum.first = sum.first.min(row.told);
                let side = if row.quad <= 2 { &mut sum.cooperation } else { &mut sum.conflict };
                *side += 1;
            });
            without += u64::from(!any);
        }
        let mut top: Vec<(u32, Sum)> =
            sums.into_iter().enumerate().filter_map(|(n, s)| Some((n as u32, s?))).collect();
        top.sort_by_key(|(n, s)| (std::cmp::Reverse(s.cooperation + s.conflict), names.text(*n)));
        top.truncate(most);
        let count = |(n, sum): (u32, Sum)| Count {
            key: names.text(n).into(),
            name: if of == Of::Actor { self.called(n).into() } else { names.text(n).into() },
            country: if of == Of::Actor { self.home(n).into() } else { String::new() },
            cooperation: sum.cooperation,
            conflict: sum.conflict,
            first: date(sum.first),
        };
        Tally { top: top.into_iter().map(count).collect(), total, without }
    }

    fn names(&self, of: Of) -> &Names {
        match of {
            Of::Country | Of::Place => &self.places,
            Of::Actor => &self.actors,
            Of::Topic => &self.topics,
            Of::Source => &self.sources,
        }
    }

    /// Calls `each` once for every distinct thing of a row.
    fn each(&self, row: &Row, of: Of, mut each: impl FnMut(u32)) {
        let mut distinct = |(a, b): (&[u32], &[u32])| {
            for (i, n) in a.iter().chain(b).enumerate() {
                if *n != 0 && !a.iter().chain(b).take(i).any(|x| x == n) {
                    each(*n);
                }
            }
        };
        match of {
            Of::Country => distinct(self.countries_of(row)),
            Of::Actor => distinct(self.parties_of(row)),
            Of::Place => distinct((&[row.place], &[])),
            Of::Source => distinct((&[row.source], &[])),
            Of::Topic => {
                let mut bits = row.topics;
                while bits != 0 {
                    each(bits.trailing_zeros());
                    bits &= bits - 1;
                }
            }
        }
    }

    /// Names that hold what was typed, those that begin with it first.
    pub fn suggest(&self, typed: &str, most: usize) -> Vec<Suggestion> {
        let typed = typed.to_lowercase();
        let mut found: Vec<(bool, usize, Suggestion)> = Vec::new();
        let mut look = |kind: &'static str, key: &str, name: &str, country: &str| {
            let folded = name.to_lowercase();
            if folded.contains(&typed) || key.to_lowercase() == typed {
                let hit = Suggestion { kind, key: key.into(), name: name.into(), country: country.into() };
                found.push((!folded.starts_with(&typed), folded.len(), hit));
            }
        };
        self.places.iter().for_each(|(_, code)| look("country", code, code, code));
        self.topics.iter().for_each(|(_, t)| look("topic", t, t, ""));
        self.actors.iter().for_each(|(n, id)| look("actor", id, self.called(n), self.home(n)));
        self.sources.iter().for_each(|(_, s)| look("source", s, s, ""));
        found.sort_by(|a, b| (a.0, a.1, &a.2.key).cmp(&(b.0, b.1, &b.2.key)));
        found.into_iter().take(most).map(|f| f.2).collect()
    }
}
