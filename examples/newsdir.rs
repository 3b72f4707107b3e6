//! Writes a directory of seeded news: `cargo run --release --example newsdir -- DIR COUNT [BYTES] [SEED] [FORMATS]`.

#[path = "../benches/news/mod.rs"]
mod news;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, count, rest @ ..] = args.as_slice() else {
        eprintln!("usage: newsdir DIR COUNT [BYTES=2000] [SEED=7] [FORMATS=txt,md,json]");
        std::process::exit(2);
    };
    let number = |i: usize, default: u64| rest.get(i).and_then(|v| v.parse().ok()).unwrap_or(default);
    let formats: Vec<&str> = rest.get(2).map_or("txt,md,json", |f| f.as_str()).split(',').collect();
    let count = count.parse().unwrap_or(0);
    let bytes = news::directory(Path::new(dir), number(1, 7), count, number(0, 2000) as usize, &formats)?;
    println!("{count} files, {bytes} bytes in {dir}");
    Ok(())
}
