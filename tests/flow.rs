//! The flow from files to outputs, as a test binary of its own.

#[path = "it/flow/mod.rs"]
mod flow;
