//! The file of a run, version 1.
//!
//! ```text
//! process-playground recording 1 sha256 9f86d08…0f00a08     of all bytes after this line
//! {"run":"8d1c…","scenario":"pool","runtime":"rust",…}      one line of JSON, see `Head`
//! the event log, one JSON object a line, compressed by gzip (RFC 1952)
//! ```
//!
//! So any machine can check and read one, without us:
//!
//! ```sh
//! tail -n +2 RUN.recording | sha256sum      # is what the first line says
//! tail -n +3 RUN.recording | gunzip         # the event log
//! ```
//!
//! Where a run is gone, its file is one line that says why:
//!
//! ```text
//! process-playground recording 1 gone deleted
//! ```
//!
//! The version is that of these lines. A reader ignores what it does not know in the second, so what is
//! added there needs no new version; the log has a version of its own. Version 1 is read for ever
//! (`tests/samples`). A file of a newer version is refused and left as it is.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use protocol::event::{Outcome, RunFinished, RunStarted, Runtime};
use protocol::{Body, Event, SupervisorEvent};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::owner::{Owner, digest, hexadecimal};

/// How the first line of every file begins.
pub const MAGIC: &str = "process-playground recording ";
const VERSION: u32 = 1;

/// The first line of a recording, with its newline; a file that is shorter is a note.
pub const FIRST_LINE_BYTES: u64 = (MAGIC.len() + "1 sha256 ".len() + 64 + 1) as u64;

/// A log that is longer than this was not written by a playground.
const LOG_MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Level 6 takes three times as long and saves a twentieth.
const LEVEL: u32 = 3;

/// A finished run.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The whole event log, one JSON object a line.
    pub log: String,
    /// Whoever may delete it, where that is known.
    pub owner: Option<Owner>,
    head: Head,
}

/// The second line of a file: what can be told without reading the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    run: String,
    scenario: String,
    runtime: Runtime,
    /// When it began, by the wall clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started_unix_ms: Option<u64>,
    outcome: Outcome,
    events: u64,
    /// The length of the log when it is not compressed.
    log_bytes: u64,
    /// SHA-256 of the run's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<Owner>,
}

/// Why a run is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Its owner deleted it.
    Deleted,
    /// It was kept for as long as runs are kept.
    Expired,
    /// Newer ones needed its room.
    Displaced,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It does not begin as one.
    #[error("it is no recording")]
    Foreign,
    /// A newer playground wrote it.
    #[error("it is of version {0}, and this playground reads version {VERSION}")]
    Newer(u32),
    /// Some of it was changed or is missing.
    #[error("its content is not what its checksum says")]
    Checksum,
    /// The second line is not as it must be.
    #[error("its second line cannot be read: {0}")]
    Head(serde_json::Error),
    /// The log is no gzip, no UTF-8, or has another length.
    #[error("its log cannot be read: {0}")]
    Log(String),
}

/// What a file holds.
#[derive(Debug)]
pub enum Content {
    /// A run.
    Recording(Recording),
    /// A note.
    Gone(Gone),
}

impl Recording {
    /// Of a whole log. `None` where it does not begin with `run.started` and end with `run.finished`.
    pub fn new(log: String, owner: Option<Owner>) -> Option<Self> {
        let (started, finished) = ends(&log)?;
        let head = Head {
            run: started.run,
            scenario: started.scenario,
            runtime: started.runtime,
            started_unix_ms: started.unix_ms,
            outcome: finished.outcome,
            events: finished.events,
            log_bytes: log.len() as u64,
            owner,
        };
        Some(Recording { log, owner, head })
    }

    /// The run's id.
    pub fn run(&self) -> &str {
        &self.head.run
    }

    /// As it stands in a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = serde_json::to_string(&self.head).expect("plain data with text keys");
        let mut rest = format!("{head}\n").into_bytes();
        let mut gzip = GzEncoder::new(&mut rest, Compression::new(LEVEL));
        gzip.write_all(self.log.as_bytes())
            .and_then(|()| gzip.finish())
            .expect("memory takes all that is written");
        let sum = hexadecimal(&Sha256::digest(&rest));
        let mut bytes = format!("{MAGIC}{VERSION} sha256 {sum}\n").into_bytes();
        bytes.append(&mut rest);
        bytes
    }
}

impl Gone {
    const ALL: [Gone; 3] = [Gone::Deleted, Gone::Expired, Gone::Displaced];

    fn word(self) -> &'static str {
        match self {
            Gone::Deleted => "deleted",
            Gone::Expired => "expired",
            Gone::Displaced => "displaced",
        }
    }

    /// The note.
    pub fn to_bytes(self) -> Vec<u8> {
        format!("{MAGIC}{VERSION} gone {}\n", self.word()).into_bytes()
    }
}

