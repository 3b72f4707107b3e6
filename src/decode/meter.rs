//! The meter on a container: what it unpacks to, counted on the way against every bound.

use std::cell::{Cell, RefCell};
use std::io::{self, Cursor, Read, Seek};

use super::charset;
use super::options::Limits;
use crate::model::Undecodable;

/// What was read and what it became, of one container and all inside it.
pub(super) struct Meter<'o> {
    limits: &'o Limits,
    /// Bytes taken from the container itself, and how many it has.
    packed: Cell<u64>,
    len: u64,
    unpacked: Cell<u64>,
    entries: Cell<usize>,
    pub(super) passed: Cell<u64>,
    /// The bound that was met: an `io::Error` alone does not tell.
    breach: RefCell<Option<Undecodable>>,
}

/// Bytes that anything may unpack to before its ratio counts.
const SMALL: u64 = 16 << 20;

impl<'o> Meter<'o> {
    /// For a container of `len` bytes.
    pub(super) fn new(limits: &'o Limits, len: u64) -> Meter<'o> {
        Meter {
            limits,
            packed: Cell::new(0),
            len,
            unpacked: Cell::new(0),
            entries: Cell::new(0),
            passed: Cell::new(0),
            breach: RefCell::new(None),
        }
    }

    /// The bound that was met, once.
    pub(super) fn breach_met(&self) -> Option<Undecodable> {
        self.breach.take()
    }

    fn unpacked(&self, len: usize) -> io::Result<()> {
        let unpacked = self.unpacked.get() + len as u64;
        self.unpacked.set(unpacked);
        let packed = self.packed.get().min(self.len).max(1);
        let (most, ratio) = (self.limits.max_unpacked, self.limits.max_ratio);
        if unpacked > most {
            let error = format!("it unpacks to more than the limit of {most} bytes (max_unpacked)");
            return self.breach(
                "too_large",
                error,
                format!("[input.limits] max_unpacked = {}", most.saturating_mul(4)),
            );
        }
        if unpacked > SMALL && unpacked / packed > ratio {
            let error = format!(
                "{packed} bytes of it unpack to more than {unpacked}: over the limit of {ratio} times as many (max_ratio)"
            );
            return self.breach(
                "too_dense",
                error,
                format!("[input.limits] max_ratio = {}", ratio.saturating_mul(10)),
            );
        }
        Ok(())
    }

    /// Counts an entry of an archive.
    pub(super) fn entry(&self) -> io::Result<()> {
        let limit = self.limits.max_entries;
        self.entries.set(self.entries.get() + 1);
        if self.entries.get() <= limit {
            return Ok(());
        }
        let error = format!("more entries than the limit of {limit} for one archive (max_entries)");
        self.breach(
            "too_many_entries",
            error,
            format!("[input.limits] max_entries = {}", limit.saturating_mul(10)),
        )
    }

    fn breach(&self, reason: &'static str, error: String, raise: String) -> io::Result<()> {
        let hint = Some(format!("if you trust it, raise it: {raise}"));
        self.breach.replace(Some(Undecodable { reason, error, hint, ..Undecodable::default() }));
        Err(io::Error::other("a limit"))
    }
}

/// Counts what is taken from the container.
pub(super) struct Packed<'m, R> {
    pub(super) inner: R,
    pub(super) meter: &'m Meter<'m>,
}

impl<R: Read> Read for Packed<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.meter.packed.set(self.meter.packed.get() + n as u64);
        Ok(n)
    }
}

impl<R: Seek> Seek for Packed<'_, R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Counts what something unpacks to, and stops at a bound.
pub(super) struct Unpacked<'m, R> {
    pub(super) inner: R,
    pub(super) meter: &'m Meter<'m>,
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.meter.unpacked(n)?;
        Ok(n)
    }
}

/// A stream whose beginning was looked at.
pub(super) struct Peeked<R> {
    head: Cursor<Vec<u8>>,
    /// A fault that was met on the way: what came before it is read first.
    fault: Option<io::Error>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    pub(super) fn new(mut rest: R) -> io::Result<Peeked<R>> {
        let mut head = Vec::new();
        let fault = rest.by_ref().take(charset::HEAD as u64).read_to_end(&mut head).err();
        match fault {
            Some(fault) if head.is_empty() => Err(fault),
            fault => Ok(Peeked { head: Cursor::new(head), fault, rest }),
        }
    }

    /// The beginning.
    pub(super) fn head(&self) -> &[u8] {
        self.head.get_ref()
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buf)? {
            0 if !buf.is_empty() => match self.fault.take() {
                Some(fault) => Err(fault),
                None => self.rest.read(buf),
            },
            n => Ok(n),
        }
    }
}
