//! The pages: HTML that says what it is without scripts, and what its scripts begin with.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, VARY};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use protocol::scenario::{Chapter, Params};
use protocol::{Card, Lang};
use serde::Serialize;
use serde_json::{Value, json};

use crate::catalogue::Catalogue;
use crate::discovery::{Discovery, Told};
use crate::problem::Problem;
use crate::recorded::Recording;
use crate::state::State;
use crate::still::Still;
use crate::text::TextMap;
use crate::{lang, raster, start};

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage<'a> {
    /// Nothing, where the page has no address of its own yet.
    discovery: Option<Discovery>,
    lang: Lang,
    text: &'a TextMap,
    chapters: Vec<ChapterOfPage<'a>>,
    boot: String,
}

/// A part of the catalogue that is not empty.
struct ChapterOfPage<'a> {
    word: &'static str,
    title: String,
    cards: Vec<CardOfPage<'a>>,
}

/// A scenario in the catalogue.
struct CardOfPage<'a> {
    card: &'a Card,
    /// The width and the height of the recorded run's picture, where there is one.
    poster: Option<(u32, u32)>,
}

#[derive(Template)]
#[template(path = "playground.html")]
struct PlaygroundPage<'a> {
    discovery: Discovery,
    lang: Lang,
    text: &'a TextMap,
    card: &'a Card,
    /// The recorded run that the page begins with.
    still: Option<Still>,
    boot: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    lang: Lang,
    text: &'a TextMap,
    status: u16,
    message: &'a str,
    boot: String,
}

/// `GET /`.
pub async fn catalogue(asked: HttpRequest, state: Data<State>) -> HttpResponse {
    let lang = lang::of(&asked);
    let text = state.texts.of(lang);
    let told = Told {
        path: "/".into(),
        title: text.get("brand"),
        description: text.get("tagline"),
        image: None,
        has_player: false,
        is_listed: true,
    };
    let discovery = Discovery::of(&asked, &state, lang, told);
    html(StatusCode::OK, lang, catalogue_page(&state.catalogue, lang, text, Some(discovery)))
}

/// The catalogue in a language.
pub fn catalogue_page(
    catalogue: &Catalogue,
    lang: Lang,
    text: &TextMap,
    discovery: Option<Discovery>,
) -> String {
    let chapters = chapters(catalogue, text);
    render(&CataloguePage { discovery, lang, text, chapters, boot: boot(lang, text, json!({})) })
}

fn chapters<'a>(catalogue: &'a Catalogue, text: &TextMap) -> Vec<ChapterOfPage<'a>> {
    let card = |card: &'a Card| CardOfPage {
        card,
        poster: catalogue.recordings.get(&card.id).map(|recording| poster::size(&recording.story())),
    };
    let chapter = |chapter: Chapter| ChapterOfPage {
        word: chapter.word(),
        title: text.get(&format!("chapter.{}", chapter.word())).to_owned(),
        cards: catalogue.cards.iter().filter(|card| card.chapter == chapter).map(card).collect(),
    };
    Chapter::ALL.into_iter().map(chapter).filter(|chapter| !chapter.cards.is_empty()).collect()
}

/// `GET /scenarios/{id}`: the query string presets the controls.
pub async fn scenario(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let lang = lang::of(&asked);
    let text = state.texts.of(lang);
    let card = start::card(&state.catalogue, &id).map_err(|refusal| Problem::of(&asked, refusal))?;
    let query = Query::<Vec<(String, String)>>::from_query(asked.query_string());
    let (params, faults) = start::presets(card, &query.map(Query::into_inner).unwrap_or_default());
    let faults: BTreeMap<_, _> =
        faults.iter().map(|(name, fault)| (name, fault.message(text, lang))).collect();
    // A run that the address names comes first.
    let follows = asked.query_string().split('&').any(|pair| pair.starts_with("run="));
    let recorded = state.catalogue.recordings.get(&card.id).filter(|_| !follows);
    Ok(playground(
        &asked,
        &state,
        Playground { lang, card, params: &params, faults: json!(faults), run: Value::Null, recorded },
    ))
}

