//! What goes wrong, told as RFC 9457 tells it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// The body of every answer that is none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// What kind of problem, in few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What, where and why.
    pub detail: String,
    /// What to do.
    pub hint: String,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl ToString, hint: impl ToString) -> Problem {
        Problem { title, status: status.as_u16(), detail: detail.to_string(), hint: hint.to_string() }
    }

    /// The question makes no sense.
    pub fn question(detail: impl ToString) -> Problem {
        let hint = "/openapi.json lists every parameter with its values";
        Problem::new(StatusCode::BAD_REQUEST, "bad question", detail, hint)
    }

    /// Nothing of that name.
    pub fn missing(detail: impl ToString) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not found", detail, "/openapi.json lists every path")
    }

    /// Not with this method.
    pub fn method() -> Problem {
        let hint = "see the Allow header";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong method", "this path has other methods", hint)
    }

    /// Not for you.
    pub fn refused(status: StatusCode, detail: impl ToString, hint: impl ToString) -> Problem {
        Problem::new(status, "refused", detail, hint)
    }

    /// Too many questions at a time.
    pub fn busy() -> Problem {
        let hint = "ask again in a second";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many questions at a time", hint)
    }

    /// Our own fault, or the disk's.
    pub fn fault(detail: impl ToString) -> Problem {
        let hint = "the log on stderr says more";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", detail, hint)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let kind = axum::http::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let second = axum::http::HeaderValue::from_static("1");
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, second);
        }
        response
    }
}
