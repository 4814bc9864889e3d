//! What no request may contain: the character NUL, which PostgreSQL cannot store. It is refused before
//! anything is looked up, wherever it stands: in a path, a query, a form, the JSON of a server function. HTTP
//! itself refuses it in headers (RFC 9110, section 5.5).

use app::ui::family::ProblemKind;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::problem::PageError;

/// Refuses a URL that contains NUL.
pub(super) async fn check(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if form_has_nul(uri.path().as_bytes()) || uri.query().is_some_and(|query| form_has_nul(query.as_bytes()))
    {
        return PageError::of(StatusCode::BAD_REQUEST, ProblemKind::UnusableCharacter).into_response();
    }
    next.run(request).await
}

/// Whether percent-encoded text contains NUL, encoded or not.
pub(super) fn form_has_nul(text: &[u8]) -> bool {
    text.contains(&0) || text.windows(3).any(|three| three == b"%00")
}

/// Whether JSON contains NUL: as the escape `\u0000`, because JSON allows no control character in itself (RFC
/// 8259, section 7).
pub(super) fn json_has_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        if rest[at + 1..].starts_with(b"u0000") {
            return true;
        }
        // The character after a backslash belongs to it, a second backslash too.
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    json.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_found_however_it_is_written() {
        for text in ["x%00", "%00", "a=b&c=%00d", "a\0"] {
            assert!(form_has_nul(text.as_bytes()), "{text:?}");
        }
        for text in ["", "x", "%0", "%2500", "100%"] {
            assert!(!form_has_nul(text.as_bytes()), "{text:?}");
        }
        for json in [r#"{"a":"\u0000"}"#, r#""\\\u0000""#, "\"\0\"", r#""é\n\u0000""#] {
            assert!(json_has_nul(json.as_bytes()), "{json:?}");
        }
        for json in [r#""\\u0000""#, r#""\u0001""#, "u0000", r#""\"#, ""] {
            assert!(!json_has_nul(json.as_bytes()), "{json:?}");
        }
    }
}
