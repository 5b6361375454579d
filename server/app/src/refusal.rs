//! What can be refused, and why, as the server itself knows it.
//!
//! A [`Refusal`] has a stable code, an HTTP status and, under `problem.CODE` in
//! `web/text/server.json`, a sentence. It is told by WebSocket and by HTTP alike;
//! `problem.rs` is the HTTP side.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use protocol::scenario::Fault;
use protocol::{Lang, Text, socket};
use serde_json::Value;

use crate::text::TextMap;

/// What a server takes to be there again, in seconds.
const RESTART_S: u64 = 5;

/// When it is worth asking a store again that did not answer, in seconds.
const STORE_S: u64 = 10;

/// Why something is not done.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The text is no JSON; where and why, as the parser says it.
    MalformedJson { line: usize, column: usize, reason: String },
    /// JSON, but not of the form that is wanted; one sentence a field.
    MalformedRequest(Fields),
    /// No such operation.
    UnknownOp { op: String },
    /// More bytes than a frame or a body may have.
    TooLarge { bytes: u64, max: u64 },
    /// A binary frame, where only text is spoken.
    BinaryFrame,
    /// A frame against RFC 6455.
    ProtocolError { reason: String },
    /// A socket on which nothing was asked for.
    HelloTimeout,
    /// No such scenario.
    UnknownScenario { id: String, known: Vec<String> },
    /// Parameters, runtime or seed are not as they must be; one sentence a field.
    InvalidParams(Fields),
    /// No such run, or it was not kept and is forgotten.
    UnknownRun { keep_minutes: u64 },
    /// Whoever started the run has deleted it.
    RunDeleted,
    /// The run was kept for as long as runs are.
    RunExpired { days: u64 },
    /// Newer runs needed its room.
    RunDisplaced,
    /// The run was kept, and its recording is damaged or of a newer version.
    RecordingUnreadable,
    /// Where runs are kept nobody answers.
    StoreUnavailable,
    /// No token where one is needed.
    MissingToken,
    /// Another run's token, or none.
    WrongToken,
    /// No living process of the run has this pid.
    UnknownProcess { pid: i32 },
    /// The run has ended.
    RunFinished,
    /// One socket follows too many runs.
    TooManyFollows { max: usize },
    /// Too many runs wait already.
    Busy { retry_after_s: u64 },
    /// The server is ending.
    ShuttingDown,
    /// A page of another site asks.
    ForeignOrigin,
    /// This host has no face to set the words of a picture in.
    NoFaces,
    /// oEmbed in another format than JSON.
    OnlyJson,
    /// No such address.
    NotFound,
    /// The address exists, not for this method.
    MethodNotAllowed { methods: &'static str },
    /// The upgrade to a WebSocket is not as RFC 6455 wants it.
    BadHandshake { reason: String },
}

