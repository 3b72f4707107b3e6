use super::*;
use crate::source::Stamp;
use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

fn entry(i: u64) -> Entry {
    let stamp = Stamp { dev: 1, ino: i, size: 9, mtime: i as i64, ctime: i as i64 };
    let path = format!("inbox/{i:07}.json").into_bytes();
    Entry { path, stamp, content: Some(u128::from(i) << 64 | 1), seen_at: 5, fate: Fate::Read }
}

fn commit(ids: std::ops::Range<u64>) -> Commit {
    let length =
        Length { lane: 0, segment: 0, name: b"events.jsonl".to_vec(), len: ids.end * 10, before: None };
    Commit { entries: ids.map(entry).collect(), lengths: vec![length], ..Commit::default() }
}

fn written(path: &Path, commits: &[std::ops::Range<u64>]) {
    let (mut ledger, ..) = Ledger::open(path).unwrap();
    for ids in commits {
        ledger.write_commit(&commit(ids.clone())).unwrap();
    }
    ledger.sync().unwrap();
}

#[test]
fn a_second_instance_is_refused_until_the_first_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    let first = Ledger::open(&path).unwrap();
    let Err(error) = Ledger::open(&path) else { panic!("opened twice") };
    assert!(error.to_string().contains("in use by another instance"), "{error}");
    drop(first);
    assert!(Ledger::open(&path).is_ok());
}

#[test]
fn a_torn_tail_is_cut_and_the_rest_stands() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, &[0..10, 10..20]);
    let whole = fs::metadata(&path).unwrap().len();
    OpenOptions::new().write(true).open(&path).unwrap().set_len(whole - 3).unwrap();
    let (ledger, known, restored) = Ledger::open(&path).unwrap();
    assert_eq!(known.len(), (10, 10));
    assert_eq!(restored.lengths[0].len, 100);
    assert!(!restored.damaged);
    assert_eq!(restored.cut, whole - 3 - ledger.len());
}

#[test]
fn damage_in_the_middle_goes_back_to_the_last_good_commit_and_keeps_a_copy() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, &[0..10, 10..20, 20..30]);
    let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let at = fs::metadata(&path).unwrap().len() / 2;
    let mut byte = [0];
    file.read_at(&mut byte, at).unwrap();
    file.write_at(&[byte[0] ^ 1], at).unwrap();
    let (_ledger, known, restored) = Ledger::open(&path).unwrap();
    assert_eq!(known.len(), (10, 10));
    assert!(restored.damaged);
    assert!(with_suffix(&path, ".damaged").exists());
}

#[test]
fn a_foreign_or_a_newer_file_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    fs::write(&path, b"{\"not\": \"a ledger\"}").unwrap();
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Foreign { .. })));
    fs::write(&path, [b"CHLEDGER".as_slice(), &99u32.to_le_bytes()].concat()).unwrap();
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Newer { version: 99, .. })));
    assert_eq!(fs::metadata(&path).unwrap().len(), 12);
}

#[test]
fn a_snapshot_knows_all_that_the_ledger_knew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, &[0..50, 50..100]);
    let (mut ledger, mut known, _) = Ledger::open(&path).unwrap();
    for round in 1..20 {
        let mut touched = commit(0..100);
        for e in &mut touched.entries {
            e.stamp.mtime += round;
            e.fate = Fate::Unchanged;
        }
        touched.marks = vec![Mark { dev: 1, ino: 500, offset: round as u64, ..Mark::default() }];
        known.apply(&touched);
        ledger.write_commit(&touched).unwrap();
    }
    let before = ledger.len();
    assert!(matches!(ledger.compact(&known).unwrap(), Compacted::Done));
    assert!(ledger.len() * 5 < before, "{} of {before}", ledger.len());
    ledger.write_commit(&commit(100..101)).unwrap();
    drop(ledger);
    let (_ledger, again, restored) = Ledger::open(&path).unwrap();
    assert_eq!((again.len(), restored.cut), ((101, 101), 0));
    assert_eq!(again.marks.values().next().map(|m| m.offset), Some(19));
    let mut stamp = entry(7).stamp;
    stamp.mtime += 19;
    assert!(again.has(&stamp));
}

#[test]
fn what_was_seen_before_a_crash_is_remembered_and_what_is_forgotten_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, &[0..1, 1..2]);
    let (mut ledger, ..) = Ledger::open(&path).unwrap();
    ledger.write_seen(&Seen { contents: vec![(77, 123)], lines: vec![(5, 0, 10, 20, 456)] }).unwrap();
    ledger.write_forget(vec![entry(1)], vec![]).unwrap();
    drop(ledger);
    let (_ledger, known, _) = Ledger::open(&path).unwrap();
    assert_eq!((known.seen_at(77), known.line_seen_at(5, 0, 19)), (Some(123), Some(456)));
    assert_eq!((known.line_seen_at(5, 0, 20), known.line_seen_at(5, 1, 19)), (None, None));
    assert_eq!(known.len(), (1, 1));
}

