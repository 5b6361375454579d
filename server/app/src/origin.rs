//! Where this server is on the internet: the beginning of every address that leaves it, in cards, feeds and QR codes.
//!
//! The operator says it (`--public-url`); else it is the host that the visitor asked, which is right without a proxy
//! before the server. What is no host is not repeated to anybody.

use actix_web::HttpRequest;
use actix_web::http::header::HOST;

use crate::state::State;

/// As `https://playground.example`, without a slash at its end.
pub fn of(asked: &HttpRequest, state: &State) -> String {
    match &state.public_url {
        Some(url) => url.clone(),
        None => format!("http://{}", own_host(asked).unwrap_or("localhost")),
    }
}

fn own_host(asked: &HttpRequest) -> Option<&str> {
    asked.headers().get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host))
}

/// The path and the query of an address that is ours; `None` where it is another's or none at all. The host that the
/// visitor asks is ours by either scheme: a proxy may speak TLS for us.
pub fn path_here<'a>(asked: &HttpRequest, state: &State, url: &'a str) -> Option<&'a str> {
    let own = of(asked, state);
    let host =
        own_host(asked).into_iter().flat_map(|host| [format!("http://{host}"), format!("https://{host}")]);
    [own].into_iter().chain(host).find_map(|own| path_of(url, &own))
}

fn path_of<'a>(url: &'a str, own: &str) -> Option<&'a str> {
    let rest = strip(url, own)?;
    let rest = rest.split('#').next().unwrap_or_default();
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_graphic());
    (is_plain && (rest.is_empty() || rest.starts_with(['/', '?']))).then_some(rest)
}

/// A scheme and a host have no case.
fn strip<'a>(url: &'a str, own: &str) -> Option<&'a str> {
    let head = url.get(..own.len())?;
    head.eq_ignore_ascii_case(own).then(|| &url[own.len()..])
}

/// A name or an address, with a port or without: nothing that could begin something else.
fn is_host(host: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(letters)
}

/// Checks what an operator says.
///
/// # Errors
/// What is wrong with it, in words.
pub fn checked(url: &str) -> Result<String, String> {
    let wanted = || "give the origin that visitors see, as https://playground.example".to_owned();
    let url = url.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).ok_or_else(wanted)?;
    if is_host(host) { Ok(url.to_owned()) } else { Err(wanted()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_origin_is_one() {
        assert_eq!(checked("https://playground.example/"), Ok("https://playground.example".into()));
        assert_eq!(checked("http://[::1]:8080"), Ok("http://[::1]:8080".into()));
        for wrong in
            ["playground.example", "ftp://x", "https://", "https://x/path", "https://a b", "https://x\"y"]
        {
            assert!(checked(wrong).is_err(), "{wrong}");
        }
        assert!(!is_host("x\r\nSet-Cookie: a") && !is_host("user@host") && !is_host(""));
    }

    #[test]
    fn an_address_of_another_is_none() {
        let own = "https://play.example";
        assert_eq!(
            path_of("https://play.example/scenarios/pool?size=2#x", own),
            Some("/scenarios/pool?size=2")
        );
        assert_eq!(path_of("HTTPS://Play.Example", own), Some(""));
        for foreign in [
            "https://play.example.evil/",
            "http://play.example/",
            "https://play.example:81/",
            "/scenarios/pool",
            "https://play.example/a b",
            "一",
        ] {
            assert_eq!(path_of(foreign, own), None, "{foreign}");
        }
    }
}
