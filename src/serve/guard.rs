//! Who may ask, and what every answer carries.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State as Of};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use super::state::State;

/// Longest address that is read (bytes).
const LONGEST: usize = 8 << 10;
const COOKIE: &str = "chancery_token";
/// Nothing from elsewhere, nothing inline, nobody around.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                   connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
                   frame-ancestors 'none'";

/// Who is let in.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// What must be shown; `None` for an open door.
    pub token: Option<String>,
    /// Host names that are ours, beside `localhost` and plain addresses.
    pub hosts: Vec<String>,
}

/// Everything a request passes on its way in and out.
pub async fn guard(Of((door, state)): Of<(Arc<Door>, Arc<State>)>, request: Request, next: Next) -> Response {
    let mut response = match door.check(&request) {
        Ok(None) => next.run(request).await,
        Ok(Some(welcome)) => welcome,
        Err(problem) => problem.into_response(),
    };
    let class = (response.status().as_u16() / 100).clamp(1, 5) as usize - 1;
    state.answers[class].fetch_add(1, Ordering::Relaxed);
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

impl Door {
    /// `Ok(None)` lets in; `Ok(Some)` is an answer of the door's own.
    fn check(&self, request: &Request) -> Result<Option<Response>, Problem> {
        let uri = request.uri();
        if uri.to_string().len() > LONGEST {
            let status = StatusCode::URI_TOO_LONG;
            return Err(Problem::refused(status, "the address is over 8 KiB", "ask for less at a time"));
        }
        self.check_host(request.headers(), uri)?;
        check_origin(request)?;
        if !self.needs_token(uri.path()) {
            return Ok(None);
        }
        if let Some(welcome) = self.welcome(request.method(), uri) {
            return Ok(Some(welcome));
        }
        let headers = request.headers();
        let shown = bearer(headers).or_else(|| cookie(headers));
        if shown.is_some_and(|token| self.opens(&token)) {
            return Ok(None);
        }
        let hint = "open /?token=… once, or send  Authorization: Bearer …";
        Err(Problem::refused(StatusCode::UNAUTHORIZED, "the token is missing or wrong", hint))
    }

    /// Against a foreign name that was made to point here (DNS rebinding).
    fn check_host(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
        let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).or(uri.host()).unwrap_or("");
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or(""),
            None => host.split(':').next().unwrap_or(""),
        };
        let known = name.parse::<IpAddr>().is_ok()
            || name.eq_ignore_ascii_case("localhost")
            || self.hosts.iter().any(|h| h.eq_ignore_ascii_case(name));
        if known {
            return Ok(());
        }
        let shown: String = name.chars().take(60).collect();
        let detail = format!("this server is not called \"{shown}\"");
        Err(Problem::refused(
            StatusCode::MISDIRECTED_REQUEST,
            detail,
            "start it with --host NAME to add a name",
        ))
    }

    fn needs_token(&self, path: &str) -> bool {
        self.token.is_some() && !matches!(path, "/healthz" | "/readyz")
    }

    /// `/?token=…` puts the token into a cookie, since an event stream cannot send headers, and takes it out of the
    /// address.
    fn welcome(&self, method: &Method, uri: &Uri) -> Option<Response> {
        if method != Method::GET || uri.path() != "/" {
            return None;
        }
        let token = uri.query()?.split('&').find_map(|p| p.strip_prefix("token="))?;
        if !self.opens(token) {
            return None;
        }
        let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000");
        let mut response = Redirect::to("/").into_response();
        response.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).ok()?);
        Some(response)
    }

    /// Whether it is the token; hashes are compared, so that time tells nothing of how much of it was right.
    fn opens(&self, shown: &str) -> bool {
        let Some(token) = &self.token else { return true };
        let (a, b) = (Sha256::digest(token.as_bytes()), Sha256::digest(shown.as_bytes()));
        a.iter().zip(b.iter()).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
    }
}

/// A page of another site may not ask through its visitor's browser.
fn check_origin(request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let cross = text("sec-fetch-site").is_some_and(|s| s == "cross-site" || s == "same-site");
    let is_page = text("sec-fetch-mode") == Some("navigate") && request.method() == Method::GET;
    let origin = text("origin").filter(|_| request.method() != Method::GET);
    let foreign = origin.is_some_and(|o| {
        let own = text("host").unwrap_or("");
        o.strip_prefix("http://").or(o.strip_prefix("https://")) != Some(own)
    });
    if (cross && !is_page) || foreign {
        let hint = "open the page itself; there is no CORS";
        return Err(Problem::refused(StatusCode::FORBIDDEN, "asked from another site", hint));
    }
    Ok(())
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(|t| t.trim().to_string())
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|c| c.to_str().ok());
    let mut pairs = all.flat_map(|c| c.split(';')).filter_map(|p| p.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_string())
}
