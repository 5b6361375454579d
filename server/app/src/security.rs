//! What every answer tells the browser to refuse, and who may ask for changes.
//!
//! Pages load nothing but the server's own files: no inline script or style, no other
//! origin. A request that starts, controls or opens a socket must come from one of
//! our own pages, from an embed that has a pass, or from no page at all.

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, CROSS_ORIGIN_RESOURCE_POLICY, HOST, HeaderValue,
    ORIGIN,
};
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpRequest, HttpResponse};

use crate::embed::Admission;
use crate::refusal::Refusal;

/// An embed may be framed by others, and runs without an origin where its frame is sandboxed.
const EMBED_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; font-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'self'";

/// The headers of every answer. None is about windows (`Cross-Origin-Opener-Policy`): what a sandboxed frame opens is
/// sandboxed, and browsers refuse a sandboxed page that has such a policy; then no embed could lead to its full page.
pub fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Content-Security-Policy", POLICY))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), microphone=(), geolocation=()"))
}

/// The headers of what pages without an origin read, too: files and logs that anybody may have.
pub fn open() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .add((CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"))
}

/// Lets an answer stand in a frame of the sites that the operator names.
pub fn frame(response: &mut HttpResponse, ancestors: &str) {
    let policy = HeaderValue::from_str(&format!("{EMBED_POLICY}{ancestors}"));
    let headers = response.headers_mut();
    // What is no header's value is refused at the start; if it were not, nobody could frame it.
    headers.insert(
        CONTENT_SECURITY_POLICY,
        policy.unwrap_or(HeaderValue::from_static("frame-ancestors 'none'")),
    );
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
}

/// Whose page asks: one of ours, a program, or an embed that shows its pass.
///
/// # Errors
/// The origin is another than the host that is asked, and there is no valid pass.
pub fn admit(request: &HttpRequest, admission: &Admission) -> Result<Option<String>, Refusal> {
    let Err(foreign) = check_origin(request) else { return Ok(None) };
    let pass = request.query_string().split('&').find_map(|pair| pair.strip_prefix("pass="));
    let scenario = pass.and_then(|pass| admission.scenario_of(pass));
    scenario.map(|scenario| Some(scenario.to_owned())).ok_or(foreign)
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
