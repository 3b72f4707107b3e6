//! The one integration binary: each module is a kind of promise.

mod explain;
mod flow;
mod help;
mod kill;
mod laws;
mod lexicon;
mod live;
mod record;
mod serve;
mod terminal;
mod tidy;
