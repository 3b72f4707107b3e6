//! The one integration binary: each module is a kind of promise.

mod explain;
mod help;
mod laws;
mod lexicon;
mod record;
mod terminal;
mod tidy;
