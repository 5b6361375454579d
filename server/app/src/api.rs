//! `/api`: scenarios and runs as JSON, logs as NDJSON.

use std::convert::Infallible;
use std::sync::Arc;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, LOCATION, VARY,
};
use actix_web::web::{Bytes, Data, Json, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::unfold;
use protocol::socket::{Done, FRAME_MAX_BYTES};
use serde_json::Value;

use crate::exports::attachment;
use crate::live::{check_after, stop};
use crate::problem::Problem;
use crate::refusal::{FieldFault, Refusal};
use crate::run::Run;
use crate::run_log::NDJSON;
use crate::security::check_origin;
use crate::state::State;
use crate::{lang, request, schema, start};

/// How much of a log is copied at once.
const STRETCH_BYTES: usize = 64 * 1024;

/// `GET /api/scenarios`.
pub async fn scenarios(asked: HttpRequest, state: Data<State>) -> HttpResponse {
    let lang = lang::of(&asked);
    let list: Vec<Value> = state.catalogue.cards.iter().map(|card| schema::brief(card, lang)).collect();
    HttpResponse::Ok()
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((VARY, "Accept-Language"))
        .json(list)
}

/// `GET /api/scenarios/{id}`.
pub async fn scenario(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let lang = lang::of(&asked);
    let card = start::card(&state.catalogue, &id).map_err(|refusal| Problem::of(&asked, refusal))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_LANGUAGE, lang.tag())).insert_header((VARY, "Accept-Language"));
    Ok(response.json(schema::full(card, lang)))
}

/// `POST /api/runs`.
pub async fn start_run(
    asked: HttpRequest,
    body: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let started = match check_origin(&asked) {
        Ok(()) => read(&asked, body).await.and_then(|body| begin(&state, &body)),
        Err(refusal) => Err(refusal),
    };
    let done = started.map_err(|refusal| Problem::of(&asked, refusal))?;
    let mut response = HttpResponse::Created();
    response
        .insert_header((LOCATION, format!("/api/runs/{}", done.run)))
        .insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.json(done))
}

fn begin(state: &State, body: &[u8]) -> Result<Done, Refusal> {
    let job = start::job(&state.catalogue, &state.limits, request::start(body)?)?;
    let (run, token) = state.runs.start(job)?;
    Ok(Done { run: run.id().to_owned(), token: Some(token) })
}

async fn read(asked: &HttpRequest, body: Payload) -> Result<Bytes, Refusal> {
    let length = asked.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    let too_large = |bytes| Refusal::TooLarge { bytes, max: FRAME_MAX_BYTES as u64 };
    match body.to_bytes_limited(FRAME_MAX_BYTES).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(Refusal::ProtocolError { reason: error.to_string() }),
        Err(_) => Err(too_large(length.unwrap_or(FRAME_MAX_BYTES as u64 + 1))),
    }
}

/// `GET /api/runs/{run}`.
pub async fn run(asked: HttpRequest, id: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let run = state.runs.find(&id).await.map_err(|refusal| Problem::of(&asked, refusal))?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(run.summary()))
}

/// `DELETE /api/runs/{run}`: asks the run to end and does not wait for it. One that has ended is
/// deleted, for good.
pub async fn stop_run(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let done = stop_or_delete(&asked, &id, &state).await;
    let stopped = done.map_err(|refusal| Problem::of(&asked, refusal))?;
    Ok(match stopped {
        Some(run) => HttpResponse::Accepted().insert_header((CACHE_CONTROL, "no-store")).json(run.summary()),
        None => HttpResponse::NoContent().finish(),
    })
}

/// The run, where it was asked to end; nothing, where it was deleted.
async fn stop_or_delete(asked: &HttpRequest, id: &str, state: &State) -> Result<Option<Arc<Run>>, Refusal> {
    check_origin(asked)?;
    let token = bearer(asked).ok_or(Refusal::MissingToken)?;
    let run = state.runs.find(id).await?;
    run.admit(token)?;
    if run.log.progress().finished {
        state.runs.delete(&run).await?;
        return Ok(None);
    }
    run.command(stop())?;
    Ok(Some(run))
}

/// The token of `Authorization: Bearer`, RFC 6750.
fn bearer(asked: &HttpRequest) -> Option<&str> {
    let (scheme, token) = asked.headers().get("authorization")?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// `GET /api/runs/{run}/events?after=N`: the log from event N+1 on. While the run goes on
/// so does the answer: it ends with `run.finished`.
pub async fn events(
    asked: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = state.runs.find(&id).await.and_then(|run| {
        let after = after(&asked)?;
        check_after(after, run.log.progress().events)?;
        Ok((run, after))
    });
    let (run, after) = found.map_err(|refusal| Problem::of(&asked, refusal))?;
    let file = export::file_name(&run.job.scenario, run.id(), "ndjson");
    let mut response = HttpResponse::Ok();
    response
        .content_type("application/x-ndjson")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, attachment(&file)))
        // Compression would hold lines back until it has enough of them.
        .insert_header((CONTENT_ENCODING, "identity"));
    Ok(response.streaming(unfold((run, after), |(run, after)| async move {
        let (text, after) = next(&run, after).await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), (run, after)))
    })))
}

fn after(asked: &HttpRequest) -> Result<u64, Refusal> {
    let Some(word) = asked.query_string().split('&').find_map(|pair| pair.strip_prefix("after=")) else {
        return Ok(0);
    };
    let fault = || FieldFault::Wrong { value: Value::from(word), wanted: "wanted.after" };
    word.parse().map_err(|_| Refusal::field("after", fault()))
}

/// Waits for the next lines; `None` after the last.
async fn next(run: &Arc<Run>, after: u64) -> Option<(String, u64)> {
    let mut changes = run.log.watch();
    let progress = changes.wait_for(|progress| progress.events > after || progress.finished).await;
    drop(progress);
    run.log.stretch(after, STRETCH_BYTES, NDJSON)
}

/// `GET /healthz`.
pub async fn healthz(state: Data<State>) -> Json<Value> {
    Json(serde_json::json!({"status": "ok", "recordings": state.runs.archive().health()}))
}
