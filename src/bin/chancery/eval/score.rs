//! Figures: precision and recall of (actor country, recipient country, root), matched one to one.
//!
//! CONCEDE and RETREAT count as one root, YIELD, as in the labels. A mutual event has no direction.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chancery::model::Document;
use serde_json::{Value, json};

/// One predicted pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub actor: Option<String>,
    pub recipient: Option<String>,
    pub root: String,
    pub mutual: bool,
    pub confidence: f32,
    pub rule: String,
}

/// Right, said and labelled, for a figure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub right: usize,
    pub said: usize,
    pub gold: usize,
}

impl Count {
    fn precision(self) -> f64 {
        if self.said == 0 { 0.0 } else { self.right as f64 / self.said as f64 }
    }
    fn recall(self) -> f64 {
        if self.gold == 0 { 0.0 } else { self.right as f64 / self.gold as f64 }
    }
    fn f1(self) -> f64 {
        if self.said + self.gold == 0 {
            0.0
        } else {
            2.0 * self.right as f64 / (self.said + self.gold) as f64
        }
    }
}

/// A miss, for reading.
struct Miss {
    id: String,
    text: String,
    wanted: Vec<String>,
    said: Vec<String>,
    weight: usize,
}

/// All figures of a run.
#[derive(Default)]
pub struct Score {
    items: usize,
    silent: usize,
    empty: usize,
    alarmed: usize,
    all: Count,
    roots: BTreeMap<String, Count>,
    confused: BTreeMap<(String, String), usize>,
    reversed: usize,
    bins: [(usize, usize); 10],
    rules: BTreeMap<String, (usize, usize)>,
    misses: Vec<Miss>,
}

/// The labels' root of an event type.
pub fn root(event: &str) -> &str {
    if matches!(event, "CONCEDE" | "RETREAT") { "YIELD" } else { event }
}

fn code(text: &str) -> &str {
    match text {
        "ROM" => "ROU",
        "TMP" => "TLS",
        "ZAR" => "COD",
        "KOS" => "XKX",
        other => other,
    }
}

type Pair = (String, String);
type Key = (String, String, String);

fn sorted(a: &str, b: &str) -> Pair {
    if a <= b { (a.into(), b.into()) } else { (b.into(), a.into()) }
}

struct Labels {
    events: Vec<(String, String, String, bool)>,
}

impl Labels {
    fn of(gold: &Value) -> Labels {
        let mut events = Vec::new();
        for e in gold["events"].as_array().into_iter().flatten() {
            let side = |k: &str| e[k].as_str().map(|c| code(c).to_string());
            if let (Some(src), Some(tgt), Some(root)) = (side("src"), side("tgt"), e["root"].as_str()) {
                events.push((src, tgt, root.to_string(), e["recip"].as_bool().unwrap_or(false)));
            }
        }
        Labels { events }
    }

    /// A pair is compared without direction when either the label or, on an unlabelled pair, the prediction is mutual.
    fn key(&self, a: &str, b: &str, root: &str, mutual: bool) -> Key {
        let pair = sorted(a, b);
        let same = |e: &&(String, String, String, bool)| sorted(&e.0, &e.1) == pair;
        let labelled = self.events.iter().any(|e| same(&e));
        let undirected = self.events.iter().filter(same).any(|e| e.3);
        if undirected || mutual && !labelled {
            (pair.0, pair.1, root.into())
        } else {
            (a.into(), b.into(), root.into())
        }
    }
}

impl Score {
    /// Takes in one item.
    pub fn add(&mut self, gold: &Value, doc: &Document, said: &[Said]) {
        let labels = Labels::of(gold);
        let complete = gold["complete"].as_bool().unwrap_or(false);
        if complete && gold["events"].as_array().is_some_and(Vec::is_empty) {
            self.empty += 1;
            self.alarmed += usize::from(!said.is_empty());
        }
        if labels.events.is_empty() && !complete {
            return;
        }
        self.items += 1;
        self.silent += usize::from(!labels.events.is_empty() && said.is_empty());
        let wanted: Vec<Key> = labels.events.iter().map(|e| labels.key(&e.0, &e.1, &e.2, e.3)).collect();
        let mut got: Vec<(Key, &Said)> = Vec::new();
        for s in said {
            if let (Some(a), Some(b)) = (&s.actor, &s.recipient) {
                let key = labels.key(a, b, &s.root, s.mutual);
                if !got.iter().any(|(k, _)| *k == key) {
                    got.push((key, s));
                }
            }
        }
        self.count(&wanted, &got);
        self.keep(gold, doc, &wanted, &got);
    }

