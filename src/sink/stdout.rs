//! Lines to standard output: at least once, and quiet when the reader goes away.

use std::io::{self, Write};

/// Standard output, or any other writer.
pub struct Stdout {
    out: Box<dyn Write + Send>,
    closed: bool,
}

impl Default for Stdout {
    fn default() -> Self {
        Stdout::to(Box::new(io::stdout()))
    }
}

impl Stdout {
    /// Lines go to `out`.
    pub fn to(out: Box<dyn Write + Send>) -> Stdout {
        Stdout { out, closed: false }
    }

    /// Whether the reader has gone: nothing more need be done.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Writes and flushes. A closed pipe is no error: it says that nobody wants more.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        match self.out.write_all(bytes).and_then(|()| self.out.flush()) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }
}
