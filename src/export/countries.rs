//! Names, FIPS codes and middles of countries, for formats that want them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A country as other formats know it.
#[derive(Clone, Debug)]
pub struct Country {
    /// FIPS 10-4; empty where it has none.
    pub fips: &'static str,
    /// English name.
    pub name: &'static str,
    /// Middle of its largest part: latitude, longitude.
    pub middle: Option<(f64, f64)>,
}

static TABLE: LazyLock<BTreeMap<&'static str, Country>> = LazyLock::new(|| {
    let rows = include_str!("countries.tsv").lines().filter(|l| !l.starts_with('#')).skip(1);
    rows.filter_map(row).collect()
});

fn row(line: &'static str) -> Option<(&'static str, Country)> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [code, _, fips, name, latitude, longitude] = cells[..] else { return None };
    let middle = latitude.parse().ok().zip(longitude.parse().ok());
    Some((code, Country { fips, name, middle }))
}

/// The country with an ISO 3166-1 alpha-3 code.
pub fn country(code: &str) -> Option<&'static Country> {
    TABLE.get(code)
}

/// Its English name; for bodies in a country's place (`EUR`) theirs; else the code.
pub fn name(code: &str) -> &str {
    match code {
        "EUR" => "European Union",
        "UNO" => "United Nations",
        _ => country(code).map_or(code, |c| c.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_codes_differ() {
        assert_eq!(TABLE.len(), 250);
        assert!(TABLE.keys().all(|c| c.len() == 3));
        assert_eq!((country("DEU").unwrap().fips, name("XKX")), ("GM", "Kosovo"));
    }
}
