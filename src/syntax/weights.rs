//! The file of weights: a header and sections, read where they lie.

/// First bytes of the file.
const MAGIC: &[u8; 8] = b"CHANSYN1";

/// Version of the layout and of the feature templates. Raise it whenever either changes: weights of another
/// version are refused, for they would score features that no longer exist.
pub const VERSION: u32 = 3;

/// The sections in their order.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub enum Section {
    /// Universal and Penn tag of each class, two bytes.
    Classes,
    /// What a step of the table of spellings is worth, then the network's parameters; 32-bit floats.
    Net,
    /// The table of spellings, a byte for each number.
    Table,
    /// Lemmas, index.
    LemmaIndex,
    /// Lemmas, text.
    LemmaText,
}

/// Number of sections.
pub const SECTIONS: usize = 5;

/// The sections of a file, or `None` when it is not one of this version.
pub fn open(bytes: &[u8]) -> Option<[&[u8]; SECTIONS]> {
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(..8)? != MAGIC || word(8)? != VERSION || word(12)? as usize != SECTIONS {
        return None;
    }
    let mut at = 16 + 4 * SECTIONS;
    let mut out = [&bytes[..0]; SECTIONS];
    for (i, section) in out.iter_mut().enumerate() {
        let len = word(16 + 4 * i)? as usize;
        *section = bytes.get(at..at + len)?;
        at += len;
    }
    Some(out)
}

/// Writes the sections as a file.
pub fn write(sections: [&[u8]; SECTIONS]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend(VERSION.to_le_bytes());
    out.extend((SECTIONS as u32).to_le_bytes());
    for section in sections {
        out.extend((section.len() as u32).to_le_bytes());
    }
    for section in sections {
        out.extend(section);
    }
    out
}
