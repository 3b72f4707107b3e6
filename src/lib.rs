//! Chancery reads news and writes dispatches: who did what to whom, when, and where it says so.
//!
//! The modules stand in the order in which the text walks through them; ARCHITECTURE.md tells who may know whom.

pub mod model;
pub mod config;
pub mod lexicon;
pub mod curate;
pub mod source;
pub mod decode;
pub mod segment;
pub mod tag;
pub mod neural;
pub mod syntax;
pub mod code;
pub mod date;
pub mod record;
pub mod explain;
pub mod pipeline;
pub mod feed;
pub mod export;
pub mod sink;
pub mod flow;
pub mod index;
pub mod serve;
