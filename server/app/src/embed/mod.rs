//! The embed, version 1: one scenario in a frame on somebody else's page.
//!
//! It begins with the recorded run, needs no cookie and no storage, and works where it has no origin
//! (`sandbox="allow-scripts allow-popups"`): its modules, sentences and logs are open to all (see
//! `security`), and a pass lets its socket in ([`Admission`]). Addresses of version 1 are kept for ever:
//! what a newer page understands beyond them must leave the old ones as they are.

mod admission;
mod one_file;
mod page;

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use protocol::Lang;
use serde_json::json;

use crate::problem::Problem;
use crate::recorded::tagged;
use crate::refusal::Refusal;
use crate::state::State;
use crate::{assets, lang, pages, security, start, still};

pub use admission::Admission;
pub use one_file::{Offline, of_run, of_scenario, script, script_href};
use page::{EmbedPage, Ground};

/// `GET /embed/v1/{id}`. What the address wishes is read by the page, so that an embed among plain files
/// understands the same.
pub async fn page(asked: HttpRequest, path: Path<(String, String)>, state: Data<State>) -> HttpResponse {
    let lang = lang::of(&asked);
    let card = start::card(&state.catalogue, &path.0);
    let mut answer = match card {
        Ok(card) => {
            let recording = state.catalogue.recordings.get(&card.id);
            let ground = Ground::server(card, lang, recording.is_some(), &state.admission);
            let page = EmbedPage::of(card, recording, lang, &state.texts, &ground);
            pages::html(StatusCode::OK, lang, pages::render(&page))
        }
        Err(refusal) => Problem::of(&asked, refusal).error_response(),
    };
    security::frame(&mut answer, &state.frame_ancestors);
    answer
}

/// `GET /embed/v1/{id}/pass`: a fresh one.
pub async fn pass(asked: HttpRequest, id: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let card = start::card(&state.catalogue, &id).map_err(|refusal| Problem::of(&asked, refusal))?;
    let pass = json!({"pass": state.admission.pass(&card.id), "lasts_s": admission::LASTS.as_secs()});
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(pass))
}

/// `GET /embed/v1/text.{lang}.json`: the sentences of the other language, for who changes it.
pub async fn text(
    asked: HttpRequest,
    tag: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let lang = language(&tag).map_err(|refusal| Problem::of(&asked, refusal))?;
    let sentences =
        serde_json::to_string(&state.texts.of(lang).of_embed()).expect("sentences are plain text");
    Ok(tagged(&asked, "application/json", &sentences))
}

/// `GET /embed/v1/{id}/poster.{lang}.svg`: the picture at the address that it has among plain files, too.
pub async fn poster(
    asked: HttpRequest,
    path: Path<(String, String)>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let (id, tag) = path.into_inner();
    let picture = language(&tag).and_then(|lang| still::recorded_picture(&asked, &id, lang, &state));
    picture.map_err(|refusal| Problem::of(&asked, refusal))
}

fn language(tag: &str) -> Result<Lang, Refusal> {
    [Lang::Zh, Lang::En].into_iter().find(|lang| lang.tag() == tag).ok_or(Refusal::NotFound)
}

/// `GET /embed/v1/host.js`: the optional script for the page around the frame.
pub async fn host(asked: HttpRequest) -> HttpResponse {
    tagged(&asked, "text/javascript; charset=utf-8", &assets::script("pages/embed/host.js"))
}
