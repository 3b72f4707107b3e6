//! Notifications of the file system, boiled down to hints: a hint says where to look, never what is there.

use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Where to look.
#[derive(Debug)]
pub enum Hint {
    /// A writer closed it, or it was moved here: it is whole.
    Ready(PathBuf),
    /// It was created or its metadata changed.
    Touched(PathBuf),
    /// It is being written.
    Writing(PathBuf),
    /// It was removed or moved away.
    Removed(PathBuf),
    /// Notifications were lost: everything has to be looked at again.
    Lost(String),
}

/// More hints than this are not kept (each takes some 150 bytes); a scan finds the rest.
const MOST: usize = 200_000;

/// Hints and the place to send more of them.
pub struct Hints {
    receiver: UnboundedReceiver<Hint>,
    sender: UnboundedSender<Hint>,
    waiting: Arc<AtomicUsize>,
}

impl Default for Hints {
    fn default() -> Self {
        let (sender, receiver) = unbounded_channel();
        Hints { receiver, sender, waiting: Arc::default() }
    }
}

impl Hints {
    /// Waits for the next hint.
    pub async fn next(&mut self) -> Option<Hint> {
        let hint = self.receiver.recv().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        hint
    }

    /// The next hint that is there already.
    pub fn try_next(&mut self) -> Option<Hint> {
        let hint = self.receiver.try_recv().ok()?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(hint)
    }

    /// A handle to send hints with.
    pub fn sender(&self) -> HintSender {
        HintSender { sender: self.sender.clone(), waiting: self.waiting.clone() }
    }
}

/// Sends hints; never blocks, never grows without bound.
#[derive(Clone)]
pub struct HintSender {
    sender: UnboundedSender<Hint>,
    waiting: Arc<AtomicUsize>,
}

impl HintSender {
    /// Sends one; beyond the bound a single `Lost` stands for all.
    pub fn send(&self, hint: Hint) {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed);
        let hint = match waiting {
            MOST => Hint::Lost("more changes at once than are kept in memory".into()),
            n if n > MOST => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                return;
            }
            _ => hint,
        };
        // The receiver is gone only when the source is: then nobody needs the hint.
        let _ = self.sender.send(hint);
    }
}

/// Watches directories, each one by itself: a new directory's watch stands before it is listed, so nothing that is
/// put into it falls between.
pub struct Watch {
    watcher: RecommendedWatcher,
    /// Directories under watch and their (device, inode): another directory under the same name needs a new watch.
    dirs: HashMap<PathBuf, (u64, u64)>,
}

impl Watch {
    /// Starts to listen; hints go to `hints`.
    pub fn new(hints: HintSender) -> notify::Result<Watch> {
        let handler = move |event: notify::Result<notify::Event>| match event {
            Ok(event) => translate(event, &mut |hint| hints.send(hint)),
            Err(error) => hints.send(Hint::Lost(error.to_string())),
        };
        Ok(Watch { watcher: notify::recommended_watcher(handler)?, dirs: HashMap::new() })
    }

    /// Sets the watch on one directory (not on those below it), unless it stands.
    pub fn add(&mut self, dir: &Path, meta: &Metadata) -> notify::Result<()> {
        let id = (meta.dev(), meta.ino());
        if self.dirs.get(dir) == Some(&id) {
            return Ok(());
        }
        if self.dirs.contains_key(dir) {
            // Of a directory that is gone; the kernel has dropped it, our library may not have.
            let _ = self.watcher.unwatch(dir);
        }
        self.watcher.watch(dir, RecursiveMode::NonRecursive)?;
        self.dirs.insert(dir.to_path_buf(), id);
        Ok(())
    }

    /// Forgets a directory that was removed or moved away, with all below it.
    pub fn remove(&mut self, dir: &Path) {
        if !self.dirs.contains_key(dir) {
            return;
        }
        let watcher = &mut self.watcher;
        self.dirs.retain(|path, _| {
            let stays = !path.starts_with(dir);
            if !stays {
                let _ = watcher.unwatch(path);
            }
            stays
        });
    }

    /// Directories under watch.
    pub fn len(&self) -> usize {
        self.dirs.len()
    }

    /// Whether nothing is watched.
    pub fn is_empty(&self) -> bool {
        self.dirs.is_empty()
    }
}

/// Opening and reading are no news: our own reading must not feed back.
fn translate(event: notify::Event, send: &mut dyn FnMut(Hint)) {
    if event.need_rescan() {
        return send(Hint::Lost("the system's queue of changes overflowed".into()));
    }
    let make: fn(PathBuf) -> Hint = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Hint::Ready,
        EventKind::Access(_) => return,
        EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Hint::Ready,
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Hint::Removed,
        // Told once more by From and To.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => return,
        EventKind::Modify(ModifyKind::Data(_)) => Hint::Writing,
        EventKind::Remove(_) => Hint::Removed,
        EventKind::Create(CreateKind::Folder) => Hint::Ready,
        _ => Hint::Touched,
    };
    event.paths.into_iter().for_each(|path| send(make(path)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::Event;
    use notify::event::{DataChange, Flag};

    fn hints(event: Event) -> String {
        let mut hints = Vec::new();
        translate(event.add_path("a".into()), &mut |hint| hints.push(hint));
        format!("{hints:?}")
    }

    #[test]
    fn events_become_hints_and_reading_is_no_news() {
        let of = |kind| hints(Event::new(kind));
        assert_eq!(of(EventKind::Access(AccessKind::Close(AccessMode::Write))), "[Ready(\"a\")]");
        assert_eq!(of(EventKind::Modify(ModifyKind::Name(RenameMode::To))), "[Ready(\"a\")]");
        assert_eq!(of(EventKind::Modify(ModifyKind::Data(DataChange::Any))), "[Writing(\"a\")]");
        assert_eq!(of(EventKind::Create(CreateKind::File)), "[Touched(\"a\")]");
        assert_eq!(of(EventKind::Access(AccessKind::Open(AccessMode::Any))), "[]");
        assert_eq!(of(EventKind::Access(AccessKind::Close(AccessMode::Read))), "[]");
        assert!(hints(Event::new(EventKind::Other).set_flag(Flag::Rescan)).starts_with("[Lost("));
    }

    #[test]
    fn a_flood_of_hints_becomes_one_call_to_scan() {
        let mut hints = Hints::default();
        let sender = hints.sender();
        (0..MOST + 1000).for_each(|_| sender.send(Hint::Touched("a".into())));
        let (mut kept, mut lost) = (0, 0);
        while let Some(hint) = hints.try_next() {
            kept += 1;
            lost += usize::from(matches!(hint, Hint::Lost(_)));
        }
        assert_eq!((kept, lost), (MOST + 1, 1));
        sender.send(Hint::Touched("a".into()));
        assert!(matches!(hints.try_next(), Some(Hint::Touched(_))));
    }
}
