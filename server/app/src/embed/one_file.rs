//! The embed with everything inside, for where there is no server: as one HTML file that plays from a disk,
//! and among plain files.
//!
//! Scripts and sheets stand in it as they are and are allowed by their hashes, nothing else is (CSP in a `meta`
//! element). The sentences of both languages, the scenario and the log are JSON, packed by gzip and base64,
//! which the page unpacks (`web/pages/embed/boot.js`).

use std::io::Write;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LANGUAGE, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use protocol::{Card, Lang};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::page::{ENTRY, EmbedPage, Ground, brief};
use crate::exports::attachment;
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
    Ok(file(
        &asked,
        &Offline { card, recording, texts: &state.texts }.alone(lang),
        lang,
        &export::file_name(&id, "recorded", "html"),
    ))
}

/// `GET /api/runs/{run}/export.html`: a run as far as it has come.
pub async fn of_run(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let (run, card) = state.run(&id).await.map_err(|refusal| Problem::of(&asked, refusal))?;
    let lang = lang::of(&asked);
    let recording = Recording::new(run.log.text());
    let name = export::file_name(&card.id, run.id(), "html");
    let page = Offline { card, recording: &recording, texts: &state.texts }.alone(lang);
    Ok(file(&asked, &page, lang, &name))
}

fn file(asked: &HttpRequest, page: &str, lang: Lang, name: &str) -> HttpResponse {
    let mut answer = tagged(asked, "text/html; charset=utf-8", page);
    answer.headers_mut().insert(CONTENT_DISPOSITION, attachment(name));
    answer.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    answer
}

/// An embed with all in it that a server would be asked for.
#[derive(Clone, Copy)]
pub struct Offline<'a> {
    /// The scenario.
    pub card: &'a Card,
    /// The run to be seen.
    pub recording: &'a Recording,
    /// The sentences.
    pub texts: &'a Texts,
}

impl Offline<'_> {
    /// As a file that stands alone. It begins in a language and has the other one in it.
    pub fn alone(self, lang: Lang) -> String {
        let Offline { card, recording, texts } = self;
        let text = texts.of(lang);
        let picture = recording.poster(lang, |story| still::draw(story, card.title.get(lang), text));
        let picture = format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(picture));
        let ground = alone(lang, picture);
        self.page(lang, &ground, json!({"lang": lang}))
    }

    /// As a page among plain files, three folders below their top; a server may be named that runs it live. Its
    /// language is its address's or its reader's.
    pub fn among_files(self, server: Option<&str>) -> String {
        let place = server.map(|base| json!({"base": base, "pass": null}));
        let full = server.map(|base| format!("{base}scenarios/{}", self.card.id));
        self.page(Lang::Zh, &among_files(server), json!({"server": place, "page": full}))
    }

    fn page(self, lang: Lang, ground: &Ground, mut boot: Value) -> String {
        let Offline { card, recording, texts } = self;
        boot["texts"] = json!({"zh": texts.of(Lang::Zh).of_embed(), "en": texts.of(Lang::En).of_embed()});
        boot["card"] = brief(card);
        boot["log"] = json!(recording.log());
        let boot = json!({"packed": packed(&boot.to_string())}).to_string();
        pages::render(&EmbedPage::with(card, Some(recording), lang, texts, ground, boot))
    }
}

/// The embed's modules as one script.
pub fn script() -> String {
    assets::one_script(ENTRY)
}

/// Its address where files have addresses.
pub fn script_href() -> String {
    assets::href("embed.js")
}

/// Everything is inside and is allowed by its hash.
fn alone(lang: Lang, poster: String) -> Ground {
    let (sheet, dark) = (assets::sheet("pages/embed.css"), assets::sheet("style/dark.css"));
    let (theme, script) = (assets::script("pages/embed/theme.js"), script());
    let (scripts, sheets) = ([hash(&theme), hash(&script)].join(" "), [hash(&sheet), hash(&dark)].join(" "));
    let policy = policy(&scripts, &sheets, "data:", "'none'");
    Ground {
        head: format!(
            r#"{policy}
  <style>{sheet}</style>
  <style media="screen and (prefers-color-scheme: dark)" id="dark">{dark}</style>
  <script>{theme}</script>"#
        ),
        tail: format!("<script>{script}</script>"),
        posters: vec![(lang, poster)],
        boot: Value::Null,
    }
}

/// Scripts and sheets are files beside it. They are no modules: a page without an origin may load those only where a
/// host of files says so.
fn among_files(server: Option<&str>) -> Ground {
    let href = |path: &str| format!("../../..{}", assets::href(path));
    let icon = href("style/icon.svg");
    let (sheet, dark, theme) =
        (href("pages/embed.css"), href("style/dark.css"), href("pages/embed/theme.js"));
    let connect = server.map(|base| format!("{base} {}", base.replacen("http", "ws", 1)));
    let policy = policy("'self'", "'self'", "'self'", connect.as_deref().unwrap_or("'none'"));
    Ground {
        head: format!(
            r#"{policy}
  <link rel="icon" href="{icon}" type="image/svg+xml">
  <link rel="stylesheet" href="{sheet}">
  <link rel="stylesheet" href="{dark}" media="screen and (prefers-color-scheme: dark)" id="dark">
  <script src="{theme}"></script>"#
        ),
        tail: format!(r#"<script src="../../..{}"></script>"#, script_href()),
        posters: [Lang::Zh, Lang::En].map(|lang| (lang, format!("poster.{}.svg", lang.tag()))).into(),
        boot: Value::Null,
    }
}

fn policy(scripts: &str, sheets: &str, pictures: &str, connect: &str) -> String {
    format!(
        r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {scripts}; style-src {sheets}; img-src {pictures}; connect-src {connect}; base-uri 'none'; form-action 'none'">"#
    )
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