/// What is wrong with each field.
pub type Fields = BTreeMap<String, FieldFault>;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldFault {
    /// A parameter of the scenario.
    Param(Fault),
    /// A value of the wrong kind; `wanted` is a key of the sentences.
    Wrong { value: Value, wanted: &'static str },
    /// It must be there; `wanted` as above.
    Missing { wanted: &'static str },
    /// It is not known here; these are.
    Unknown { known: Vec<String> },
    /// What somebody else has said of it.
    Told(Text),
    /// More events than there are.
    Beyond { after: u64, events: u64 },
}

impl Refusal {
    /// One field is wrong.
    pub fn field(name: &str, fault: FieldFault) -> Self {
        Refusal::MalformedRequest(Fields::from([(name.to_owned(), fault)]))
    }

    /// Stable; part of the contract.
    pub fn code(&self) -> &'static str {
        self.kind().0
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.kind().1
    }

    fn kind(&self) -> (&'static str, StatusCode) {
        match self {
            Refusal::MalformedJson { .. } => ("malformed_json", StatusCode::BAD_REQUEST),
            Refusal::MalformedRequest(_) => ("malformed_request", StatusCode::BAD_REQUEST),
            Refusal::UnknownOp { .. } => ("unknown_op", StatusCode::BAD_REQUEST),
            Refusal::TooLarge { .. } => ("too_large", StatusCode::PAYLOAD_TOO_LARGE),
            Refusal::BinaryFrame => ("binary_frame", StatusCode::BAD_REQUEST),
            Refusal::ProtocolError { .. } => ("protocol_error", StatusCode::BAD_REQUEST),
            Refusal::HelloTimeout => ("hello_timeout", StatusCode::REQUEST_TIMEOUT),
            Refusal::UnknownScenario { .. } => ("unknown_scenario", StatusCode::NOT_FOUND),
            Refusal::InvalidParams(_) => ("invalid_params", StatusCode::UNPROCESSABLE_ENTITY),
            Refusal::UnknownRun { .. } => ("unknown_run", StatusCode::NOT_FOUND),
            Refusal::RunDeleted => ("run_deleted", StatusCode::GONE),
            Refusal::RunExpired { .. } => ("run_expired", StatusCode::GONE),
            Refusal::RunDisplaced => ("run_displaced", StatusCode::GONE),
            Refusal::RecordingUnreadable => ("recording_unreadable", StatusCode::INTERNAL_SERVER_ERROR),
            Refusal::StoreUnavailable => ("store_unavailable", StatusCode::SERVICE_UNAVAILABLE),
            Refusal::MissingToken => ("missing_token", StatusCode::UNAUTHORIZED),
            Refusal::WrongToken => ("wrong_token", StatusCode::FORBIDDEN),
            Refusal::UnknownProcess { .. } => ("unknown_process", StatusCode::NOT_FOUND),
            Refusal::RunFinished => ("run_finished", StatusCode::CONFLICT),
            Refusal::TooManyFollows { .. } => ("too_many_follows", StatusCode::TOO_MANY_REQUESTS),
            Refusal::Busy { .. } => ("busy", StatusCode::SERVICE_UNAVAILABLE),
            Refusal::ShuttingDown => ("shutting_down", StatusCode::SERVICE_UNAVAILABLE),
            Refusal::ForeignOrigin => ("foreign_origin", StatusCode::FORBIDDEN),
            Refusal::NoFaces => ("no_faces", StatusCode::NOT_IMPLEMENTED),
            Refusal::OnlyJson => ("only_json", StatusCode::NOT_IMPLEMENTED),
            Refusal::NotFound => ("not_found", StatusCode::NOT_FOUND),
            Refusal::MethodNotAllowed { .. } => ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED),
            Refusal::BadHandshake { .. } => ("bad_handshake", StatusCode::BAD_REQUEST),
        }
    }

    /// The same for people.
    pub fn told(&self, text: &TextMap, lang: Lang) -> socket::Problem {
        let message = text.fill(&format!("problem.{}", self.code()), &self.values(lang));
        let fields = match self {
            Refusal::MalformedRequest(fields) | Refusal::InvalidParams(fields) => {
                fields.iter().map(|(name, fault)| (name.clone(), fault.message(text, lang))).collect()
            }
            _ => BTreeMap::new(),
        };
        socket::Problem { code: self.code().into(), message, fields, retry_after_s: self.retry_after_s() }
    }

    /// Where it can be done later: seconds after which it is worth trying again.
    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            Refusal::Busy { retry_after_s } => Some(*retry_after_s),
            Refusal::ShuttingDown => Some(RESTART_S),
            Refusal::StoreUnavailable => Some(STORE_S),
            _ => None,
        }
    }

    fn values(&self, lang: Lang) -> Vec<(&'static str, String)> {
        match self {
            Refusal::MalformedJson { line, column, reason } => {
                vec![("line", line.to_string()), ("column", column.to_string()), ("reason", reason.clone())]
            }
            Refusal::UnknownOp { op } => vec![("op", op.clone())],
            Refusal::TooLarge { bytes, max } => vec![("bytes", bytes.to_string()), ("max", max.to_string())],
            Refusal::ProtocolError { reason } | Refusal::BadHandshake { reason } => {
                vec![("reason", reason.clone())]
            }
            Refusal::UnknownScenario { id, known } => vec![("id", id.clone()), ("known", list(known, lang))],
            Refusal::UnknownRun { keep_minutes } => vec![("minutes", keep_minutes.to_string())],
            Refusal::RunExpired { days } => vec![("days", days.to_string())],
            Refusal::UnknownProcess { pid } => vec![("pid", pid.to_string())],
            Refusal::TooManyFollows { max } => vec![("max", max.to_string())],
            Refusal::MethodNotAllowed { methods } => vec![("methods", (*methods).to_owned())],
            Refusal::Busy { retry_after_s } => vec![("seconds", retry_after_s.to_string())],
            _ => vec![],
        }
    }
}

impl FieldFault {
    /// What is wrong and what would be right, in a sentence.
    pub fn message(&self, text: &TextMap, lang: Lang) -> String {
        match self {
            FieldFault::Param(fault) => fault.message(lang),
            FieldFault::Told(why) => why.get(lang).to_owned(),
            FieldFault::Wrong { value, wanted } => {
                let value = shortened(value);
                text.fill("field.wrong", &[("value", value), ("wanted", text.get(wanted).to_owned())])
            }
            FieldFault::Missing { wanted } => {
                text.fill("field.missing", &[("wanted", text.get(wanted).to_owned())])
            }
            FieldFault::Unknown { known } => text.fill("field.unknown", &[("known", list(known, lang))]),
            FieldFault::Beyond { after, events } => {
                text.fill("field.beyond", &[("after", after.to_string()), ("events", events.to_string())])
            }
        }
    }
}

fn list(words: &[String], lang: Lang) -> String {
    words.join(match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}

/// A value of a visitor's, repeated to them: its beginning is enough.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
