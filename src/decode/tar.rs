//! Tar: one entry after the other, names of any length, and nothing held.

use std::io::{self, Read};

use tar::{Archive, EntryType};

use super::unpack::Walk;
use crate::model::Undecodable;

/// Bytes of a name, or of an extended header, that are believed.
const LONGEST_NAME: u64 = 64 << 10;

/// Whether the bytes begin with a tar header: the magic, or in old archives a checksum that fits.
pub fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    header[257..].starts_with(b"ustar") || (header[0] != 0 && fits(header))
}

fn fits(header: &[u8]) -> bool {
    let text = std::str::from_utf8(&header[148..156]).unwrap_or("");
    let Ok(wanted) = u32::from_str_radix(text.trim_matches(['\0', ' ']), 8) else { return false };
    let sum = |bytes: &[u8]| bytes.iter().map(|b| u32::from(*b)).sum::<u32>();
    wanted > 0 && wanted == sum(&header[..148]) + 8 * 32 + sum(&header[156..])
}

/// Walks an archive; a damaged entry ends it, what came before is kept.
pub(super) fn walk(path: &str, from: &mut dyn Read, depth: usize, walk: &mut Walk) {
    let mut archive = Archive::new(from);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return walk.fault(path, Some(super::unpack::Kind::Tar), &error),
    };
    let mut long_name: Option<String> = None;
    for entry in entries.raw(true) {
        if walk.over {
            return;
        }
        let counted = entry.and_then(|entry| walk.meter.entry().map(|()| entry));
        let mut entry = match counted {
            Ok(entry) => entry,
            Err(error) => return walk.fault(path, Some(super::unpack::Kind::Tar), &error),
        };
        match entry.header().entry_type() {
            EntryType::GNULongName => long_name = name(&mut entry).ok(),
            EntryType::XHeader => long_name = extended(&mut entry).or(long_name),
            EntryType::Regular | EntryType::Continuous => {
                let short = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                let name = long_name.take().unwrap_or(short);
                if !walk.passes_over(&name) {
                    walk.stream(&format!("{path}!{name}"), &mut entry, depth + 1);
                }
            }
            EntryType::GNUSparse => {
                let name = long_name.take().unwrap_or_default();
                let lost = Undecodable {
                    reason: "unsupported",
                    error: "a sparse file".to_owned(),
                    hint: Some("pack it again without --sparse".to_owned()),
                    ..Undecodable::default()
                };
                walk.lose(&format!("{path}!{name}"), lost);
            }
            // Directories, links and devices hold no bytes.
            _ => long_name = None,
        }
    }
}

fn name(entry: &mut impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    entry.take(LONGEST_NAME).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned())
}

/// The path in an extended header: lines of `length key=value`.
fn extended(entry: &mut impl Read) -> Option<String> {
    let text = name(entry).ok()?;
    text.lines().find_map(|line| line.split_once(" path=").map(|(_, path)| path.to_owned()))
}
