//! Runs that stand still: the picture of a log, and the words that a page without scripts has in
//! the place of its views.

use actix_web::http::header::{
    CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue, VARY,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use poster::{Exit, Lane, Story, Words};
use protocol::event::{Body, SupervisorEvent};
use protocol::{Event, Lang, Pid};
use time::OffsetDateTime;

use crate::problem::Problem;
use crate::recorded::{self, Recording, tagged};
use crate::refusal::Refusal;
use crate::state::State;
use crate::text::TextMap;
use crate::{lang, start};

/// A picture has a style sheet inside and nothing else that could act.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// `GET /api/scenarios/{id}/poster.svg`: the recorded run.
pub async fn of_scenario(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let picture = recorded_picture(&asked, &id, lang::of(&asked), &state);
    picture.map_err(|refusal| Problem::of(&asked, refusal))
}

/// The picture of a scenario's recorded run.
///
/// # Errors
/// There is no such scenario, or it has none.
pub fn recorded_picture(
    asked: &HttpRequest,
    id: &str,
    lang: Lang,
    state: &State,
) -> Result<HttpResponse, Refusal> {
    let card = start::card(&state.catalogue, id)?;
    let recorded = recorded::of(state, id)?;
    let picture = recorded.poster(lang, |story| draw(story, card.title.get(lang), state.texts.of(lang)));
    Ok(answer(tagged(asked, "image/svg+xml", picture), lang))
}

/// `GET /api/runs/{run}/poster.svg`: a run as far as it has come.
pub async fn of_run(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let (run, card) = state.run(&id).await.map_err(|refusal| Problem::of(&asked, refusal))?;
    let lang = lang::of(&asked);
    let picture = draw(&poster::read(&events(&run.log.text())), card.title.get(lang), state.texts.of(lang));
    Ok(answer(tagged(&asked, "image/svg+xml", &picture), lang))
}

/// The events of a log; what is none is left out, as it stands in no picture.
pub fn events(log: &str) -> Vec<Event> {
    log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// A picture may stand on any page, as in the feed of a blog.
pub fn answer(mut response: HttpResponse, lang: Lang) -> HttpResponse {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
        (CONTENT_LANGUAGE, lang.tag()),
        (VARY, "Accept-Language"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The picture with its words.
pub fn draw(story: &Story<'_>, title: &str, text: &TextMap) -> String {
    let hidden = story.tally().hidden;
    let words = Words {
        lang: text.get("html.lang"),
        title,
        about: &about(story, text),
        description: &description(story, text),
        more: &if hidden > 0 { count("poster.more", hidden, &[], text) } else { String::new() },
        notes: None,
    };
    poster::draw(story, &words)
}

/// The run in a few words.
pub fn about(story: &Story<'_>, text: &TextMap) -> String {
    count("poster.about", story.tally().processes, &[("time", time(story))], text)
}

/// The picture in words, for who does not see it.
pub fn description(story: &Story<'_>, text: &TextMap) -> String {
    let one = |one: &Member| format!("{} {}", one.name, one.end).trim().to_owned();
    let family: Vec<String> = family(story, text).iter().map(one).collect();
    let family = family.join(text.get("poster.comma"));
    text.fill("poster.description", &[("family", family), ("time", time(story))])
}

fn time(story: &Story<'_>) -> String {
    format!("{:.2} s", story.tally().end_us as f64 / 1e6)
}

/// A sentence with a number in it; English has another one for 1.
pub fn count(key: &str, n: usize, more: &[(&str, String)], text: &TextMap) -> String {
    let one = format!("{key}.one");
    let values: Vec<_> = [("n", n.to_string())].into_iter().chain(more.iter().cloned()).collect();
    text.fill(if n == 1 && text.has(&one) { &one } else { key }, &values)
}

/// The recorded run in words, for a page without scripts.
pub struct Still {
    /// How many processes, how long, made when and where.
    pub about: String,
    /// The picture in words.
    pub description: String,
    /// Width and height of the picture.
    pub size: (u32, u32),
    /// Parents above their children.
    pub family: Vec<Member>,
    /// What was printed, in order.
    pub lines: Vec<Line>,
}

/// A process of the family.
pub struct Member {
    /// Its generation, the first process being 0.
    pub depth: usize,
    /// What it calls itself, or its pid.
    pub name: String,
    /// As the kernel gives it.
    pub pid: Pid,
    /// How it ended, in words.
    pub end: String,
}

/// A printed line.
pub struct Line {
    /// As `1.05`.
    pub seconds: String,
    /// Who printed it.
    pub name: String,
    /// What was printed.
    pub text: String,
}

impl Still {
    /// Of a recording, in the language of these texts.
    pub fn of(recording: &Recording, text: &TextMap) -> Self {
        let story = recording.story();
        let mut printed: Vec<_> =
            story.lanes.iter().flat_map(|lane| lane.lines.iter().map(move |line| (line, lane))).collect();
        printed.sort_by_key(|((t, _), _)| *t);
        let line = |((t, words), lane): (&(u64, &str), &Lane<'_>)| Line {
            seconds: format!("{:.2}", *t as f64 / 1e6),
            name: name(lane),
            text: (*words).to_owned(),
        };
        Still {
            about: [Some(about(&story, text)), made(recording, text)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            description: description(&story, text),
            size: poster::size(&story),
            family: family(&story, text),
            lines: printed.into_iter().map(line).collect(),
        }
    }
}

/// The day on which a run was made, and on what; none of logs that are older than that field.
fn made(recording: &Recording, text: &TextMap) -> Option<String> {
    let Body::Supervisor(SupervisorEvent::RunStarted(head)) = &recording.events().first()?.body else {
        return None;
    };
    let day = day(head.unix_ms?)?;
    let host = format!("{} {}", head.host.os, head.host.kernel);
    Some(text.fill("still.made", &[("date", day), ("host", host)]))
}

fn family(story: &Story<'_>, text: &TextMap) -> Vec<Member> {
    let end = |lane: &Lane<'_>| match lane.exit {
        Some((_, Exit::Code(code))) => text.fill("does.code", &[("code", code.to_string())]),
        Some((_, Exit::Signal(signal))) => text.fill("does.signal", &[("signal", signal.to_owned())]),
        None => String::new(),
    };
    let member =
        |lane: &Lane<'_>| Member { depth: lane.depth, name: name(lane), pid: lane.pid, end: end(lane) };
    story.lanes.iter().map(member).collect()
}

fn name(lane: &Lane<'_>) -> String {
    if lane.name.is_empty() { lane.pid.to_string() } else { lane.name.to_owned() }
}

/// The day of a moment, in UTC, as ISO 8601 writes it; `None` where no calendar has it.
pub fn day(unix_ms: u64) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp((unix_ms / 1000).try_into().ok()?).ok()?;
    Some(at.date().to_string())
}
