//! `GET /oembed` (<https://oembed.com>, version 1.0): the player of one of our pages, for sites that are given its address.
//!
//! What stands in the address of the page stands in that of the player: parameters that the scenario has, and the
//! words of the embed. All else is dropped; nothing of it is repeated into the HTML but by its own letters.

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, VARY};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use protocol::{Card, Lang};
use serde_json::{Value, json};

use crate::discovery::percent;
use crate::figure::CARD;
use crate::problem::Problem;
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;
use crate::{lang, origin, raster, start};

/// The words of an embed that an address may have, beside parameters.
const WORDS: [&str; 9] = ["lang", "theme", "runtime", "run", "start", "view", "seed", "t", "event"];

/// The size of a player, unless there is less room, in CSS pixels.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 660;

/// The player of a page of ours.
pub async fn oembed(asked: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let refused = |refusal| Problem::of(&asked, refusal);
    let query = pairs(asked.query_string());
    if value(&query, "format").is_some_and(|format| format != "json") {
        return Err(refused(Refusal::OnlyJson));
    }
    let room = Room::of(&query).map_err(refused)?;
    let url = value(&query, "url")
        .ok_or_else(|| refused(Refusal::field("url", FieldFault::Missing { wanted: "wanted.own_url" })))?;
    let own = origin::of(&asked, &state);
    let path = origin::path_here(&asked, &state, url).ok_or_else(|| refused(Refusal::NotFound))?;
    let player = Player::of(&asked, &state, path).await.map_err(refused)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((VARY, "Accept-Language")).insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    Ok(response.json(player.json(&own, &room)))
}

fn pairs(query: &str) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::from_query(query).map(Query::into_inner).unwrap_or_default()
}

fn value<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// How large the player is.
struct Room {
    width: u32,
    height: u32,
}

impl Room {
    /// What is usual, or what the site has.
    fn of(query: &[(String, String)]) -> Result<Self, Refusal> {
        let within = |name: &str, usual: u32| match value(query, name) {
            None => Ok(usual),
            Some(word) => word.parse().map(|most: u32| usual.min(most)).map_err(|_| {
                let fault = FieldFault::Wrong { value: word.into(), wanted: "wanted.pixels" };
                Refusal::field(name, fault)
            }),
        };
        Ok(Room { width: within("maxwidth", WIDTH)?, height: within("maxheight", HEIGHT)? })
    }
}

/// What is embedded.
struct Player<'a> {
    card: &'a Card,
    lang: Lang,
    /// The words of its address.
    query: Vec<(String, String)>,
    /// The run that it shows, if it is not the recorded one.
    run: Option<String>,
}

impl<'a> Player<'a> {
    /// Of the page at this path; what has no player is refused.
    async fn of(asked: &HttpRequest, state: &'a State, path: &str) -> Result<Self, Refusal> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut query = pairs(query);
        let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let card = match parts.as_slice() {
            ["", "scenarios", id] | ["", "embed", "v1", id] => start::card(&state.catalogue, id)?,
            ["", "runs", run] => {
                let found = state.runs.find(run).await?;
                query.retain(|(name, _)| name != "run");
                query.push(("run".into(), found.id().into()));
                start::card(&state.catalogue, &found.job.scenario)?
            }
            _ => return Err(Refusal::NotFound),
        };
        query.retain(|(name, _)| WORDS.contains(&name.as_str()) || card.param(name).is_some());
        let spoken = value(&query, "lang").and_then(lang::language);
        let run = value(&query, "run").filter(|run| is_id(run)).map(str::to_owned);
        Ok(Player { card, lang: spoken.unwrap_or_else(|| lang::of(asked)), query, run })
    }

    fn json(&self, own: &str, Room { width, height }: &Room) -> Value {
        let (id, lang) = (&self.card.id, self.lang);
        let query: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        let title = self.card.title.get(lang);
        let source = escaped(&format!("{own}/embed/v1/{id}{query}"));
        // As the page in it, or a browser puts an opaque ground behind its corners.
        let scheme = value(&self.query, "theme").filter(|theme| ["light", "dark"].contains(theme));
        let scheme = scheme.unwrap_or("light dark");
        let html = format!(
            r#"<iframe src="{source}" title="{}" width="{width}" height="{height}" loading="lazy" sandbox="allow-scripts allow-popups" style="border:0;max-width:100%;color-scheme:{scheme}"></iframe>"#,
            escaped(title),
        );
        let mut json = json!({
            "version": "1.0", "type": "rich", "provider_name": "Process Playground", "provider_url": format!("{own}/"),
            "title": title, "width": width, "height": height, "html": html, "cache_age": 86_400,
        });
        if raster::can_write(lang) {
            let of =
                self.run.as_ref().map_or(format!("scenarios/{id}/recording"), |run| format!("runs/{run}"));
            json["thumbnail_url"] = format!("{own}/api/{of}/card.png?lang={}", lang.tag()).into();
            (json["thumbnail_width"], json["thumbnail_height"]) = (CARD.0.into(), CARD.1.into());
        }
        json
    }
}

/// Whether a word may be the id of a run.
fn is_id(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A text between quotes in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