/// `GET /runs/{run}`: the page of the run's scenario, with the run in it.
pub async fn run(asked: HttpRequest, id: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let lang = lang::of(&asked);
    let (run, card) = state.run(&id).await.map_err(|refusal| Problem::of(&asked, refusal))?;
    let progress = run.log.progress();
    let in_it = json!({
        "id": run.id(), "scenario": card.id, "finished": progress.finished, "seed": run.job.seed,
        "kept": progress.kept.filter(|_| progress.finished),
    });
    let params = &run.job.params;
    let page = Playground { lang, card, params, faults: json!({}), run: in_it, recorded: None };
    Ok(playground(&asked, &state, page))
}

/// What the page of a scenario begins with.
struct Playground<'a> {
    lang: Lang,
    card: &'a Card,
    params: &'a Params,
    /// What is wrong with the address, by parameter.
    faults: Value,
    /// The run that is in it, or nothing.
    run: Value,
    /// The recorded run that it shows.
    recorded: Option<&'a Recording>,
}

fn playground(asked: &HttpRequest, state: &State, page: Playground<'_>) -> HttpResponse {
    let discovery = Discovery::of(asked, state, page.lang, told(state, &page));
    let Playground { lang, card, params, faults, run, recorded } = page;
    let text = state.texts.of(lang);
    let more = json!({
        "card": in_page(card), "params": params, "faults": faults, "limits": state.limits, "run": run, "recorded": recorded.is_some(),
        "png": raster::can_write(lang),
    });
    let still = recorded.map(|recording| Still::of(recording, text));
    let page = PlaygroundPage { discovery, lang, text, card, still, boot: boot(lang, text, more) };
    html(StatusCode::OK, lang, render(&page))
}

/// The card as scripts need it: the explanation stands in the page already, and is long.
fn in_page(card: &Card) -> Value {
    let mut card = json!(card);
    if let Some(fields) = card.as_object_mut() {
        fields.remove("text");
    }
    card
}

/// What others are told of the page: of the scenario, or of the run that is in it.
fn told<'a>(state: &State, page: &Playground<'a>) -> Told<'a> {
    let id = &page.card.id;
    let (path, image) = match page.run["id"].as_str() {
        Some(run) => (format!("/runs/{run}"), Some(format!("/api/runs/{run}/card.png"))),
        None => {
            let recorded = state.catalogue.recordings.contains_key(id);
            let image = recorded.then(|| format!("/api/scenarios/{id}/recording/card.png"));
            (format!("/scenarios/{id}"), image)
        }
    };
    Told {
        is_listed: page.run.is_null(),
        path,
        image,
        title: page.card.title.get(page.lang),
        description: page.card.summary.get(page.lang),
        has_player: true,
    }
}

/// The page that says what went wrong.
pub fn problem(state: &State, lang: Lang, status: StatusCode, message: &str) -> String {
    let text = state.texts.of(lang);
    let boot = boot(lang, text, json!({}));
    render(&ProblemPage { lang, text, status: status.as_u16(), message, boot })
}

/// A page as it is sent.
pub fn html(status: StatusCode, lang: Lang, page: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((VARY, "Accept-Language"))
        .body(page)
}

/// A page as text.
pub fn render(page: &impl Template) -> String {
    page.render().expect("a template writes to memory and its values are plain")
}

/// What the scripts begin with, as JSON that may stand inside `<script>`: without `<`,
/// no text in it can end the element.
pub fn boot(lang: Lang, text: impl Serialize, more: Value) -> String {
    let mut boot = json!({"lang": lang, "text": text});
    if let (Some(boot), Value::Object(more)) = (boot.as_object_mut(), more) {
        boot.extend(more);
    }
    boot.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_the_script_element() {
        let text = boot(Lang::En, TextMap::default(), json!({"card": "</script><!--"}));
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["card"], "</script><!--");
    }
}
