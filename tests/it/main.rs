//! The one integration binary: each module is a kind of promise.

mod diff;
mod explain;
mod flow;
mod help;
mod inputs;
mod kill;
mod laws;
mod lexicon;
mod live;
mod operations;
mod ledger;
mod lex;
mod record;
mod serve;
mod reload;
mod terminal;
mod tidy;
