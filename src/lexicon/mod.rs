//! stand-in
pub mod rules;
