//! The shipped weights read sentences of our own.

use super::{Scratch, Syntax, conllu, evaluate, weights};
use crate::model::{Field, Rel, Sentence, Span, Tree, Upos};
use crate::segment;

fn parse(text: &str) -> (Vec<&str>, Tree) {
    let span = Span::new(0, text.len());
    let tokens = segment::tokens(text, span);
    let words = tokens.iter().map(|t| t.span.of(text)).collect();
    let sentence = Sentence { field: Field::Text, span, tokens, tree: None };
    (words, Syntax::embedded().parse(text, &sentence))
}

/// The relation and the head's form of the first token with this form.
#[track_caller]
fn hangs<'t>(words: &[&'t str], tree: &Tree, form: &str) -> (Rel, &'t str) {
    let i = words.iter().position(|w| *w == form).expect("the word is there");
    (tree.words[i].rel, tree.head(i).map_or("", |h| words[h]))
}

#[test]
fn an_active_clause() {
    let (words, tree) = parse("The minister rejected the proposal on Monday.");
    assert_eq!(hangs(&words, &tree, "minister"), (Rel::Nsubj, "rejected"));
    assert_eq!(hangs(&words, &tree, "proposal"), (Rel::Obj, "rejected"));
    assert_eq!(hangs(&words, &tree, "rejected"), (Rel::Root, ""));
    let verb = &tree.words[words.iter().position(|w| *w == "rejected").unwrap()];
    assert_eq!((&*verb.lemma, verb.upos), ("reject", Upos::Verb));
}

#[test]
fn a_passive_clause() {
    let (words, tree) = parse("Two guards were killed by rebels near the river.");
    assert_eq!(hangs(&words, &tree, "guards"), (Rel::NsubjPass, "killed"));
    assert_eq!(hangs(&words, &tree, "were"), (Rel::AuxPass, "killed"));
    assert_eq!(hangs(&words, &tree, "rebels"), (Rel::OblAgent, "killed"));
}

/// Sentences in the manner of news summaries: the text, the verb at the root, heads of subject and object (`-` for none).
const NEWS: &str = include_str!("news.tsv");

/// What is wrong with the reading of a line of [`NEWS`].
fn misread(line: &str) -> Option<String> {
    let parts: Vec<&str> = line.split('\t').collect();
    let [text, verb, subject, object] = parts[..] else { return Some(format!("not a row: {line}")) };
    let (words, tree) = parse(text);
    let root = (0..words.len()).find(|i| tree.words[*i].head.is_none())?;
    let under = |rels: &[Rel]| {
        let child =
            |i: &usize| tree.words[*i].head == Some(root as u16) && rels.contains(&tree.words[*i].rel);
        (0..words.len()).find(child).map_or("-", |i| words[i])
    };
    let found = (words[root], under(&[Rel::Nsubj, Rel::NsubjPass]), under(&[Rel::Obj]));
    let upos = tree.words[root].upos;
    (found != (verb, subject, object) || upos != Upos::Verb).then(|| format!("{text} {upos:?} {found:?}"))
}

#[test]
fn news_summaries() {
    let wrong: Vec<String> = NEWS.lines().filter_map(misread).collect();
    let all = NEWS.lines().count();
    let share = 100 * (all - wrong.len()) / all;
    assert!(share >= 90, "{share} % of {all} right; wrong:\n{}", wrong.join("\n"));
}

#[test]
fn odd_sentences_do_no_harm() {
    for text in ["", "?", "a", "— — —", "ПРИВЕТ мир", "1 2 3 4 5", "🙂🙂 🙂"] {
        let (words, tree) = parse(text);
        assert_eq!(tree.words.len(), words.len());
        assert_eq!(tree.words.iter().filter(|w| w.head.is_none()).count(), usize::from(!words.is_empty()));
    }
    let long = "and ".repeat(900);
    let (words, tree) = parse(&long);
    assert!(
        (0..words.len()).all(|i| tree.within(i, tree.words.iter().position(|w| w.head.is_none()).unwrap()))
    );
    let longer = "and ".repeat(70_000);
    assert_eq!(parse(&longer).1.words.len(), 70_000);
}

#[test]
fn weights_of_another_version_are_refused() {
    assert!(Syntax::open(b"").is_none());
    let mut file = weights::write([&[], &[], &[], &[], &[]]);
    file[8] ^= 1;
    assert!(weights::open(&file).is_none());
}

#[test]
fn a_treebank_is_read_and_measured() {
    let file = "# text = Ships don't sink.\n1\tShips\tship\tNOUN\tNNS\t_\t4\tnsubj\t_\t_\n2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_\n\
                2\tdo\tdo\tAUX\tVBP\t_\t4\taux\t_\t_\n3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_\n\
                4\tsink\tsink\tVERB\tVB\t_\t0\troot\t_\t_\n5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_\n\n";
    let gold = conllu::read(file);
    assert_eq!(gold.len(), 1);
    let spans: Vec<&str> = gold[0].words.iter().filter_map(|w| w.span).map(|s| s.of(&gold[0].text)).collect();
    assert_eq!(spans, ["Ships", "do", "n't", "sink", "."]);
    let report = evaluate::evaluate(file, Syntax::embedded());
    assert_eq!((report.raw.tokens.right, report.raw.tokens.said, report.raw.tokens.wanted), (5, 5, 5));
    assert_eq!(report.gold.uas.right, 5, "{report}");
}

#[test]
fn lemmas() {
    use super::lemma::by_rule;
    use crate::model::Xpos;
    for (word, tag, wanted) in [
        ("attacked", Xpos::Vbd, "attack"),
        ("imposing", Xpos::Vbg, "impose"),
        ("stopped", Xpos::Vbn, "stop"),
        ("denies", Xpos::Vbz, "deny"),
        ("reaches", Xpos::Vbz, "reach"),
        ("allies", Xpos::Nns, "ally"),
        ("agreed", Xpos::Vbd, "agree"),
        ("expelled", Xpos::Vbn, "expel"),
        ("condemned", Xpos::Vbd, "condemn"),
        ("urging", Xpos::Vbg, "urge"),
        ("seized", Xpos::Vbd, "seize"),
        ("bigger", Xpos::Jjr, "big"),
        ("killing", Xpos::Vbg, "kill"),
        ("Policemen", Xpos::Nns, "policeman"),
    ] {
        assert_eq!(by_rule(word, tag), wanted, "{word}");
    }
}

#[test]
fn memory_used_again_changes_nothing() {
    let syntax = Syntax::embedded();
    let mut scratch = Scratch::default();
    let first = syntax.words("Envoys met in the capital .".split(' '), &mut scratch);
    syntax.words(
        "A much longer sentence about nothing in particular stands between .".split(' '),
        &mut scratch,
    );
    assert_eq!(syntax.words("Envoys met in the capital .".split(' '), &mut scratch), first);
}
