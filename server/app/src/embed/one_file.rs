//! The embed as one HTML file that plays from a disk, with everything inside: no server, no network.
//!
//! Scripts and sheets stand in it as they are and are allowed by their hashes, nothing else is (CSP in a `meta`
//! element). The sentences of both languages, the scenario and the log are JSON, packed by gzip and base64,
//! which the page unpacks (`web/pages/embed/boot.js`).

use std::io::Write;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LANGUAGE, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use protocol::{Card, Lang};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::page::{ENTRY, EmbedPage, Ground, brief};
use crate::problem::Problem;
use crate::recorded::{self, Recording, tagged};
use crate::state::State;
use crate::text::Texts;
use crate::{assets, lang, pages, start, still};

/// `GET /api/scenarios/{id}/recording/export.html`: the recorded run.
pub async fn of_scenario(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = start::card(&state.catalogue, &id).and_then(|card| Ok((card, recorded::of(&state, &id)?)));
    let (card, recording) = found.map_err(|refusal| Problem::of(&asked, refusal))?;
    let lang = lang::of(&asked);
    Ok(file(&asked, &page(card, recording, lang, &state.texts), lang, &format!("{id}.html")))
}

/// `GET /api/runs/{run}/export.html`: a run as far as it has come.
pub async fn of_run(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = state.runs.find(&id).await;
    let found = found.and_then(|run| Ok((start::card(&state.catalogue, &run.job.scenario)?, run)));
    let (card, run) = found.map_err(|refusal| Problem::of(&asked, refusal))?;
    let lang = lang::of(&asked);
    let recording = Recording::new(run.log.text());
    let name = format!("{}-{}.html", card.id, &run.id()[..8]);
    let mut answer = file(&asked, &page(card, &recording, lang, &state.texts), lang, &name);
    if !run.log.progress().finished {
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(answer)
}

fn file(asked: &HttpRequest, page: &str, lang: Lang, name: &str) -> HttpResponse {
    let mut answer = tagged(asked, "text/html; charset=utf-8", page);
    let attachment = format!("attachment; filename=\"{name}\"");
    let attachment = HeaderValue::try_from(attachment).unwrap_or(HeaderValue::from_static("attachment"));
    answer.headers_mut().insert(CONTENT_DISPOSITION, attachment);
    answer.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    answer
}

/// The whole page. It begins in a language and has the other one in it.
pub fn page(card: &Card, recording: &Recording, lang: Lang, texts: &Texts) -> String {
    let text = texts.of(lang);
    let picture = recording.poster(lang, |story| still::draw(story, card.title.get(lang), text));
    let ground = ground(format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(picture)));
    let boot = json!({
        "lang": lang,
        "texts": {"zh": texts.of(Lang::Zh), "en": texts.of(Lang::En)},
        "card": brief(card),
        "log": recording.log(),
    });
    let boot = json!({"packed": packed(&boot.to_string())}).to_string();
    pages::render(&EmbedPage::with(card, Some(recording), lang, text, &ground, boot))
}

fn ground(poster: String) -> Ground {
    let (sheet, dark) = (assets::sheet("pages/embed.css"), assets::sheet("style/dark.css"));
    let (theme, script) = (assets::script("pages/embed/theme.js"), assets::one_script(ENTRY));
    let policy = format!(
        "default-src 'none'; script-src {} {}; style-src {} {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(&theme),
        hash(&script),
        hash(&sheet),
        hash(&dark)
    );
    Ground {
        head: format!(
            r#"<meta http-equiv="Content-Security-Policy" content="{policy}">
  <style>{sheet}</style>
  <style media="screen and (prefers-color-scheme: dark)" id="dark">{dark}</style>
  <script>{theme}</script>"#
        ),
        tail: format!("<script>{script}</script>"),
        poster,
        boot: json!({}),
    }
}

/// What a policy calls an inline script or sheet by, CSP 3 section 2.3.1.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn packed(text: &str) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    BASE64_STANDARD.encode(written.expect("a vector takes all that is written to it"))
}
