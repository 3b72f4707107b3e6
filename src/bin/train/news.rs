//! What treebanks of the web have too little of and news is full of: speech reported before its speaker, and people
//! with their titles. Made from the treebanks' own sentences and from names of our own.

use chancery::model::{Rel, Upos, Xpos};
use chancery::syntax::conllu::{Gold, GoldWord};

use crate::random::Random;

const ADJECTIVES: &[&str] = &[
    "Russian",
    "Chinese",
    "French",
    "German",
    "Iranian",
    "Israeli",
    "Turkish",
    "Indian",
    "Japanese",
    "Ukrainian",
    "British",
    "Brazilian",
    "Egyptian",
    "Saudi",
    "Palestinian",
    "Syrian",
    "Pakistani",
    "Polish",
    "Kenyan",
    "Mexican",
];
const NOUNS: &[&str] = &["U.S.", "EU", "UN", "US", "UK", "NATO", "U.N.", "Taiwan", "OPEC", "Kremlin"];
const FIRST: &[&str] = &[
    "Vladimir", "Xi", "Emmanuel", "Angela", "Hassan", "Benjamin", "Antony", "Sergei", "Wang", "Maria",
    "Joao", "Narendra", "Abdel", "Ursula", "John", "Marco", "Mahmoud", "Kim", "Olena", "Amina", "Recep",
    "Yoon", "Pedro", "Ayman",
];
const LAST: &[&str] = &[
    "Putin",
    "Jinping",
    "Macron",
    "Merkel",
    "Rouhani",
    "Blinken",
    "Lavrov",
    "Silva",
    "Modi",
    "Kerry",
    "Rubio",
    "Abbas",
    "Petrov",
    "Okafor",
    "Haddad",
    "Novak",
    "Tanaka",
    "Demir",
    "Costa",
    "Li",
    "Yadav",
    "Hansen",
    "Mbeki",
    "Zelenskiy",
];
/// Titles as words with tags, relation to the title's own head, and whether they are that head.
const TITLES: &[&[(&str, Upos, Xpos, Rel)]] = &[
    &[("President", Upos::Propn, Xpos::Nnp, Rel::NmodDesc)],
    &[("Chancellor", Upos::Propn, Xpos::Nnp, Rel::NmodDesc)],
    &[("Prime", Upos::Adj, Xpos::Nnp, Rel::Amod), ("Minister", Upos::Propn, Xpos::Nnp, Rel::NmodDesc)],
    &[("Foreign", Upos::Adj, Xpos::Nnp, Rel::Amod), ("Minister", Upos::Propn, Xpos::Nnp, Rel::NmodDesc)],
    &[
        ("Defense", Upos::Propn, Xpos::Nnp, Rel::Compound),
        ("Secretary", Upos::Propn, Xpos::Nnp, Rel::NmodDesc),
    ],
    &[("Energy", Upos::Propn, Xpos::Nnp, Rel::Compound), ("Minister", Upos::Propn, Xpos::Nnp, Rel::NmodDesc)],
    &[
        ("Secretary", Upos::Propn, Xpos::Nnp, Rel::NmodDesc),
        ("of", Upos::Adp, Xpos::In, Rel::Case),
        ("State", Upos::Propn, Xpos::Nnp, Rel::Nmod),
    ],
    &[("foreign", Upos::Adj, Xpos::Jj, Rel::Amod), ("minister", Upos::Noun, Xpos::Nn, Rel::NmodDesc)],
    &[("spokesman", Upos::Noun, Xpos::Nn, Rel::NmodDesc)],
    &[("envoy", Upos::Noun, Xpos::Nn, Rel::NmodDesc)],
];

/// A word that hangs on `head`.
fn word(form: &str, upos: Upos, xpos: Xpos, head: usize, rel: Rel) -> GoldWord {
    GoldWord { form: form.into(), lemma: form.into(), upos, xpos, head: head as u16, rel, span: None }
}

fn pick<T: Copy>(list: &[T], random: &mut Random) -> T {
    list[random.below(list.len())]
}

