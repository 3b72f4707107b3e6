//! A place in the output that stays the same while lines are added: the row's number and a hash of its record's id.

use crate::index::Index;

/// Characters of a cursor.
pub const LEN: usize = 26;

/// `0000001234-0123456789abcdef`, without the last hexadecimal digit.
pub fn write(row: u32, key: u64) -> String {
    format!("{row:010}-{:015x}", key >> 4)
}

/// The row that a cursor names. When files were taken away the number points elsewhere: then the record is looked for.
pub fn find(text: &str, index: &Index) -> Option<u32> {
    let (row, key) = text.split_once('-')?;
    let (row, key): (u32, u64) = (row.parse().ok()?, u64::from_str_radix(key, 16).ok()?);
    let is = |r: &crate::index::Row| r.key >> 4 == key;
    if index.rows().get(row as usize).is_some_and(is) {
        return Some(row);
    }
    index.rows().iter().position(is).map(|i| i as u32)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cursor_has_a_fixed_length() {
        assert_eq!(super::write(u32::MAX, u64::MAX).len(), super::LEN);
        assert_eq!(super::write(0, 0).len(), super::LEN);
    }
}
