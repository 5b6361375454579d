//! The page's files, which the binary carries inside it.
//!
//! They are sent as they stand, module by module, without lines of mere comment; a sheet
//! has those that it imports in their places. Addresses begin with the version of all
//! files ([`href`]). Imports are relative and so stay within their version: a browser may
//! keep each file for ever. Whoever asks for another version, or for none, may keep the
//! file but must ask about it (`no-cache`, `ETag`).
//!
//! A debug build reads them from the folder at each request, so that a change shows on
//! reload. What was compressed is kept until its content changes.

mod inline;
mod source;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CROSS_ORIGIN_RESOURCE_POLICY, ETAG, Encoding, EntityTag, Header, IfNoneMatch, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use brotli::enc::BrotliEncoderParams;
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
#[include = "text/experiments.json"]
#[include = "text/share.json"]
#[include = "text/kept.json"]
#[include = "text/keys.json"]
struct Static;

/// The sentences. Those of the experiments are asked for by whoever opens one, those of recordings when a run has ended.
#[derive(RustEmbed)]
#[folder = "../../web/text"]
#[include = "*.json"]
pub struct Sentences;

/// A file as it is sent; each compressed form is made when it is first asked for.
struct Served {
    plain: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    hash: String,
}

static SERVED: LazyLock<Mutex<HashMap<String, Arc<Served>>>> = LazyLock::new(Mutex::default);

/// The version of all files that the last page named.
static VERSION: Mutex<String> = Mutex::new(String::new());

/// The address of a file in the present version.
pub fn href(path: &str) -> String {
    format!("/static/{}/{path}", version())
}

/// The addresses of all modules that a page's module needs, for the browser to ask for at once.
pub fn needed(entry: &str) -> Vec<String> {
    let version = version();
    let modules = source::needed(entry, &text);
    modules.into_iter().map(|path| format!("/static/{version}/{path}")).collect()
}

/// The path in `web/` of the file at an address of [`href`].
pub fn path(href: &str) -> &str {
    split_version(href.trim_start_matches("/static/")).1
}

/// A script of ours as it is sent: without comments.
pub fn script(path: &str) -> String {
    text(path).map(|text| source::without_comments(&text)).unwrap_or_default()
}

/// A page's module and all that it needs as one script.
pub fn one_script(entry: &str) -> String {
    inline::script(entry, &text)
}

/// A sheet as it is sent.
pub fn sheet(path: &str) -> String {
    source::sheet(path, &text).map(|text| source::without_comments(&text)).unwrap_or_default()
}

/// `GET /static/{path}`, with a version before the path or without.
pub async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let (asked, path) = split_version(&path);
    let nothing = || Problem::of(&request, Refusal::NotFound);
    let kind = content_type(path).ok_or_else(nothing)?;
    let file = served(path).ok_or_else(nothing)?;
    let is_present = asked.is_some_and(|asked| *asked == *locked(&VERSION));
    let tag = EntityTag::new_weak(file.hash.clone());
    let known = is_known(&request, &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    // What is no page needs no page's policy, and a hundred files would send it a hundred times.
    response
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'self'"))
        .insert_header((CACHE_CONTROL, if is_present { FOR_EVER } else { "no-cache" }))
        // Modules of a page without an origin are asked for by CORS.
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header((ETAG, tag));
    if known {
        return Ok(response.finish());
    }
    response.content_type(kind);
    Ok(match encoding(&request) {
        Some(encoding) if encoding == Encoding::brotli() => {
            let body = file.brotli.get_or_init(|| brotli(&file.plain).into()).clone();
            response.insert_header((CONTENT_ENCODING, "br")).body(body)
        }
        Some(encoding) if encoding == Encoding::gzip() => {
            let body = file.gzip.get_or_init(|| gzip(&file.plain).into()).clone();
            response.insert_header((CONTENT_ENCODING, "gzip")).body(body)
        }
        _ => response.body(file.plain.clone()),
    })
}

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A release build's files never change; those of a debug build may.
fn version() -> String {
    let mut version = locked(&VERSION);
    if cfg!(debug_assertions) || version.is_empty() {
        let mut paths: Vec<_> = Static::iter().collect();
        paths.sort();
        *version = hash_of(paths.iter().map(|path| (path, content(path))).collect::<Vec<_>>());
    }
    version.clone()
}

/// The version that an address begins with, if it begins with one, and the file's path.
fn split_version(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((first, rest)) if first.len() == 16 && first.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            (Some(first), rest)
        }
        _ => (None, path),
    }
}

fn served(path: &str) -> Option<Arc<Served>> {
    let plain = plain(path)?;
    let hash = hash_of(&plain);
    let mut served = locked(&SERVED);
    if let Some(file) = served.get(path).filter(|file| file.hash == hash) {
        return Some(file.clone());
    }
    let file = Arc::new(Served { plain, brotli: OnceLock::new(), gzip: OnceLock::new(), hash });
    served.insert(path.to_owned(), file.clone());
    Some(file)
}

fn plain(path: &str) -> Option<Bytes> {
    match path.rsplit_once('.')?.1 {
        "js" => text(path).map(|text| source::without_comments(&text).into()),
        "css" => source::sheet(path, &text).map(|text| source::without_comments(&text).into()),
        _ => content(path),
    }
}

fn text(path: &str) -> Option<String> {
    content(path).map(|content| String::from_utf8_lossy(&content).into_owned())
}

fn content(path: &str) -> Option<Bytes> {
    Static::get(path).map(|file| file.data.into_owned().into())
}

fn hash_of(content: impl Hash) -> String {
    let mut hash = DefaultHasher::new();
    content.hash(&mut hash);
    format!("{:016x}", hash.finish())
}

/// Nothing that holds one of these locks can be left half-done.
fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let settings = BrotliEncoderParams { quality: 9, ..Default::default() };
    let written = brotli::BrotliCompress(&mut &*plain, &mut packed, &settings);
    written.expect("a vector takes all that is written to it");
    packed
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    written.expect("a vector takes all that is written to it")
}

fn encoding(request: &HttpRequest) -> Option<Encoding> {
    let ours = [Encoding::brotli(), Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request).ok()?.negotiate(ours.iter())
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
    fn an_address_has_a_version_and_leads_to_its_file() {
        let address = href("pages/theme.js");
        let (version, path) = split_version(address.strip_prefix("/static/").unwrap());
        assert_eq!((version, path), (Some(&*super::version()), "pages/theme.js"));
        assert_eq!(split_version("pages/theme.js"), (None, "pages/theme.js"));
    }

    #[test]
    fn an_embed_as_one_script_knows_of_no_modules() {
        let script = one_script("pages/embed.js");
        for word in ["import.meta", "import(", "\nimport ", "\nexport "] {
            assert!(!script.contains(word), "{word}: only modules that have no files beside them fit in");
        }
    }

    #[test]
    fn all_that_a_page_needs_is_there_and_is_asked_for_at_once() {
        let needed = needed("pages/playground.js");
        assert!(needed.len() > 50, "{needed:?}");
        for address in needed {
            let (_, path) = split_version(address.strip_prefix("/static/").unwrap());
            assert!(served(path).is_some(), "{path}");
        }
    }
}
