//! Compiles the built-in lexicon into its flat form, with the very rooms that read it at run time.
#![allow(dead_code, unused_imports, unreachable_pub, missing_docs)]

use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/model/mod.rs"]
mod model;
#[path = "src/segment/mod.rs"]
mod segment;
#[path = "src/lexicon/mod.rs"]
mod lexicon;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    let words = root.join("config/lexicon");
    for watched in ["config/lexicon", "src/lexicon", "src/model", "src/segment", "build.rs"] {
        println!("cargo:rerun-if-changed={}", root.join(watched).display());
    }
    let mut files = Vec::new();
    collect(&words, &words, &mut files);
    files.sort();
    let flat = match lexicon::Lexicon::load(&files) {
        Ok(lexicon) => lexicon.to_flat(),
        Err(problems) => {
            // The program is built all the same: it reads the files itself then, and its `lex lint` tells each fault.
            for p in &problems {
                println!("cargo:warning=config/lexicon/{}:{}: {}", p.file, p.line, p.message);
            }
            Vec::new()
        }
    };
    fs::write(out.join("lexicon.flat"), flat).expect("the output directory can be written");
}

/// All files below `dir`, by their paths inside `root`.
fn collect(root: &Path, dir: &Path, out: &mut Vec<lexicon::File>) {
    for entry in fs::read_dir(dir).expect("config/lexicon can be listed") {
        let path = entry.expect("config/lexicon can be listed").path();
        if path.is_dir() {
            collect(root, &path, out);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let inside =
                path.strip_prefix(root).expect("it lies inside").to_string_lossy().replace('\\', "/");
            out.push((inside, text));
        }
    }
}
