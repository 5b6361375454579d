//! The page's files, which the binary carries inside it.
//!
//! A debug build reads them from the folder at each request, so that a change shows
//! on reload. They may be kept but must be asked about (`no-cache`): the `ETag` is
//! the hash of the content, so the answer is mostly 304 and never stale.

use actix_web::http::header::{CACHE_CONTROL, ETAG, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

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

/// `GET /static/{path}`.
pub async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let kind = content_type(&path);
    let file =
        kind.and_then(|_| Static::get(&path)).ok_or_else(|| Problem::of(&request, Refusal::NotFound))?;
    let tag = EntityTag::new_weak(hexadecimal(&file));
    let known = is_known(&request, &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-cache"));
    if known {
        return Ok(response.finish());
    }
    Ok(response.content_type(kind.unwrap_or_default()).body(file.data.into_owned()))
}

/// Whether the browser has it already, RFC 9110 section 13.1.2.
pub fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key("if-none-match"),
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|one| one.weak_eq(tag)),
        Err(_) => false,
    }
}

fn hexadecimal(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
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
