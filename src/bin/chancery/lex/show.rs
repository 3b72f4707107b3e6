//! `lex show`: everything that stands under an id or a name.

use crate::cli::Common;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// An id first; otherwise every entry that bears the name.
pub fn run(common: &Common, id: &str) -> Outcome {
    let lexicon = setup::lexicon(common, &setup::config(common)?)?;
    if let Some(shown) = lexicon.show(id) {
        print!("{shown}");
        return Ok(Exit::Fine);
    }
    let bearers = lexicon.bearers(id);
    if bearers.is_empty() {
        let near = lexicon.ids_like(id);
        let near =
            if near.is_empty() { String::new() } else { format!("\n  there are: {}", near.join(", ")) };
        let hint =
            "hint: give an id (first column of actors/*.tsv, id = in *.toml) or a whole name in quotes";
        return Err(Failure::new(
            Exit::Usage,
            format!("nothing in the lexicon is called \"{id}\"{near}\n  {hint}"),
        ));
    }
    for id in bearers {
        print!("{}", lexicon.show(&id).unwrap_or_default());
    }
    Ok(Exit::Fine)
}
