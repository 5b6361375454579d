//! Runs as files for the tools of others: `/api/runs/{run}/{export}`, and the same of the recorded run of
//! each scenario. What stands in them is `export`'s.
//!
//! A run that goes on gives what there is of it; who kept that asks whether there is more, by its `ETag`. Writing a long log takes a while, so that is done
//! beside the threads that answer.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use protocol::Event;

use crate::problem::Problem;
use crate::recorded::{self, tagged};
use crate::refusal::Refusal;
use crate::state::State;
use crate::still;

/// What can be asked for, as a pattern of the address.
pub const NAMES: &str = r"trace|cast|processes\.csv|tasks\.csv";

/// A format.
#[derive(Clone, Copy)]
struct Format {
    name: &'static str,
    /// Of the file's name.
    ending: &'static str,
    kind: &'static str,
    write: fn(&[Event]) -> String,
}

const CSV: &str = "text/csv; charset=utf-8; header=present";

const FORMATS: [Format; 4] = [
    Format { name: "trace", ending: "trace.json", kind: "application/json", write: export::trace },
    Format { name: "cast", ending: "cast", kind: "application/x-asciicast", write: export::cast },
    Format { name: "processes.csv", ending: "processes.csv", kind: CSV, write: export::processes },
    Format { name: "tasks.csv", ending: "tasks.csv", kind: CSV, write: export::tasks },
];

/// `GET /api/runs/{run}/{export}`.
pub async fn of_run(
    asked: HttpRequest,
    path: Path<(String, String)>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let (id, name) = path.into_inner();
    let found = state.runs.find(&id).await.and_then(|run| Ok((run, format(&name)?)));
    let (run, format) = found.map_err(|refusal| Problem::of(&asked, refusal))?;
    let file = export::file_name(&run.job.scenario, run.id(), format.ending);
    let text = run.log.text();
    let text = written(move || (format.write)(&still::events(&text))).await;
    Ok(answer(&asked, format, &text, &file))
}

/// `GET /api/scenarios/{id}/recording/{export}`.
pub async fn of_scenario(
    asked: HttpRequest,
    path: Path<(String, String)>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let (id, name) = path.into_inner();
    let found = recorded::of(&state, &id).and_then(|recording| Ok((recording.clone(), format(&name)?)));
    let (recording, format) = found.map_err(|refusal| Problem::of(&asked, refusal))?;
    let file = export::file_name(&id, "recorded", format.ending);
    let text = written(move || (format.write)(recording.events())).await;
    Ok(answer(&asked, format, &text, &file))
}

fn format(name: &str) -> Result<Format, Refusal> {
    FORMATS.into_iter().find(|format| format.name == name).ok_or(Refusal::NotFound)
}

async fn written(write: impl FnOnce() -> String + Send + 'static) -> String {
    web::block(write).await.expect("writing a file of a log does not panic")
}

fn answer(asked: &HttpRequest, format: Format, text: &str, file: &str) -> HttpResponse {
    let mut response = tagged(asked, format.kind, text);
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment(file));
    response
}

/// That a browser keeps the answer as a file of this name, RFC 6266.
pub fn attachment(file: &str) -> HeaderValue {
    // A file's name is made of letters that a header may have.
    HeaderValue::try_from(format!("attachment; filename=\"{file}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}
