//! Killed at random moments while files arrive: what stands in the end is what a clean scan would have written.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::live::{Place, append, story, until};

const KILLS: usize = 50;

/// Random enough, and the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Goes on adding articles until it is told to stop; how many it added.
fn write_on(inbox: PathBuf, mut dice: Dice, stop: Arc<AtomicBool>) -> usize {
    let mut n = 0;
    while !stop.load(Ordering::SeqCst) {
        match dice.below(4) {
            0 => append(&inbox.join("feed.jsonl"), &format!("{}\n", story(n))),
            1 => {
                // Half a line that gets its end a little later.
                let line = format!("{}\n", story(n));
                let (first, rest) = line.split_at(line.len() / 2);
                append(&inbox.join("slow.jsonl"), first);
                std::thread::sleep(Duration::from_millis(dice.below(8)));
                append(&inbox.join("slow.jsonl"), rest);
            }
            2 => {
                let aside = inbox.with_file_name("aside.json");
                fs::write(&aside, story(n)).unwrap();
                fs::rename(&aside, inbox.join(format!("moved-{n}.json"))).unwrap();
            }
            _ => fs::write(inbox.join(format!("{n}.json")), story(n)).unwrap(),
        }
        n += 1;
        std::thread::sleep(Duration::from_millis(dice.below(20)));
    }
    n
}

#[test]
fn killed_fifty_times_while_files_arrive_it_ends_as_a_clean_scan_would() {
    let seed = std::env::var("CHANCERY_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_261_125);
    let (begin, place, mut dice) = (Instant::now(), Place::new(), Dice(seed));
    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (inbox, dice, stop) = (place.inbox(""), Dice(seed ^ 0x5eed), stop.clone());
        std::thread::spawn(move || write_on(inbox, dice, stop))
    };
    let length = || fs::metadata(place.path("events.jsonl")).map_or(0, |m| m.len());
    let (mut at_work, mut mended) = (0, 0);
    for round in 0..KILLS {
        let before = length();
        let mut watch = place.start(&["-v"]);
        // A fifth die while they start, two fifths at any time after, the rest once they have written something:
        // seen by the output, not by the clock, so that a busy machine does not spare them.
        if round % 5 > 0 {
            watch = watch.ready();
        }
        if round % 5 > 2 {
            until("new records", || length() > before);
        }
        std::thread::sleep(Duration::from_millis(dice.below(250)));
        let ended = watch.child.try_wait().unwrap();
        assert!(ended.is_none(), "round {round}, seed {seed}: it ended by itself: {:?}", watch.kill());
        mended += usize::from(watch.kill().iter().any(|l| l.contains("cut what was not committed")));
        at_work += usize::from(length() != before);
    }
    stop.store(true, Ordering::SeqCst);
    let written = writer.join().unwrap();
    let watch = place.start(&[]).ready();
    let records = place.ends_like_a_scan(watch);
    println!(
        "seed {seed}: {KILLS} kills, {at_work} after it had written; {mended} starts cut uncommitted bytes off; \
         {written} articles, {records} records, {:.1} s",
        begin.elapsed().as_secs_f64()
    );
    // How many depends on the speed of the machine; none would mean that nothing was put to the test.
    assert!(at_work > 0, "all were killed before they did anything");
    assert!(records >= written, "every article tells at least one event: {records} of {written}");
}
