//! Small articles, each with a number that no other has, and each with an event.

const WHO: [&str; 5] = ["Norway", "Japan", "Brazil", "The European Union", "India"];
const DID: [&str; 4] = [
    "imposed sanctions on Belarus",
    "accused Serbia of breaking the agreement",
    "held talks with Kenya on trade",
    "expelled two diplomats of Venezuela",
];

/// Article number `n` as JSON on one line.
pub fn story(n: usize) -> String {
    let (who, did) = (WHO[n % WHO.len()], DID[n / WHO.len() % DID.len()]);
    let text = format!("{who} {did} on Sunday, a spokesman said in statement number {n}.");
    let article = serde_json::json!({
        "title": format!("Statement {n}"), "text": text, "date": "2026-11-25", "language": "en"
    });
    article.to_string()
}
