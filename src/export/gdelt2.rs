//! GDELT 2.0 events: 61 tab-separated columns without a head, CAMEO for actors and acts, FIPS for places.
//!
//! Column names and order are those of the published GDELT 2.0 event codebook. What we do not know stays empty: tone,
//! ethnic and religious codes, coordinates of cities.

use super::countries::country;
use super::{is_told_as_done, number, pairs, tabbed};
use crate::record::types::{ActorRecord, EventRecord};

#[rustfmt::skip]
pub(super) const COLUMNS: [&str; 61] = [
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    "Actor1Code", "Actor1Name", "Actor1CountryCode", "Actor1KnownGroupCode", "Actor1EthnicCode",
    "Actor1Religion1Code", "Actor1Religion2Code", "Actor1Type1Code", "Actor1Type2Code", "Actor1Type3Code",
    "Actor2Code", "Actor2Name", "Actor2CountryCode", "Actor2KnownGroupCode", "Actor2EthnicCode",
    "Actor2Religion1Code", "Actor2Religion2Code", "Actor2Type1Code", "Actor2Type2Code", "Actor2Type3Code",
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
    "Actor1Geo_Type", "Actor1Geo_Fullname", "Actor1Geo_CountryCode", "Actor1Geo_ADM1Code", "Actor1Geo_ADM2Code",
    "Actor1Geo_Lat", "Actor1Geo_Long", "Actor1Geo_FeatureID",
    "Actor2Geo_Type", "Actor2Geo_Fullname", "Actor2Geo_CountryCode", "Actor2Geo_ADM1Code", "Actor2Geo_ADM2Code",
    "Actor2Geo_Lat", "Actor2Geo_Long", "Actor2Geo_FeatureID",
    "ActionGeo_Type", "ActionGeo_Fullname", "ActionGeo_CountryCode", "ActionGeo_ADM1Code", "ActionGeo_ADM2Code",
    "ActionGeo_Lat", "ActionGeo_Long", "ActionGeo_FeatureID",
    "DATEADDED", "SOURCEURL",
];

/// A place that is a whole country.
const COUNTRY_MATCH: &str = "1";
/// No place.
const NO_MATCH: &str = "0";

pub(super) fn write(record: &EventRecord, out: &mut Vec<u8>) -> bool {
    let Some(cameo) = record.cameo.as_ref().filter(|_| is_told_as_done(record)) else { return false };
    let day: String = record.date.replace('-', "");
    let (Some(month), Some(year)) = (day.get(..6), day.get(..4)) else { return false };
    let base = cameo.code.get(..3).unwrap_or(&cameo.code);
    let quad = cameo.quad_class.to_string();
    let added: String = record.seen_at.chars().filter(char::is_ascii_digit).take(14).collect();
    for (i, (one, other)) in pairs(record).into_iter().enumerate() {
        let mut row =
            vec![number(&record.id, i).to_string(), day.clone(), month.into(), year.into(), fraction(&day)];
        row.extend(actor(Some(one)));
        row.extend(actor(other));
        let root = if record.evidence.sentence == 0 { "1" } else { "0" };
        row.extend([root, &cameo.code, base, &cameo.root, &quad].map(String::from));
        row.push(format!("{:.1}", cameo.goldstein));
        row.extend(["1", "1", "1", ""].map(String::from));
        row.extend(place(one.country.as_deref()));
        row.extend(place(other.and_then(|o| o.country.as_deref())));
        row.extend(place(record.location.as_ref().and_then(|l| l.country.as_deref())));
        row.push(added.clone());
        row.push(record.article.url.clone().unwrap_or_else(|| record.article.id.clone()));
        tabbed(&row, out);
    }
    true
}

/// The year with the share of it that is over.
fn fraction(day: &str) -> String {
    let part =
        |range: std::ops::Range<usize>| day.get(range).and_then(|p| p.parse::<f64>().ok()).unwrap_or(0.0);
    let (month, day_of) = (part(4..6), part(6..8));
    format!("{}.{:04.0}", &day[..4], ((month - 1.0) * 30.0 + day_of) / 365.0 * 10_000.0)
}

/// Ten columns.
fn actor(actor: Option<&ActorRecord>) -> Vec<String> {
    let Some(actor) = actor else { return vec![String::new(); 10] };
    let country = actor.country.clone().unwrap_or_default();
    let role = role(actor);
    let code = actor.cameo.clone().unwrap_or_else(|| format!("{country}{role}"));
    let name = actor.name.as_ref().unwrap_or(&actor.text).to_uppercase();
    let group = if actor.kind == "igo" { code.clone() } else { String::new() };
    let empty = String::new;
    vec![code, name, country, group, empty(), empty(), empty(), role.into(), empty(), empty()]
}

/// CAMEO's code for what an actor is; empty for a country as a whole.
fn role(actor: &ActorRecord) -> &'static str {
    if actor.sector.iter().any(|s| s == "MIL") {
        return "MIL";
    }
    match actor.kind.as_str() {
        "government" | "leader" => "GOV",
        "igo" => "IGO",
        "ngo" => "NGO",
        "company" => "BUS",
        "media" => "MED",
        "armed_group" => "REB",
        "party" => "PTY",
        _ => "",
    }
}

/// Eight columns.
fn place(code: Option<&str>) -> Vec<String> {
    let mut out = vec![String::new(); 8];
    out[0] = NO_MATCH.into();
    if let Some(country) = code.and_then(country).filter(|c| !c.fips.is_empty()) {
        out[0] = COUNTRY_MATCH.into();
        out[1] = country.name.into();
        out[2] = country.fips.into();
        out[3] = country.fips.into();
        if let Some((latitude, longitude)) = country.middle {
            out[5] = latitude.to_string();
            out[6] = longitude.to_string();
        }
        out[7] = country.fips.into();
    }
    out
}
