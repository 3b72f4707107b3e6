//! `lex diff`: what one lexicon directory says otherwise than another.

use std::path::Path;

use chancery::config;
use chancery::curate::change;
use chancery::lexicon::File;

use crate::exit::{Exit, Failure, Outcome};

/// Exit 0 when they say the same, 1 with differences.
pub fn run(before: &Path, after: &Path) -> Outcome {
    let said = change::changes(&files(before)?, &files(after)?);
    print!("{said}");
    Ok(if said.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// The files of a directory, or the built-in ones.
fn files(dir: &Path) -> Result<Vec<File>, Failure> {
    if dir == Path::new("built-in") {
        return Ok(config::lexicon_files(&[])?);
    }
    let files = config::lexicon_layer(dir)?;
    if files.is_empty() {
        let hint = "hint: a lexicon directory holds actors/, topics/, events/, suppress/; or write built-in";
        return Err(Failure::new(Exit::Usage, format!("{} holds no lexicon files\n  {hint}", dir.display())));
    }
    Ok(files)
}