/// The sentence with its `he` or `she` made a person with a title.
pub fn person(gold: &Gold, random: &mut Random) -> Option<Gold> {
    let at = gold.words.iter().position(|w| {
        let alone = matches!(w.form.to_lowercase().as_str(), "he" | "she" | "him");
        alone && matches!(w.rel, Rel::Nsubj | Rel::NsubjPass | Rel::Obj | Rel::Obl)
    })?;
    if gold.words.iter().any(|w| w.head as usize == at) {
        return None;
    }
    let title = pick(TITLES, random);
    let country = usize::from(random.chance(75));
    let (start, rel) = (at + country, gold.words[at].rel);
    let first = start + title.len();
    let main = start + title.iter().position(|t| t.3 == Rel::NmodDesc).unwrap_or(0);
    let mut phrase = Vec::new();
    if country == 1 && random.chance(70) {
        phrase.push(word(pick(ADJECTIVES, random), Upos::Adj, Xpos::Jj, main, Rel::Amod));
    } else if country == 1 {
        phrase.push(word(pick(NOUNS, random), Upos::Propn, Xpos::Nnp, main, Rel::Compound));
    }
    for (form, upos, xpos, rel) in title {
        let head = match rel {
            Rel::NmodDesc => first,
            Rel::Case => start + 2,
            _ => main,
        };
        phrase.push(word(form, *upos, *xpos, head, *rel));
    }
    let two = random.chance(75);
    phrase.push(word(pick(if two { FIRST } else { LAST }, random), Upos::Propn, Xpos::Nnp, 0, rel));
    if two {
        phrase.push(word(pick(LAST, random), Upos::Propn, Xpos::Nnp, first, Rel::Flat));
    }
    if at == 0 && phrase[0].form.starts_with(char::is_lowercase) {
        phrase[0].form[..1].make_ascii_uppercase();
    }
    let grown = phrase.len() - 1;
    let moved = |h: u16| if h as usize > at { h + grown as u16 } else { h };
    let name = phrase.iter().position(|w| w.rel == rel && w.head == 0).unwrap_or(0);
    phrase[name].head = moved(gold.words[at].head);
    let mut out = gold.clone();
    for w in &mut out.words {
        w.head = moved(w.head);
    }
    out.words.splice(at..=at, phrase);
    Some(out)
}

/// `The minister said that talks failed.` as `Talks failed, the minister said.`
pub fn speech(gold: &Gold, random: &mut Random) -> Option<Gold> {
    let words = &gold.words;
    let n = words.len();
    let root = words.iter().position(|w| w.head as usize == n && w.upos == Upos::Verb)?;
    let said = words.iter().position(|w| w.head as usize == root && w.rel == Rel::Ccomp)?;
    if said < root || words[n - 1].xpos != Xpos::Stop || words[n - 1].head as usize != root {
        return None;
    }
    let inside = |mut k: usize| {
        for _ in 0..n {
            if k == said {
                return true;
            }
            if k >= n {
                return false;
            }
            k = words[k].head as usize;
        }
        false
    };
    let from = (0..n).find(|k| inside(*k))?;
    let last = (from..n - 1).all(inside) && (0..from).all(|k| !inside(k));
    let subject = words.iter().position(|w| w.head as usize == root && w.rel == Rel::Nsubj)?;
    let marks =
        words.iter().any(|w| matches!(w.xpos, Xpos::OpenQuote | Xpos::CloseQuote | Xpos::Colon | Xpos::Lrb));
    if !last || from <= root || subject > root || marks || n > 50 {
        return None;
    }
    let leaf = |k: usize| words.iter().all(|w| w.head as usize != k);
    let skip = usize::from(words[from].rel == Rel::Mark && words[from].form == "that" && leaf(from));
    // The order: what was said, a comma (none of the old words), who said it, the stop.
    let mut order: Vec<Option<usize>> = (from + skip..n - 1).map(Some).collect();
    order.push(None);
    let who: Vec<usize> = (0..from).filter(|k| !(words[*k].xpos == Xpos::Comma && leaf(*k))).collect();
    if who.len() > 1 && who[who.len() - 1] == root && random.chance(30) {
        order.push(Some(root));
        order.extend(who[..who.len() - 1].iter().copied().map(Some));
    } else {
        order.extend(who.into_iter().map(Some));
    }
    order.push(Some(n - 1));
    let place = |old: usize| order.iter().position(|k| *k == Some(old)).unwrap_or(order.len()) as u16;
    let list = order.iter().map(|k| match k {
        Some(k) => GoldWord { head: place(words[*k].head as usize), ..words[*k].clone() },
        None => word(",", Upos::Punct, Xpos::Comma, place(said) as usize, Rel::Punct),
    });
    let mut list: Vec<GoldWord> = list.collect();
    let begins = place(0) as usize;
    if list[begins].upos != Upos::Propn && list[begins].form != "I" && list[begins].lemma != list[begins].form
    {
        list[begins].form = list[begins].form.to_lowercase();
    }
    let mut chars = list[0].form.chars();
    list[0].form = chars.next()?.to_uppercase().chain(chars).collect();
    Some(Gold { text: String::new(), words: list })
}