    fn count(&mut self, wanted: &[Key], got: &[(Key, &Said)]) {
        let mut free: Vec<&Key> = wanted.iter().collect();
        for (key, said) in got {
            let hit = free.iter().position(|w| *w == key);
            let right = hit.is_some();
            if let Some(i) = hit {
                free.remove(i);
            }
            self.all.said += 1;
            self.all.right += usize::from(right);
            let by_root = self.roots.entry(key.2.clone()).or_default();
            by_root.said += 1;
            by_root.right += usize::from(right);
            let bin = &mut self.bins[((said.confidence * 10.0) as usize).min(9)];
            bin.0 += usize::from(right);
            bin.1 += 1;
            let rule = self.rules.entry(said.rule.clone()).or_default();
            rule.0 += usize::from(right);
            rule.1 += 1;
            if !right {
                let same_pair = wanted.iter().find(|w| w.0 == key.0 && w.1 == key.1);
                if let Some(w) = same_pair {
                    *self.confused.entry((w.2.clone(), key.2.clone())).or_default() += 1;
                }
                let turned =
                    wanted.iter().any(|w| w.0 == key.1 && w.1 == key.0 && w.2 == key.2 && w.0 != w.1);
                self.reversed += usize::from(turned);
            }
        }
        self.all.gold += wanted.len();
        for w in wanted {
            self.roots.entry(w.2.clone()).or_default().gold += 1;
        }
    }

    fn keep(&mut self, gold: &Value, doc: &Document, wanted: &[Key], got: &[(Key, &Said)]) {
        let show = |k: &Key| format!("{} {}>{}", k.2, k.0, k.1);
        let missed = wanted.iter().filter(|w| !got.iter().any(|(k, _)| k == *w)).count();
        let wrong = got.iter().filter(|(k, _)| !wanted.contains(k)).count();
        if missed + wrong > 0 {
            self.misses.push(Miss {
                id: gold["id"].as_str().unwrap_or("?").into(),
                text: doc.article.text.clone(),
                wanted: wanted.iter().map(show).collect(),
                said: got.iter().map(|(k, s)| format!("{} by {}", show(k), s.rule)).collect(),
                weight: missed + wrong,
            });
        }
    }

    /// F1 over all roots.
    pub fn f1(&self) -> f64 {
        self.all.f1()
    }

    /// The figures as JSON.
    pub fn json(&self) -> Value {
        let count = |c: &Count| json!({"precision": c.precision(), "recall": c.recall(), "f1": c.f1(), "right": c.right, "said": c.said, "gold": c.gold});
        let roots: BTreeMap<&String, Value> = self.roots.iter().map(|(k, c)| (k, count(c))).collect();
        let rules: BTreeMap<&String, (usize, usize)> = self.rules.iter().map(|(k, v)| (k, *v)).collect();
        json!({"items": self.items, "silent": self.silent, "all": count(&self.all), "roots": roots, "rules": rules,
               "reversed": self.reversed, "empty": self.empty, "false_alarms": self.alarmed})
    }

    /// The figures for reading.
    pub fn print(&self, out: &mut impl Write, worst: usize) -> io::Result<()> {
        let line = |c: &Count| {
            format!(
                "P {:.3} R {:.3} F1 {:.3}  ({} right, {} said, {} gold)",
                c.precision(),
                c.recall(),
                c.f1(),
                c.right,
                c.said,
                c.gold
            )
        };
        writeln!(out, "items {}  with nothing said {}", self.items, self.silent)?;
        writeln!(out, "{:<10} {}", "all", line(&self.all))?;
        for (name, count) in &self.roots {
            writeln!(out, "{name:<10} {}", line(count))?;
        }
        if self.empty > 0 {
            let share = self.alarmed as f64 / self.empty as f64;
            writeln!(
                out,
                "false alarms on {} of {} items without events ({share:.3})",
                self.alarmed, self.empty
            )?;
        }
        writeln!(out, "direction turned round {}", self.reversed)?;
        let mut confused: Vec<_> = self.confused.iter().collect();
        confused.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        writeln!(out, "\nlabelled -> said, on the right pair")?;
        for ((gold, said), n) in confused.iter().take(12) {
            writeln!(out, "  {gold:<10} -> {said:<10} {n}")?;
        }
        writeln!(out, "\nconfidence: said, share right")?;
        for (i, (right, said)) in self.bins.iter().enumerate().filter(|(_, b)| b.1 > 0) {
            let share = *right as f64 / *said as f64;
            writeln!(out, "  {:.1}-{:.1}  {said:>5}  {share:.2}", i as f64 / 10.0, (i + 1) as f64 / 10.0)?;
        }
        let mut misses: Vec<&Miss> = self.misses.iter().collect();
        misses.sort_by_key(|m| std::cmp::Reverse(m.weight));
        if worst > 0 {
            writeln!(out, "\nworst misses")?;
        }
        for m in misses.iter().take(worst) {
            writeln!(
                out,
                "  {}  {}\n    labelled {}\n    said     {}",
                m.id,
                m.text,
                m.wanted.join("; "),
                m.said.join("; ")
            )?;
        }
        Ok(())
    }
}
