//! Relative web addresses, as feeds and pages write them.

/// The address that `link` means in a document whose own address is `base`; `link` as it is when that cannot be told.
pub fn join(base: Option<&str>, link: &str) -> String {
    let link = link.trim();
    let scheme = link.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':'));
    let Some(base) = base.map(str::trim).filter(|b| super::lookup::is_address(b) && !scheme) else {
        return link.to_owned();
    };
    let after = base.find("://").map_or(0, |at| at + 3);
    let host = base[after..].find(['/', '?', '#']).map_or(base.len(), |at| after + at);
    if let Some(rest) = link.strip_prefix("//") {
        return format!("{}//{rest}", &base[..after - 2]);
    }
    let whole = base.split(['?', '#']).next().unwrap_or(base);
    match link.chars().next() {
        None => return base.to_owned(),
        Some('#') => return format!("{}{link}", base.split('#').next().unwrap_or(base)),
        Some('?') => return format!("{whole}{link}"),
        _ => {}
    }
    let (path, query) = link.find(['?', '#']).map_or((link, ""), |at| link.split_at(at));
    let mut parts: Vec<&str> = Vec::new();
    if !path.starts_with('/') {
        parts.extend(whole[host.min(whole.len())..].split('/').skip(1));
        parts.pop();
    }
    let mut steps = path.trim_start_matches('/').split('/').peekable();
    while let Some(step) = steps.next() {
        let last = steps.peek().is_none();
        match step {
            "." | ".." => {
                if step == ".." {
                    parts.pop();
                }
                if last {
                    parts.push("");
                }
            }
            step => parts.push(step),
        }
    }
    format!("{}/{}{query}", &base[..host], parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn relative_addresses() {
        let base = Some("https://nw.example/world/today.html?x=1");
        for (link, wanted) in [
            ("/a/b", "https://nw.example/a/b"),
            ("b.html", "https://nw.example/world/b.html"),
            ("../c/./d?e=../f", "https://nw.example/c/d?e=../f"),
            ("//cdn.example/g", "https://cdn.example/g"),
            ("?y=2", "https://nw.example/world/today.html?y=2"),
            ("#top", "https://nw.example/world/today.html?x=1#top"),
            ("https://other.example/", "https://other.example/"),
            ("mailto:desk@nw.example", "mailto:desk@nw.example"),
            ("..", "https://nw.example/"),
        ] {
            assert_eq!(join(base, link), wanted, "{link}");
        }
        assert_eq!(join(Some("https://nw.example"), "a"), "https://nw.example/a");
        assert_eq!(join(None, "/a"), "/a");
    }
}
