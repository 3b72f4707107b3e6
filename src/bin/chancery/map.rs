//! `map`: which field of a file feeds which field of an article.

use chancery::decode;

use crate::cli::{Common, MapArgs};
use crate::exit::{Exit, Outcome};
use crate::{explain, setup};

/// Runs the command.
pub fn run(common: &Common, args: &MapArgs) -> Outcome {
    let reader = setup::reader(common, &setup::config(common)?)?;
    for file in &args.files {
        println!("{}", decode::map(&explain::item(file)?, &reader.options));
    }
    Ok(Exit::Fine)
}
