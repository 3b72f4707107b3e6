//! Commands that print what is fixed: schema, codes, defaults, completions, versions.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use chancery::model::cameo::{CODEBOOK, CODES};
use chancery::model::codes::TYPES;
use chancery::{config, record};
use clap::CommandFactory;
use serde_json::json;

use crate::cli::{Cli, CodesArgs, Common, InitArgs, SchemaArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// `schema`.
pub fn schema(args: &SchemaArgs) -> Outcome {
    let schema = record::schema(&args.record)
        .ok_or_else(|| Failure::new(Exit::Usage, format!("no record is called {}", args.record)))?;
    let mut out = anstream::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(Exit::Fine)
}

/// `codes`.
pub fn codes(args: &CodesArgs) -> Outcome {
    let mut out = anstream::stdout().lock();
    if args.json {
        let types: Vec<_> = TYPES
            .iter()
            .map(|t| json!({"event": t.name, "quad": t.quad, "intensity": t.intensity, "about": t.about, "modes": t.modes}))
            .collect();
        let cameo: Vec<_> = CODES
            .iter()
            .map(|c| json!({"code": c.code, "label": c.label, "quad_class": c.quad_class(), "goldstein": c.goldstein}))
            .collect();
        let all = json!({"types": types, "codebook": CODEBOOK, "cameo": cameo});
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(Exit::Fine);
    }
    for t in &TYPES {
        writeln!(out, "{:<10} quad {}  intensity {:>5.1}  {}", t.name, t.quad, t.intensity, t.about)?;
        if !t.modes.is_empty() {
            writeln!(out, "           modes: {}", t.modes.join(" "))?;
        }
    }
    if args.cameo {
        writeln!(out, "\n{CODEBOOK}")?;
        for c in CODES {
            writeln!(out, "{:<5} {:>5.1}  {}", c.code, c.goldstein, c.label)?;
        }
    }
    Ok(Exit::Fine)
}

/// `init`.
pub fn init(args: &InitArgs) -> Outcome {
    if args.lexicon_files {
        return init_lexicon(args);
    }
    if args.print {
        print!("{}", config::DEFAULT_TOML);
        return Ok(Exit::Fine);
    }
    let path = args.path.clone().unwrap_or_else(|| PathBuf::from("chancery.toml"));
    refuse_existing(&path)?;
    fs::write(&path, config::DEFAULT_TOML).map_err(|e| cannot_write(&path, &e))?;
    anstream::eprintln!("wrote {} (every line in it is the default; use it with --config)", path.display());
    Ok(Exit::Fine)
}

fn init_lexicon(args: &InitArgs) -> Outcome {
    let root = args.path.clone().unwrap_or_else(|| PathBuf::from("lexicon"));
    let files = config::lexicon_files(&[])?;
    if args.print {
        for (path, text) in &files {
            println!("{path}  {} bytes", text.len());
        }
        return Ok(Exit::Fine);
    }
    refuse_existing(&root)?;
    for (path, text) in &files {
        let to = root.join(path);
        if let Some(dir) = to.parent() {
            fs::create_dir_all(dir).map_err(|e| cannot_write(dir, &e))?;
        }
        fs::write(&to, text).map_err(|e| cannot_write(&to, &e))?;
    }
    anstream::eprintln!("wrote {} files to {} (edit them, then use --lexicon)", files.len(), root.display());
    Ok(Exit::Fine)
}

fn refuse_existing(path: &std::path::Path) -> Result<(), Failure> {
    if path.exists() {
        let message = format!("{} exists already\n  hint: name another path, or use --print", path.display());
        return Err(Failure::new(Exit::Output, message));
    }
    Ok(())
}

fn cannot_write(path: &std::path::Path, e: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Output,
        format!("cannot write {}: {e}\n  hint: check permissions and free space", path.display()),
    )
}

/// `completions`.
pub fn completions(shell: clap_complete::Shell) -> Outcome {
    clap_complete::generate(shell, &mut Cli::command(), "chancery", &mut std::io::stdout());
    Ok(Exit::Fine)
}

/// `version`.
pub fn version(common: &Common, as_json: bool) -> Outcome {
    let lexicon = setup::lexicon(common, &setup::config(common)?)?;
    let version = env!("CARGO_PKG_VERSION");
    if as_json {
        let all = json!({
            "chancery": version, "lexicon": lexicon.version, "lexicon_sha256": lexicon.sha256,
            "records": ["event/1.0", "article/1.0"], "codebook": CODEBOOK,
        });
        println!("{all}");
    } else {
        println!("chancery {version}");
        println!("lexicon  {} ({})", lexicon.version, &lexicon.sha256[..12]);
        println!("records  event/1.0 article/1.0, codes {CODEBOOK}");
    }
    Ok(Exit::Fine)
}
