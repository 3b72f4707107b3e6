//! Forms of English verbs: the irregular ones by heart, the others by rules of spelling; and the table of the forms
//! of verbs that tell of events, which the network is shown.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::hash;

/// Verbs that tell of events, in their bases; many are nouns as well.
static VERBS: &str = include_str!("verbs.txt");

/// Base, past and participle of irregular verbs.
static IRREGULAR: &str = include_str!("irregular.txt");

/// Multi-syllable verbs whose last letter is doubled.
const DOUBLED: &str = " admit commit omit permit submit transmit remit emit recommit refer defer confer transfer \
    deter incur concur occur expel compel repel rebel propel control patrol extol abet regret rebut begin forget \
    upset equip unplug debug demur disbar kidnap impel annul unban fulfil enrol instal cosign cancel travel signal \
    channel counsel quarrel shovel label level duel fuel grovel imperil gas wiretap handicap teargas quit quiz \
    squat swap sandbag outwit overrun rerun reset offset airdrop zigzag ";

/// The forms of a verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb {
    /// As dictionaries have it.
    pub base: String,
    /// `strikes`.
    pub third: String,
    /// `struck`.
    pub past: String,
    /// `struck`, `taken`.
    pub participle: String,
    /// `striking`.
    pub present: String,
}

fn irregular() -> &'static BTreeMap<&'static str, (&'static str, &'static str)> {
    static TABLE: OnceLock<BTreeMap<&str, (&str, &str)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let row = |line: &'static str| {
            let mut words = line.split(' ');
            Some((words.next()?, (words.next()?, words.next()?)))
        };
        IRREGULAR.lines().filter_map(row).collect()
    })
}

fn vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// The base with its last letter doubled where `-ed` and `-ing` want it.
fn doubled(base: &str) -> String {
    let plain = base.replacen("qu", "qw", 1);
    let b = plain.as_bytes();
    let n = b.len();
    let closed = n >= 3 && !vowel(b[n - 1]) && vowel(b[n - 2]) && !vowel(b[n - 3]);
    let groups = (0..n).filter(|&i| vowel(b[i]) && (i == 0 || !vowel(b[i - 1]))).count();
    let single =
        groups == 1 || b[..n].contains(&b'-') && base.rsplit('-').next().is_some_and(|l| l.len() < 5);
    let last = b.get(n.wrapping_sub(1)).copied().unwrap_or(b'x');
    if closed && !matches!(last, b'w' | b'x' | b'y') && (single || DOUBLED.contains(&format!(" {base} "))) {
        return format!("{base}{}", last as char);
    }
    base.to_string()
}

/// The forms of the verb with this base.
pub fn verb(base: &str) -> Verb {
    let consonant_y = base.ends_with('y') && base.len() > 2 && !vowel(base.as_bytes()[base.len() - 2]);
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|e| base.ends_with(e));
    let o = base.ends_with('o') && base.len() > 1 && !vowel(base.as_bytes()[base.len() - 2]);
    let third = match base {
        "be" => "is".to_string(),
        "have" => "has".to_string(),
        "quit" | "quiz" if hissing => "quizzes".to_string(),
        _ if consonant_y => format!("{}ies", &base[..base.len() - 1]),
        _ if hissing || o => format!("{base}es"),
        _ => format!("{base}s"),
    };
    let present = if let Some(head) = base.strip_suffix("ie") {
        format!("{head}ying")
    } else if base.ends_with('e') && !["ee", "oe", "ye"].iter().any(|e| base.ends_with(e)) && base != "be" {
        format!("{}ing", &base[..base.len() - 1])
    } else {
        format!("{}ing", doubled(base))
    };
    let (past, participle) = match irregular().get(base) {
        Some((past, participle)) => (past.to_string(), participle.to_string()),
        None => {
            let past = if consonant_y {
                format!("{}ied", &base[..base.len() - 1])
            } else if base.ends_with('e') {
                format!("{base}d")
            } else {
                format!("{}ed", doubled(base))
            };
            (past.clone(), past)
        }
    };
    Verb { base: base.to_string(), third, past, participle, present }
}

/// The base of an irregular past form or participle.
pub fn base_of(form: &str) -> Option<&'static str> {
    static TABLE: OnceLock<BTreeMap<&str, &str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let forms = irregular().iter().flat_map(|(base, (past, done))| [(*past, *base), (*done, *base)]);
        let mut table = BTreeMap::new();
        for (form, base) in forms {
            table.entry(form).or_insert(base);
        }
        table
    });
    table.get(form).copied()
}

/// The bases of the verbs that tell of events.
pub fn bases() -> impl Iterator<Item = &'static str> {
    VERBS.split_ascii_whitespace()
}

/// Which forms of the verbs of events have this hash of their lower-case spelling: 1 a base, 2 a third person,
/// 4 a past form, 8 a participle, 16 one in `-ing`; summed.
pub fn kind(lower: u32) -> u32 {
    static TABLE: OnceLock<Vec<(u32, u32)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = BTreeMap::<u32, u32>::new();
        for base in bases() {
            let v = verb(base);
            let forms = [(v.base, 1), (v.third, 2), (v.past, 4), (v.participle, 8), (v.present, 16)];
            for (form, bit) in forms {
                *table.entry(hash::bytes(form.bytes())).or_default() |= bit;
            }
        }
        open_addressed(table)
    });
    let mut at = lower as usize & (table.len() - 1);
    loop {
        match table[at] {
            (form, kinds) if kinds == 0 || form == lower => return kinds,
            _ => at = (at + 1) & (table.len() - 1),
        }
    }
}

/// A table that is asked for every word of every text: a power of two of slots, the empty ones of kind 0.
fn open_addressed(kinds: BTreeMap<u32, u32>) -> Vec<(u32, u32)> {
    let slots = (kinds.len() * 4).next_power_of_two();
    let mut table = vec![(0, 0); slots];
    for (form, kind) in kinds {
        let mut at = form as usize & (slots - 1);
        while table[at].1 != 0 {
            at = (at + 1) & (slots - 1);
        }
        table[at] = (form, kind);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (base, wanted) in [
            ("overthrow", "overthrows overthrew overthrown overthrowing"),
            ("strike", "strikes struck struck striking"),
            ("ban", "bans banned banned banning"),
            ("visit", "visits visited visited visiting"),
            ("expel", "expels expelled expelled expelling"),
            ("deny", "denies denied denied denying"),
            ("deploy", "deploys deployed deployed deploying"),
            ("agree", "agrees agreed agreed agreeing"),
            ("veto", "vetoes vetoed vetoed vetoing"),
            ("die", "dies died died dying"),
            ("quash", "quashes quashed quashed quashing"),
            ("raid", "raids raided raided raiding"),
            ("kidnap", "kidnaps kidnapped kidnapped kidnapping"),
        ] {
            let v = verb(base);
            assert_eq!([v.third, v.past, v.participle, v.present].join(" "), wanted);
        }
        assert_eq!(base_of("overthrew"), Some("overthrow"));
    }

    #[test]
    fn verbs_of_events_are_known_by_their_forms() {
        let kind = |form: &str| kind(hash::bytes(form.bytes()));
        assert_eq!(kind("summons"), 2);
        assert_eq!(kind("withdrew"), 4);
        assert_eq!(kind("seizing"), 16);
        assert_eq!(kind("table-cloth"), 0);
    }
}