/// Reads a file.
///
/// # Errors
/// It is none of ours, of a newer version, or was changed.
pub fn read(bytes: &[u8]) -> Result<Content, Damage> {
    let (first, rest) = line(bytes).ok_or(Damage::Foreign)?;
    let (version, what) =
        first.strip_prefix(MAGIC).and_then(|words| words.split_once(' ')).ok_or(Damage::Foreign)?;
    match version.parse() {
        Ok(VERSION) => {}
        Ok(newer) if newer > VERSION => return Err(Damage::Newer(newer)),
        _ => return Err(Damage::Foreign),
    }
    match what.split_once(' ') {
        Some(("sha256", sum)) => recording(sum, rest).map(Content::Recording),
        Some(("gone", word)) => {
            Gone::ALL.into_iter().find(|gone| gone.word() == word).map(Content::Gone).ok_or(Damage::Foreign)
        }
        _ => Err(Damage::Foreign),
    }
}

fn recording(sum: &str, rest: &[u8]) -> Result<Recording, Damage> {
    if digest(sum) != Some(Sha256::digest(rest).into()) {
        return Err(Damage::Checksum);
    }
    let (head, gzip) = line(rest).ok_or(Damage::Foreign)?;
    let head: Head = serde_json::from_str(head).map_err(Damage::Head)?;
    let log = unpack(gzip, head.log_bytes)?;
    Ok(Recording { log, owner: head.owner, head })
}

fn unpack(gzip: &[u8], length: u64) -> Result<String, Damage> {
    let fault = |why: String| Damage::Log(why);
    let mut log = String::with_capacity(usize::try_from(length.min(LOG_MAX_BYTES)).unwrap_or_default());
    // One byte more than is right is enough to see that it is wrong.
    let limit = length.min(LOG_MAX_BYTES) + 1;
    GzDecoder::new(gzip).take(limit).read_to_string(&mut log).map_err(|error| fault(error.to_string()))?;
    let real = log.len() as u64;
    if real == length { Ok(log) } else { Err(fault(format!("its length is {real} and should be {length}"))) }
}

/// The first line, without its newline, and what follows.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

/// What the first and the last event say.
fn ends(log: &str) -> Option<(RunStarted, RunFinished)> {
    let event = |line: &str| serde_json::from_str::<Event>(line).ok().map(|event| event.body);
    let Body::Supervisor(SupervisorEvent::RunStarted(started)) = event(log.lines().next()?)? else {
        return None;
    };
    let Body::Supervisor(SupervisorEvent::RunFinished(finished)) = event(log.lines().next_back()?)? else {
        return None;
    };
    Some((*started, finished))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = include_str!("../../../scenarios/zombie/recording.ndjson");

    fn recorded() -> Recording {
        Recording::new(LOG.into(), Some(Owner::of("token"))).expect("a whole log")
    }

    fn changed(bytes: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Damage {
        let mut bytes = bytes.to_vec();
        change(&mut bytes);
        read(&bytes).expect_err("damage")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let recorded = recorded();
        let bytes = recorded.to_bytes();
        assert!(bytes.len() < LOG.len() / 2, "{} of {} bytes", bytes.len(), LOG.len());
        let Content::Recording(read) = read(&bytes).unwrap() else { panic!("a note") };
        assert_eq!(read, recorded);
        assert_eq!(bytes.iter().position(|&byte| byte == b'\n'), Some(FIRST_LINE_BYTES as usize - 1));
    }

    #[test]
    fn a_log_without_its_end_is_no_recording() {
        let torn = LOG.trim_end().rsplit_once('\n').expect("lines").0;
        assert_eq!(Recording::new(format!("{torn}\n"), None), None);
        assert_eq!(Recording::new(String::new(), None), None);
    }

    #[test]
    fn every_changed_or_missing_byte_is_seen() {
        let bytes = recorded().to_bytes();
        let first = FIRST_LINE_BYTES as usize;
        for place in [first - 2, first, first + 20, bytes.len() / 2, bytes.len() - 1] {
            let damage = changed(&bytes, |bytes| bytes[place] ^= 1);
            assert!(matches!(damage, Damage::Checksum), "{place}: {damage}");
        }
        for length in 0..bytes.len() {
            changed(&bytes, |bytes| bytes.truncate(length));
        }
    }

    #[test]
    fn a_newer_version_is_told_from_damage() {
        let newer = String::from_utf8(Gone::Deleted.to_bytes()).unwrap().replace(" 1 gone", " 2 lost");
        assert!(matches!(read(newer.as_bytes()), Err(Damage::Newer(2))));
        assert!(matches!(read(b"process-playground recording x gone deleted\n"), Err(Damage::Foreign)));
        assert!(matches!(read(b"#!/bin/sh\n"), Err(Damage::Foreign)));
    }

    #[test]
    fn a_note_says_why_and_is_shorter_than_any_recording() {
        for gone in Gone::ALL {
            let bytes = gone.to_bytes();
            assert!((bytes.len() as u64) < FIRST_LINE_BYTES);
            assert!(matches!(read(&bytes), Ok(Content::Gone(read)) if read == gone));
        }
    }
}
