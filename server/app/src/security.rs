//! What every answer tells the browser to refuse, and who may ask for changes.
//!
//! Pages load nothing but the server's own files: no inline script or style, no other
//! origin. A request that starts, controls or opens a socket must come from one of
//! our own pages or from no page at all.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, ORIGIN};
use actix_web::middleware::DefaultHeaders;

use crate::refusal::Refusal;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'self'";

/// The headers of every answer.
pub fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Content-Security-Policy", POLICY))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "same-origin"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), microphone=(), geolocation=()"))
}

/// Refuses what another site's page asks for (RFC 6454). Programs send no `Origin`.
///
/// # Errors
/// The origin is another than the host that is asked.
pub fn check_origin(request: &HttpRequest) -> Result<(), Refusal> {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    if is_own(header(ORIGIN), header(HOST)) { Ok(()) } else { Err(Refusal::ForeignOrigin) }
}

fn is_own(origin: Option<&str>, host: Option<&str>) -> bool {
    let Some(origin) = origin else { return true };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.zip(host).is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_may_ask() {
        let host = Some("127.0.0.1:8080");
        assert!(is_own(None, host));
        assert!(is_own(Some("http://127.0.0.1:8080"), host));
        for foreign in
            ["null", "http://127.0.0.1:8081", "https://example.org", "http://127.0.0.1:8080.example.org", ""]
        {
            assert!(!is_own(Some(foreign), host), "{foreign}");
        }
    }
}
