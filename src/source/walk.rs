//! Walks a directory tree: what is there, in what state, and why something is passed over.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use super::Stamp;
use super::backlog::Backlog;
use super::name::{Kind, Names};

/// What a walk came upon.
#[derive(Default)]
pub struct Seen {
    /// Files to read or follow.
    pub files: Backlog,
    /// Whether there were more of them than are kept at once.
    pub more: bool,
    /// Passed over: the path and the reason.
    pub skipped: Vec<(PathBuf, &'static str)>,
    /// Directories that could not be listed.
    pub errors: Vec<(PathBuf, io::Error)>,
}

/// What is to be done with one path.
pub enum Look {
    /// A file to read or follow.
    File(Stamp),
    /// A directory to enter.
    Dir(Metadata),
    /// To be passed over, for this reason.
    Skip(&'static str),
    /// Not there.
    Gone,
}

/// Walks trees for one source.
pub struct Walker<'a> {
    /// The rules for names.
    pub names: &'a Names,
    /// Whether links are followed.
    pub follow_symlinks: bool,
}

impl Walker<'_> {
    /// Looks at one path.
    pub fn look(&self, path: &Path) -> Look {
        match path.symlink_metadata() {
            Ok(meta) => self.look_with(path, meta),
            Err(_) => Look::Gone,
        }
    }

    /// The same, when it is known what stands there.
    fn look_with(&self, path: &Path, meta: Metadata) -> Look {
        if !meta.is_symlink() {
            return self.classify(path, meta);
        }
        if !self.follow_symlinks {
            return Look::Skip("symlink");
        }
        match path.metadata() {
            Ok(meta) => self.classify(path, meta),
            Err(_) => Look::Skip("dangling_symlink"),
        }
    }

    fn classify(&self, path: &Path, meta: Metadata) -> Look {
        let kind = meta.file_type();
        if kind.is_dir() {
            return if self.names.enter(path) { Look::Dir(meta) } else { Look::Skip("hidden") };
        }
        if kind.is_fifo() {
            return Look::Skip("fifo");
        }
        if kind.is_socket() {
            return Look::Skip("socket");
        }
        if !kind.is_file() {
            return Look::Skip("device");
        }
        match self.names.judge(path) {
            Kind::Ignore(reason) => Look::Skip(reason),
            Kind::Document | Kind::Follow => Look::File(Stamp::of(&meta)),
        }
    }

    /// Tells `enter` of each directory under `root`, and `found` of each file whose path (its bytes) is `unknown`. It
    /// asks about no other file: fast even where there are a million. What is passed over, and what cannot be listed,
    /// is told by the walk.
    pub fn survey(
        &self,
        root: &Path,
        enter: &mut dyn FnMut(&Path, &Metadata),
        unknown: &mut dyn FnMut(&[u8]) -> bool,
        found: &mut dyn FnMut(&Path, &Stamp),
    ) {
        let (mut visited, mut full) = (HashSet::new(), Vec::new());
        let mut waiting = vec![root.to_path_buf()];
        while let Some(dir) = waiting.pop() {
            let Ok(meta) = dir.metadata() else { continue };
            enter(&dir, &meta);
            let stamp = Stamp::of(&meta);
            if !visited.insert((stamp.dev, stamp.ino)) {
                continue;
            }
            full.clear();
            full.extend_from_slice(dir.as_os_str().as_bytes());
            full.push(b'/');
            let prefix = full.len();
            for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_file() {
                    full.truncate(prefix);
                    full.extend_from_slice(entry.file_name().as_bytes());
                    if unknown(&full)
                        && let Ok(meta) = entry.metadata()
                        && let Look::File(stamp) = self.look_with(&entry.path(), meta)
                    {
                        found(&entry.path(), &stamp);
                    }
                    continue;
                }
                let leads_on =
                    kind.is_dir() || (kind.is_symlink() && self.follow_symlinks && entry.path().is_dir());
                if leads_on && self.names.enter(&entry.path()) {
                    waiting.push(entry.path());
                }
            }
        }
    }

    /// Walks the tree under `root`. `enter` is told of each directory before it is listed, so that a watch can be set
    /// first; `wanted` drops files that are known already, before they cost memory, or a look at their names.
    pub fn walk(
        &self,
        root: &Path,
        enter: &mut dyn FnMut(&Path, &Metadata),
        wanted: &dyn Fn(&Stamp) -> bool,
        seen: &mut Seen,
    ) {
        // Directories met on the way, by (device, inode): a link to one of them is a loop.
        let mut visited = HashSet::new();
        let mut waiting = vec![root.to_path_buf()];
        while let Some(dir) = waiting.pop() {
            let listed = dir.metadata().and_then(|meta| {
                enter(&dir, &meta);
                let stamp = Stamp::of(&meta);
                if visited.insert((stamp.dev, stamp.ino)) { fs::read_dir(&dir).map(Some) } else { Ok(None) }
            });
            let entries = match listed {
                Ok(Some(entries)) => entries,
                Ok(None) => continue,
                Err(e) => {
                    seen.errors.push((dir, e));
                    continue;
                }
            };
            for entry in entries.flatten() {
                // Asked of the entry, the system need not walk down the path again.
                let Ok(meta) = entry.metadata() else { continue };
                // Most files of a large tree are known: what is done for each of them is as little as can be.
                if meta.is_file() && !wanted(&Stamp::of(&meta)) {
                    continue;
                }
                let path = entry.path();
                match self.look_with(&path, meta) {
                    // Behind a link it was not asked yet.
                    Look::File(stamp) if wanted(&stamp) => {
                        if seen.files.has_room() {
                            seen.files.push(&path, &stamp);
                        } else {
                            seen.more = true;
                        }
                    }
                    Look::Dir(_) => waiting.push(path),
                    Look::Skip(reason) => seen.skipped.push((path, reason)),
                    Look::File(_) | Look::Gone => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Options;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    #[test]
    fn a_walk_finds_files_says_why_not_and_survives_loops() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("sub/deep")).unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        for name in ["b.txt", "a.txt", "sub/deep/c.txt", "d.tmp", ".git/e.txt"] {
            fs::write(root.join(name), name).unwrap();
        }
        symlink(root, root.join("sub/loop")).unwrap();
        symlink(root.join("nowhere"), root.join("dangling")).unwrap();
        let _socket = UnixListener::bind(root.join("socket")).unwrap();
        let names = Names::new(&Options::default()).unwrap();
        for follow_symlinks in [false, true] {
            let walker = Walker { names: &names, follow_symlinks };
            let (mut seen, mut dirs) = (Seen::default(), 0);
            walker.walk(root, &mut |_, _| dirs += 1, &|_| true, &mut seen);
            let mut found: Vec<_> = std::iter::from_fn(|| seen.files.pop())
                .map(|f| f.path.strip_prefix(root).unwrap().to_path_buf())
                .collect();
            found.sort();
            assert_eq!(found, ["a.txt", "b.txt", "sub/deep/c.txt"].map(PathBuf::from));
            let mut reasons: Vec<_> = seen.skipped.iter().map(|s| s.1).collect();
            reasons.sort_unstable();
            let links: &[&str] = if follow_symlinks { &["dangling_symlink"] } else { &[] };
            let mut want = [links, &["hidden", "socket", "temporary"]].concat();
            want.extend(if follow_symlinks { vec![] } else { vec!["symlink", "symlink"] });
            want.sort_unstable();
            assert_eq!(reasons, want);
            assert_eq!(dirs, if follow_symlinks { 4 } else { 3 });
        }
    }
}
