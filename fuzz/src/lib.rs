//! The rooms that foreign bytes come to first, built alone, and what must hold of whatever they make of them.

#[path = "../../src/decode/mod.rs"]
pub mod decode;
#[path = "../../src/model/mod.rs"]
pub mod model;
#[path = "../../src/segment/mod.rs"]
pub mod segment;

#[path = "../../tests/laws/inputs.rs"]
pub mod laws;
