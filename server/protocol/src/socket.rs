//! The messages of `GET /ws`, JSON text frames.
//!
//! Requests carry `id`; the answer repeats it. Frames about a run carry `run`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::Runtime;
use crate::job::VisitorSignal;
use crate::{Event, Pid};

/// The longest frame a client may send, in bytes.
pub const FRAME_MAX_BYTES: usize = 16 * 1024;

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Request {
    /// Repeated in the answer; the client's to choose.
    pub id: u64,
    /// What it wants.
    #[serde(flatten)]
    pub op: RequestOp,
}

/// What a client can ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum RequestOp {
    /// Starts a run and follows it from its first event.
    Start(Start),
    /// Follows a run: late join, reconnect, another viewer.
    Follow {
        /// The run.
        run: String,
        /// The last event the client has; 0 for all.
        #[serde(default)]
        after: u64,
    },
    /// No more events of this run on this socket.
    Unfollow {
        /// The run.
        run: String,
    },
    /// Sends a signal to one process of one's own run.
    Signal {
        /// The run.
        run: String,
        /// The run's token.
        token: String,
        /// The process.
        pid: Pid,
        /// The signal.
        signal: VisitorSignal,
    },
    /// Ends one's own run.
    Stop {
        /// The run.
        run: String,
        /// The run's token.
        token: String,
    },
}

/// What a run is started with; also the body of `POST /api/runs`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Start {
    /// The scenario's id.
    pub scenario: String,
    /// In which language; Rust unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub runtime: Option<Runtime>,
    /// Parameters that differ from their defaults.
    #[serde(default)]
    pub params: BTreeMap<String, Value>,
    /// What random durations are made from; random unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub seed: Option<u64>,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Frame {
    /// Events of a run, in order.
    Events {
        /// The run.
        run: String,
        /// One or more events.
        events: Vec<Event>,
    },
    /// The run waits for a place.
    Queued {
        /// The run.
        run: String,
        /// Where and how long.
        queued: Queued,
    },
    /// The run has ended, and this became of its recording; said before its last event.
    Kept {
        /// The run.
        run: String,
        /// What became of it.
        kept: Kept,
    },
    /// The request was done.
    Ok {
        /// The request's.
        id: u64,
        /// What came of it.
        ok: Done,
    },
    /// The request could not be done.
    Error {
        /// The request's; absent where the frame had none that could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        id: Option<u64>,
        /// Why not.
        error: Problem,
    },
}

/// A place in the queue of runs that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Queued {
    /// 1 is next.
    pub position: u64,
    /// Seconds until it starts, estimated.
    pub eta_s: u64,
}

/// What became of a finished run's recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Kept {
    /// Until when the run can be seen, by the wall clock: as a recording, or where there is none, in the server's
    /// memory, if that is not needed for others. Absent where that is for ever, and where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub until_unix_ms: Option<u64>,
    /// Why it is not; absent where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub not: Option<NotKept>,
}

/// Why a finished run is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NotKept {
    /// The server keeps none.
    Off,
    /// There is no room.
    Full,
    /// The server may not write there.
    ReadOnly,
    /// The store does not answer, or with a fault of its own.
    Unreachable,
    /// The store takes longer than viewers wait; it may be kept yet.
    Slow,
}

impl Kept {
    /// It is not kept.
    pub fn not(why: NotKept) -> Self {
        Kept { until_unix_ms: None, not: Some(why) }
    }
}

/// What came of a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Done {
    /// The run it was about.
    pub run: String,
    /// The token, to whom started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub token: Option<String>,
}

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// Stable, as `invalid_params`.
    pub code: String,
    /// A sentence in the reader's language, with the remedy.
    pub message: String,
    /// One sentence a field, for bad parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<BTreeMap<String, String>>"))]
    pub fields: BTreeMap<String, String>,
    /// Where it can be done later: seconds after which it is worth trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub retry_after_s: Option<u64>,
}