#[test]
fn a_hundred_thousand_files_load_in_a_moment() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, &(0..100u64).map(|i| i * 1000..(i + 1) * 1000).collect::<Vec<_>>());
    let begin = std::time::Instant::now();
    let (_ledger, known, _) = Ledger::open(&path).unwrap();
    println!("100,000 entries loaded in {:?}, {} bytes in memory", begin.elapsed(), known.memory());
    assert_eq!(known.len(), (100_000, 100_000));
}

#[test]
fn a_snapshot_that_cannot_be_written_leaves_the_ledger_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, &[0..10, 10..20]);
    fs::create_dir(with_suffix(&path, ".tmp")).unwrap();
    let (mut ledger, known, _) = Ledger::open(&path).unwrap();
    assert!(matches!(ledger.compact(&known).unwrap(), Compacted::Failed(_)));
    ledger.write_commit(&commit(20..30)).unwrap();
    drop(ledger);
    assert_eq!(Ledger::open(&path).unwrap().1.len(), (30, 30));
}

/// A ledger written by the first version that kept one, byte for byte.
const FIRST: &[u8] = include_bytes!("../../../tests/it/flow/old/ledger-1");

#[test]
fn a_ledger_of_the_first_version_is_understood_and_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    fs::write(&path, FIRST).unwrap();
    let mut fates = Vec::new();
    let survey = walk(&path, |told| {
        if let Told::Commit(commit) = told {
            fates.extend(commit.entries.into_iter().map(|e| (String::from_utf8(e.path).unwrap(), e.fate)));
        }
    });
    assert_eq!(survey.unwrap().rest, 0);
    fates.sort_by(|a, b| a.0.cmp(&b.0));
    let fates: Vec<_> = fates.iter().map(|(path, fate)| (path.as_str(), *fate)).collect();
    let known_fates = [
        ("/srv/news/inbox/a.json", Fate::Read),
        ("/srv/news/inbox/b.json", Fate::Duplicate),
        ("/srv/news/inbox/c.json", Fate::Read),
    ];
    assert_eq!(fates, known_fates);
    let (mut ledger, known, restored) = Ledger::open(&path).unwrap();
    assert_eq!((known.len(), known.marks.len(), known.past.len()), ((3, 2), 1, 0));
    assert_eq!((restored.cut, restored.rolled_back, restored.lengths.len()), (0, false, 2));
    // What is written behind it is this version's.
    let past = vec![Mark { dev: 1, ino: 2, offset: 3, ..Mark::default() }];
    ledger.write_commit(&Commit { past, ..commit(0..5) }).unwrap();
    ledger.sync().unwrap();
    drop(ledger);
    let (_ledger, known, _) = Ledger::open(&path).unwrap();
    assert_eq!((known.len(), known.past.len()), ((8, 7), 1));
}

#[test]
fn what_a_later_version_adds_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, std::slice::from_ref(&(0..3)));
    let mut bytes = fs::read(&path).unwrap();
    let frame = |kind: u8, payload: &[u8], at: u64| {
        let mut body = vec![kind];
        body.extend_from_slice(payload);
        let check = xxhash_rust::xxh3::xxh3_64_with_seed(&body, at);
        [&(payload.len() as u32).to_le_bytes(), body.as_slice(), &check.to_le_bytes()].concat()
    };
    // A frame of a kind that may be skipped, then a commit with fields behind those that are known.
    bytes.extend(frame(0x90, b"something new", bytes.len() as u64));
    let known: Vec<u8> = [0u32, 1, 0].into_iter().flat_map(u32::to_le_bytes).collect();
    let longer = [commit(3..5).encode().as_slice(), &known, b"more"].concat();
    bytes.extend(frame(1, &longer, bytes.len() as u64));
    fs::write(&path, &bytes).unwrap();
    let (_ledger, known, restored) = Ledger::open(&path).unwrap();
    assert_eq!((known.len(), restored.cut), ((5, 5), 0));
}

#[test]
fn an_older_copy_and_a_missing_ledger_are_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.ledger");
    written(&path, std::slice::from_ref(&(0..3)));
    let older = fs::read(&path).unwrap();
    written(&path, std::slice::from_ref(&(3..6)));
    assert!(!Ledger::open(&path).unwrap().2.rolled_back);
    fs::write(&path, &older).unwrap();
    // However often it is opened: only who has seen to the outputs may say that it is mended.
    for _ in 0..2 {
        let restored = Ledger::open(&path).unwrap().2;
        assert!(restored.rolled_back && !restored.gone && !restored.damaged);
    }
    Ledger::open(&path).unwrap().0.mended();
    assert!(!Ledger::open(&path).unwrap().2.rolled_back);
    fs::remove_file(&path).unwrap();
    assert!(Ledger::open(&path).unwrap().2.gone);
    // It stays noted until somebody decides.
    let (mut ledger, _, restored) = Ledger::open(&path).unwrap();
    assert!(restored.gone);
    ledger.mended();
    drop(ledger);
    assert!(!Ledger::open(&path).unwrap().2.gone);
}
