//! Chancery reads news and writes dispatches: who did what to whom, when, and where it says so.
//!
//! The modules stand in the order in which the text walks through them; ARCHITECTURE.md tells who may know whom.

pub mod model;
pub mod source;
pub mod sink;
pub mod flow;
