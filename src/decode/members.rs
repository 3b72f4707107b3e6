//! The members of a gzip, one after the other, and the places where they begin in what they unpack to.
//!
//! Archives of the web keep each record in a member of its own, so that it can be had without the others.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use flate2::bufread::GzDecoder;

/// Where members begin, first to last, as far as they were reached (bytes of what they unpack to).
pub(super) type Starts = Rc<RefCell<VecDeque<u64>>>;

/// Unpacks all members as one stream.
pub(super) struct Members<R> {
    /// The member that is being unpacked; none behind the last.
    member: Option<GzDecoder<BufReader<R>>>,
    starts: Starts,
    at: u64,
}

impl<R: Read> Members<R> {
    pub(super) fn new(from: R) -> Members<R> {
        let member = Some(GzDecoder::new(BufReader::new(from)));
        Members { member, starts: Rc::new(RefCell::new(VecDeque::from([0]))), at: 0 }
    }

    /// Where they begin: filled for as long as somebody keeps it.
    pub(super) fn starts(&self) -> Starts {
        Rc::clone(&self.starts)
    }

    /// Goes on to the next member, if there is one.
    fn next(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else { return Ok(()) };
        let mut rest = member.into_inner();
        if !rest.fill_buf()?.is_empty() {
            self.member = Some(GzDecoder::new(rest));
            let mut starts = self.starts.borrow_mut();
            // Members with nothing in them must not fill the memory.
            if Rc::strong_count(&self.starts) > 1 && starts.back() != Some(&self.at) {
                starts.push_back(self.at);
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            match member.read(buf)? {
                0 if !buf.is_empty() => self.next()?,
                n => {
                    self.at += n as u64;
                    return Ok(n);
                }
            }
        }
        Ok(0)
    }
}
