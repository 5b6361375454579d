//! A recorded run of each scenario, to be seen before anything is pressed.
//!
//! It is a log as any other, and is served as it was written. It never changes while the server
//! runs; the browser keeps it and asks whether it is still the same.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, EntityTag};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use poster::Story;
use protocol::{Event, Lang};

use crate::assets::is_known;
use crate::exports::attachment;
use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::state::State;
use crate::{start, still};

/// The log of a run that was.
#[derive(Clone, Debug)]
pub struct Recording {
    log: Cow<'static, str>,
    /// Its picture in Chinese and in English, each drawn when it is asked for.
    posters: [OnceLock<String>; 2],
    /// Its events, read when they are asked for.
    events: OnceLock<Vec<Event>>,
}

impl Recording {
    /// Of a whole log, one event a line.
    pub fn new(log: impl Into<Cow<'static, str>>) -> Self {
        Recording { log: log.into(), posters: Default::default(), events: OnceLock::new() }
    }

    /// The log.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// Its picture in a language; drawn once.
    pub fn poster(&self, lang: Lang, draw: impl FnOnce(&Story<'_>) -> String) -> &str {
        self.posters[usize::from(lang == Lang::En)].get_or_init(|| draw(&self.story()))
    }

    /// What happens in it.
    pub fn story(&self) -> Story<'_> {
        poster::read(self.events())
    }

    /// Its events; read once.
    pub fn events(&self) -> &[Event] {
        self.events.get_or_init(|| still::events(&self.log))
    }
}

/// `GET /api/scenarios/{id}/recording`: the log, one event a line.
pub async fn recording(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = of(&state, &id).map_err(|refusal| Problem::of(&asked, refusal))?;
    let mut response = tagged(&asked, "application/x-ndjson", found.log());
    let file = export::file_name(&id, "recorded", "ndjson");
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment(&file));
    Ok(response)
}

/// The recording of a scenario.
///
/// # Errors
/// There is no such scenario, or it has none.
pub fn of<'a>(state: &'a State, id: &str) -> Result<&'a Recording, Refusal> {
    let card = start::card(&state.catalogue, id)?;
    state.catalogue.recordings.get(&card.id).ok_or(Refusal::NotFound)
}

/// An answer that the browser may keep but must ask about: mostly that it is still the same.
pub fn tagged(asked: &HttpRequest, kind: &str, body: &str) -> HttpResponse {
    let tag = EntityTag::new_weak(hexadecimal(body));
    let known = is_known(asked, &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-cache"));
    if known { response.finish() } else { response.content_type(kind).body(body.to_owned()) }
}

/// Names a content. It is no proof against forgery and need not be: nobody gains by a stale copy of ours.
fn hexadecimal(body: &str) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
