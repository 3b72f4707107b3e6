//! From a query string to what is meant by it; what is not understood is refused, not ignored.

use std::sync::LazyLock;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::index::{Ask, Bucket, By};

/// Parameters of one path, beside the conditions.
pub trait More: DeserializeOwned + JsonSchema + Send {
    /// Their names.
    const NAMES: &'static [&'static str];
}

/// The conditions, and the path's own parameters.
pub struct Asked<M> {
    /// Which events.
    pub ask: Ask,
    /// The rest.
    pub more: M,
}

/// Names of the conditions, taken from the type.
static CONDITIONS: LazyLock<Vec<String>> = LazyLock::new(properties::<Ask>);

/// The names of a type's fields.
pub fn properties<T: JsonSchema>() -> Vec<String> {
    let schema = schemars::schema_for!(T);
    let fields = schema.get("properties").and_then(|p| p.as_object());
    fields.map(|f| f.keys().cloned().collect()).unwrap_or_default()
}

impl<S: Sync, M: More> FromRequestParts<S> for Asked<M> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(&parts.uri)
    }
}

fn read<M: More>(uri: &Uri) -> Result<Asked<M>, Problem> {
    let wrong = |e: axum::extract::rejection::QueryRejection| Problem::question(e.body_text());
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(wrong)?;
    for (name, value) in &pairs {
        if !CONDITIONS.contains(name) && !M::NAMES.contains(&name.as_str()) {
            return Err(Problem::question(format!("no parameter is called \"{}\"", short(name))));
        }
        if value.chars().count() > 500 {
            return Err(Problem::question(format!("{name}: over 500 characters")));
        }
    }
    let Query(ask) = Query::<Ask>::try_from_uri(uri).map_err(wrong)?;
    if ask.q.as_ref().is_some_and(|q| q.chars().count() > 200) {
        return Err(Problem::question("q: over 200 characters"));
    }
    let Query(more) = Query::<M>::try_from_uri(uri).map_err(wrong)?;
    Ok(Asked { ask, more })
}

/// Conditions outside of a request: `event=SANCTION&country=RUS`. Values are taken as they stand.
///
/// # Errors
/// What is wrong, in words.
pub fn conditions(typed: &str) -> Result<Ask, String> {
    let escaped: String = typed
        .bytes()
        .map(|b| match b {
            b'&' | b'=' | b',' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let uri: Uri = format!("/?{escaped}").parse().map_err(|e| format!("{e}"))?;
    read::<Nothing>(&uri).map(|asked| asked.ask).map_err(|problem| problem.detail)
}

/// No parameters beside the conditions.
#[derive(Debug, Deserialize, JsonSchema)]
struct Nothing {}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A whole number within bounds; the schema and the check are one.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $least:literal..=$most:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize)]
        #[serde(try_from = "u32")]
        pub struct $name(pub u32);

        impl TryFrom<u32> for $name {
            type Error = String;
            fn try_from(n: u32) -> Result<Self, String> {
                let why = || format!("{n} is not between {} and {}", $least, $most);
                if ($least..=$most).contains(&n) { Ok($name(n)) } else { Err(why()) }
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "integer", "minimum": $least, "maximum": $most})
            }
        }
    };
}

bounded!(
    /// Items in an answer.
    Limit, 1..=1000
);
bounded!(
    /// Weeks to compare with.
    Weeks, 1..=104
);
bounded!(
    /// Days back.
    Days, 1..=3660
);

/// `/api/events`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct EventsMore {
    /// Events in the answer; 100 unless said.
    pub limit: Option<Limit>,
    /// Where an earlier answer ended (its `x-next-cursor`).
    #[schemars(length(max = 100))]
    pub cursor: Option<String>,
    /// `newest` (the last written first) or `oldest`.
    #[serde(default)]
    pub order: Order,
}

/// Which way the output is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The last written first.
    #[default]
    Newest,
    /// The first written first.
    Oldest,
}

/// `/api/series`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SeriesMore {
    /// What is counted apart.
    #[serde(default)]
    pub by: By,
    /// How wide a bucket is; fitting the span unless said.
    pub bucket: Option<Bucket>,
}

/// `/api/dyads`, `/api/topics`, `/api/countries`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct TopMore {
    /// Items in the answer.
    pub limit: Option<Limit>,
}

/// `/api/actors`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ActorsMore {
    /// Items in the answer.
    pub limit: Option<Limit>,
    /// Only actors first told of in so many days before the newest article.
    pub new: Option<Days>,
}

/// `/api/spikes`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SpikesMore {
    /// Weeks to compare with; 4 unless said.
    pub weeks: Option<Weeks>,
    /// Changes in the answer; 20 unless said.
    pub limit: Option<Limit>,
}

/// `/api/stream`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct StreamMore {
    /// Go on behind this event, for clients that cannot send the header `Last-Event-ID`.
    #[schemars(length(max = 100))]
    pub last_event_id: Option<String>,
}

/// `/api/export`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ExportMore {
    /// The form.
    pub to: To,
}

/// Forms of an exported view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// Records, one a line.
    Jsonl,
    /// A flat table.
    Csv,
    /// GDELT 2.0 events.
    Gdelt2,
    /// POLECAT.
    Polecat,
    /// ICEWS.
    Icews,
    /// GeoJSON features.
    Geojson,
    /// CloudEvents 1.0, one a line.
    Cloudevents,
}

macro_rules! more {
    ($($kind:ident: $($name:literal)*;)*) => {
        $(impl More for $kind {
            const NAMES: &'static [&'static str] = &[$($name),*];
        })*

        #[cfg(test)]
        #[test]
        fn the_names_are_those_of_the_types() {
            $(
                let mut names = properties::<$kind>();
                let mut written = $kind::NAMES.to_vec();
                names.sort();
                written.sort();
                assert_eq!(names, written);
            )*
        }
    };
}

more! {
    Nothing:;
    EventsMore: "limit" "cursor" "order";
    SeriesMore: "by" "bucket";
    TopMore: "limit";
    ActorsMore: "limit" "new";
    SpikesMore: "weeks" "limit";
    StreamMore: "last_event_id";
    ExportMore: "to";
}
