//! Pictures to take along: a run as a figure for papers and slides, SVG and PNG, and as the card that other
//! sites show beside a link.
//!
//! Drawn by `poster`, in the language of the reader; turned into pixels by [`raster`] beside the threads that answer.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use poster::{Notes, Sign, Words};
use protocol::event::{Body, RunStarted, SupervisorEvent};
use protocol::{Card, Event, Lang};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::exports::attachment;
use crate::problem::Problem;
use crate::raster::{self, Frame};
use crate::recorded::{self, tagged};
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::TextMap;
use crate::{lang, start, still};

/// What can be asked for, as a pattern of the address.
pub const NAMES: &str = r"figure\.svg|figure\.png|card\.png";

/// The paper of pictures, and of the page around a card.
const PAPER: [u8; 3] = [255, 255, 255];

/// One picture is drawn at a time: it takes a processor for a while, which the runs need, and anybody may ask.
static DRAWING: Semaphore = Semaphore::const_new(1);

/// The size of a card, as sites that show one ask for it (<https://ogp.me>).
pub const CARD: (u32, u32) = (1200, 630);

/// `GET /api/runs/{run}/{picture}`.
pub async fn of_run(
    asked: HttpRequest,
    path: Path<(String, String)>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let (id, name) = path.into_inner();
    let found = state.run(&id).await;
    let found = found.and_then(|(run, card)| Ok((Picture::of(&asked, &name, card, run.id())?, run)));
    let (picture, run) = found.map_err(|refusal| Problem::of(&asked, refusal))?;
    let svg = picture.draw(&still::events(&run.log.text()), state.texts.of(picture.lang));
    Ok(picture.answer(&asked, svg).await)
}

/// `GET /api/scenarios/{id}/recording/{picture}`.
pub async fn of_scenario(
    asked: HttpRequest,
    path: Path<(String, String)>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let (id, name) = path.into_inner();
    let found = recorded::of(&state, &id).and_then(|recording| {
        let card = start::card(&state.catalogue, &id)?;
        Ok((Picture::of(&asked, &name, card, "recorded")?, recording))
    });
    let (picture, recording) = found.map_err(|refusal| Problem::of(&asked, refusal))?;
    let svg = picture.draw(recording.events(), state.texts.of(picture.lang));
    Ok(picture.answer(&asked, svg).await)
}

/// A picture that was asked for.
struct Picture<'a> {
    card: &'a Card,
    lang: Lang,
    is_card: bool,
    is_png: bool,
    file: String,
}

impl<'a> Picture<'a> {
    fn of(asked: &HttpRequest, name: &str, card: &'a Card, run: &str) -> Result<Self, Refusal> {
        let (what, ending) = name.split_once('.').ok_or(Refusal::NotFound)?;
        let (lang, is_png) = (lang::of(asked), ending == "png");
        if is_png && !raster::can_write(lang) {
            return Err(Refusal::NoFaces);
        }
        Ok(Picture {
            card,
            lang,
            is_card: what == "card",
            is_png,
            file: export::file_name(&card.id, run, ending),
        })
    }

    fn draw(&self, log: &[Event], text: &TextMap) -> String {
        let story = poster::read(log);
        if self.is_card {
            return still::draw(&story, self.card.title.get(self.lang), text);
        }
        let (source, params) = source(log).unwrap_or_default();
        let hidden = story.lanes.len().saturating_sub(64);
        let words = Words {
            lang: text.get("html.lang"),
            title: self.card.title.get(self.lang),
            about: &still::about(&story, text),
            description: &still::description(&story, text),
            more: &if hidden > 0 { still::count("poster.more", hidden, &[], text) } else { String::new() },
            notes: Some(Notes { signs: signs(text), source: [&source, &params] }),
        };
        poster::figure(&story, &words)
    }

    async fn answer(self, asked: &HttpRequest, svg: String) -> HttpResponse {
        let kind = if self.is_png { "image/png" } else { "image/svg+xml" };
        let mut response = still::answer(tagged(asked, kind, &svg), self.lang);
        if !self.is_card {
            response.headers_mut().insert(CONTENT_DISPOSITION, attachment(&self.file));
        }
        if !self.is_png || response.status() != StatusCode::OK {
            return response;
        }
        let is_card = self.is_card;
        let turn = DRAWING.acquire().await.expect("nobody closes it");
        let pixels = web::block(move || pixels(&svg, is_card)).await.ok().flatten();
        drop(turn);
        response.set_body(BoxBody::new(pixels.expect("a picture of ours can be drawn")))
    }
}

/// A figure twice as large as it is drawn, for print; a card as large as cards are.
fn pixels(svg: &str, is_card: bool) -> Option<Vec<u8>> {
    if is_card {
        let (width, height) = CARD;
        return raster::png(svg, Frame { width, height, ground: PAPER });
    }
    let (width, height) = raster::size(svg)?;
    raster::png(svg, Frame { width: 2 * width, height: 2 * height, ground: PAPER })
}

fn signs(text: &TextMap) -> [(Sign, &str); 7] {
    [
        (Sign::Task, "figure.task"),
        (Sign::Waits, "figure.waits"),
        (Sign::Stopped, "figure.stopped"),
        (Sign::Output, "figure.output"),
        (Sign::Way, "figure.way"),
        (Sign::Zombie, "figure.zombie"),
        (Sign::Killed, "figure.killed"),
    ]
    .map(|(sign, key)| (sign, text.get(key)))
}

/// Which run it was, when and where, and with which parameters: what another needs to make it again.
fn source(log: &[Event]) -> Option<(String, String)> {
    let run = log.iter().find_map(|event| match &event.body {
        Body::Supervisor(SupervisorEvent::RunStarted(run)) => Some(run),
        _ => None,
    })?;
    let param = |(name, value): (&String, &Value)| match value.as_str() {
        Some(text) => format!("{name}={text}"),
        None => format!("{name}={value}"),
    };
    let params: Vec<_> = run.params.iter().map(param).collect();
    Some((parts(run).join(" · "), params.join(" · ")))
}

fn parts(run: &RunStarted) -> Vec<String> {
    let mut parts = vec!["Process Playground".to_owned(), run.scenario.clone()];
    parts.extend(run.unix_ms.and_then(still::day));
    parts.push(format!("run {}", run.run.chars().take(8).collect::<String>()));
    parts.push(format!("{} {}", run.host.os, run.host.kernel.split('-').next().unwrap_or_default()));
    parts.push(format!("seed {}", run.seed));
    parts
}
