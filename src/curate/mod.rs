//! Tools for the people who look after the word lists. Pure: they are given texts and give back texts and findings.

pub mod lint;
pub mod cells;
pub mod form;
pub mod change;
pub mod import;

pub use cells::{Cells, table};
