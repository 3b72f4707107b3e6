//! Random rounds: things happen to files, runs come and go, strikes fall; in the end all must be well.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::acts::{self, ACTS};
use crate::dice::Dice;
use crate::strikes::{self, DAMAGE, STRIKES};
use crate::trials::TRIALS;
use crate::world::World;

/// Seeds that once showed a fault, one a line.
const KEPT: &str = include_str!("seeds.txt");

/// Faults and how often each came.
pub type Counts = BTreeMap<&'static str, usize>;

/// Every fault of the random rounds: what kind, name, manner.
pub fn faults() -> Vec<(&'static str, &'static str, &'static str)> {
    let acts = ACTS.iter().map(|((name, how), _)| ("files", *name, *how));
    let strikes = STRIKES.iter().map(|(name, how)| ("disk and process", *name, *how));
    acts.chain(strikes).chain(DAMAGE.iter().map(|(name, how)| ("between runs", *name, *how))).collect()
}

fn trials() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TRIALS.iter().map(|((name, how), _)| ("trial", *name, *how))
}

/// Prints every fault and how it is brought about.
pub fn list() {
    for (kind, name, how) in faults().into_iter().chain(trials()) {
        println!("{kind:18} {name:34} {how}");
    }
}

/// Kept seeds first, then rounds from `seed` on: so many, or for so long; a dozen unless told.
pub fn run(seed: u64, rounds: Option<usize>, minutes: Option<f64>, only_fresh: bool) -> Result<(), String> {
    quiet_panics();
    let begin = Instant::now();
    let until = minutes.map(|m| begin + Duration::from_secs_f64(m * 60.0));
    let mut counts = Counts::new();
    let (mut done, mut documents) = (0, 0);
    let kept: Vec<u64> = KEPT.lines().filter_map(|l| l.split_whitespace().next()?.parse().ok()).collect();
    let fresh = (seed..).take_while(|s| match (until, rounds) {
        (Some(until), _) => Instant::now() < until,
        (None, rounds) => s - seed < rounds.unwrap_or(12) as u64,
    });
    for seed in kept.into_iter().filter(|_| !only_fresh).chain(fresh) {
        documents += round(seed, &mut counts)?;
        done += 1;
        if done % 100 == 0 {
            eprintln!("{done} rounds, {documents} documents, {:.0?}", begin.elapsed());
        }
    }
    for (kind, name, how) in faults() {
        println!("{kind:18} {name:28} {:>8}  {how}", counts.get(name).unwrap_or(&0));
    }
    let all: usize = counts.values().sum();
    println!(
        "seed {seed}: {done} rounds, {all} faults, {documents} documents, {:.0?}: all well",
        begin.elapsed()
    );
    Ok(())
}

/// One round; the documents it was about.
fn round(seed: u64, counts: &mut Counts) -> Result<usize, String> {
    let mut world = World::new(Dice::new(seed)).map_err(|e| e.to_string())?;
    let result = live_through(&mut world);
    for (name, n) in &world.counts {
        *counts.entry(name).or_default() += n;
    }
    let all = world.oracle.len();
    result.map(|()| all).map_err(|why| {
        if std::env::var_os("TORTURE_KEEP").is_some() {
            eprintln!("kept in {}", world.keep().display());
        }
        let story = world.story.join("\n  ");
        let names = world.names();
        format!("seed {seed}: {why}\n  {story}\n  beside the inbox: {names:?}")
    })
}

fn live_through(world: &mut World) -> Result<(), String> {
    for _ in 0..2 + world.dice.below(5) {
        for _ in 0..world.dice.below(6) {
            acts::any(world);
        }
        if world.dice.one_in(3) {
            strikes::damage(world);
        }
        let strike = (!world.dice.one_in(3)).then(|| strikes::plan(world));
        if world.dice.one_in(2) {
            world.run(strike)?;
        } else {
            let n = world.dice.below(8);
            acts::before_watching(world);
            world.watch(strike, |world| (0..n).for_each(|_| acts::any(world)))?;
        }
    }
    world.run(None)?;
    // Nothing is new to a further run.
    world.run(None)
}

/// Documents that are to panic do so without a word.
fn quiet_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let asked = info.payload().downcast_ref::<&str>().is_some_and(|text| *text == "asked to panic");
        if !asked {
            usual(info);
        }
    }));
}
