//! The page's files, which the binary carries inside it.
//!
//! A page names one script and one sheet; `join` makes each of the modules and sheets
//! that it imports. Their addresses end with the hash of their content ([`href`]), so a
//! browser may keep them for ever, and a changed file has another address. Whoever asks
//! without that hash may keep the file but must ask about it (`no-cache`, `ETag`).
//!
//! A debug build reads the files from the folder at each request, so that a change shows
//! on reload; a release build joins and compresses each of them once.

mod join;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use actix_web::http::header::{
    AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ETAG, Encoding, EntityTag, Header, IfNoneMatch, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;

use crate::problem::Problem;
use crate::refusal::Refusal;

/// Modules, styles and pictures: what a browser may ask for.
#[derive(RustEmbed)]
#[folder = "../../web"]
#[include = "base/*"]
#[include = "model/*"]
#[include = "sources/*"]
#[include = "elements/*"]
#[include = "pages/*"]
#[include = "style/*"]
struct Static;

/// The sentences of the page and of the server.
#[derive(RustEmbed)]
#[folder = "../../web/text"]
#[include = "*.json"]
pub struct Sentences;

/// A file as it is sent.
struct Served {
    kind: &'static str,
    plain: Bytes,
    gzip: Bytes,
    /// The hash of the content.
    version: String,
}

/// What has been made; a release build makes each file once.
static MADE: LazyLock<Mutex<HashMap<String, Arc<Served>>>> = LazyLock::new(Mutex::default);

/// The address of a file, for ever that of this very content.
pub fn href(path: &str) -> String {
    match served(path) {
        Some(file) => format!("/static/{path}?v={}", file.version),
        None => format!("/static/{path}"),
    }
}

/// `GET /static/{path}`.
pub async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = served(&path).ok_or_else(|| Problem::of(&request, Refusal::NotFound))?;
    let tag = EntityTag::new_weak(file.version.clone());
    let is_this_version = request.query_string().strip_prefix("v=") == Some(&file.version);
    let keep = if is_this_version { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = is_known(&request, &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((VARY, "Accept-Encoding"));
    if known {
        return Ok(response.finish());
    }
    response.content_type(file.kind);
    if takes_gzip(&request) {
        return Ok(response.insert_header((CONTENT_ENCODING, "gzip")).body(file.gzip.clone()));
    }
    Ok(response.body(file.plain.clone()))
}

fn served(path: &str) -> Option<Arc<Served>> {
    if cfg!(debug_assertions) {
        return make(path).map(Arc::new);
    }
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(file) = made.get(path) {
        return Some(file.clone());
    }
    let file = Arc::new(make(path)?);
    made.insert(path.to_owned(), file.clone());
    Some(file)
}

fn make(path: &str) -> Option<Served> {
    let kind = content_type(path)?;
    let plain = joined(path).map(Bytes::from).or_else(|| content(path))?;
    let gzip = Bytes::from(compressed(&plain));
    let mut hash = DefaultHasher::new();
    plain.hash(&mut hash);
    Some(Served { kind, plain, gzip, version: format!("{:016x}", hash.finish()) })
}

fn content(path: &str) -> Option<Bytes> {
    Static::get(path).map(|file| file.data.into_owned().into())
}

/// A page's script or sheet with all that it imports. What cannot be joined is served
/// as it stands, for that runs too; a test says that all can be.
fn joined(path: &str) -> Option<String> {
    let read = |path: &str| Some(String::from_utf8_lossy(&content(path)?).into_owned());
    match path.strip_prefix("pages/")?.rsplit_once('.')?.1 {
        "js" => join::script(path, &read).ok(),
        "css" => join::sheet(path, &read).ok(),
        _ => None,
    }
}

fn compressed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    written.expect("a vector takes all that is written to it")
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let asked = AcceptEncoding::parse(request).ok();
    let chosen = asked.and_then(|asked| asked.negotiate([Encoding::gzip(), Encoding::identity()].iter()));
    chosen == Some(Encoding::gzip())
}

/// Whether the browser has it already, RFC 9110 section 13.1.2.
pub fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key("if-none-match"),
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|one| one.weak_eq(tag)),
        Err(_) => false,
    }
}

/// By the name's end; what is not here is not served.
fn content_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_and_sheet_of_a_page_can_be_joined() {
        let pages =
            Static::iter().filter(|path| path.starts_with("pages/") && path.matches('/').count() == 1);
        let mut joined_pages = 0;
        for path in pages {
            assert!(joined(&path).is_some(), "{path} is served in pieces");
            joined_pages += 1;
        }
        assert!(joined_pages >= 4, "{joined_pages}");
    }

    #[test]
    fn an_address_changes_with_the_content_only() {
        let address = href("pages/theme.js");
        assert!(address.starts_with("/static/pages/theme.js?v="), "{address}");
        assert_eq!(address, href("pages/theme.js"));
        assert_ne!(make("pages/theme.js").unwrap().version, make("style/icon.svg").unwrap().version);
    }
}
