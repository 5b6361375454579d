//! asciicast v2 (<https://docs.asciinema.org/manual/asciicast/v2/>): what the run's processes printed, as a
//! terminal would have shown it, and when.
//!
//! Version 2 and not 3: every asciinema and every player reads it, from Debian's on. Lines of all processes stand
//! in the order in which they were written. Who was born, who ended and what was cut is a marker, so that a
//! player can step from one to the next.

use std::fmt::Write;

use protocol::Event;
use protocol::event::{Body, KernelEvent, ProcessExited, SupervisorEvent};
use serde_json::json;

use crate::family::{Family, Present};

/// Columns of a terminal, unless a line is longer; and the most that it gets then.
const COLUMNS: usize = 80;
const COLUMNS_MAX: usize = 160;
const ROWS: usize = 24;

/// The run's output as an asciicast.
pub fn cast(log: &[Event]) -> String {
    let family = Family::of(log);
    let mut cast = header(log, &family).to_string() + "\n";
    let mut present = Present::default();
    for event in log {
        present.take(event, &family);
        let Some((code, text)) = entry(event, &family, &present) else { continue };
        let line = json!([event.t as f64 / 1e6, code, text]);
        let _ = writeln!(cast, "{line}");
    }
    cast
}

fn header(log: &[Event], family: &Family<'_>) -> serde_json::Value {
    let mut header = json!({"version": 2, "width": columns(log), "height": ROWS});
    if let Some(run) = family.run {
        header["title"] = format!("{} · {:?}", run.scenario, run.runtime).to_lowercase().into();
        if let Some(unix_ms) = run.unix_ms {
            header["timestamp"] = (unix_ms / 1_000).into();
        }
    }
    header
}

/// As wide as the longest line, within reason.
fn columns(log: &[Event]) -> usize {
    let longest = log.iter().filter_map(|event| match &event.body {
        Body::Kernel(KernelEvent::Output(output)) => Some(poster::columns(&output.text)),
        _ => None,
    });
    longest.max().unwrap_or(0).clamp(COLUMNS, COLUMNS_MAX)
}

/// What stands in the cast for an event: its code and its text.
fn entry(event: &Event, family: &Family<'_>, present: &Present) -> Option<(&'static str, String)> {
    let name = || event.pid.and_then(|pid| present.place(pid)).map(|place| family.name(place));
    match &event.body {
        // A terminal has got its carriage return from the line discipline (`ONLCR`, termios(3)).
        Body::Kernel(KernelEvent::Output(output)) => Some(("o", format!("{}\r\n", output.text))),
        Body::Kernel(KernelEvent::ProcessStarted(_)) => Some(("m", format!("{} begins", name()?))),
        Body::Kernel(KernelEvent::ProcessExited(ProcessExited::Code { code })) => {
            Some(("m", format!("{} exits with {code}", name()?)))
        }
        Body::Kernel(KernelEvent::ProcessExited(ProcessExited::Signal { signal })) => {
            Some(("m", format!("{} is ended by {signal}", name()?)))
        }
        Body::Supervisor(SupervisorEvent::RunTruncated(cut)) => {
            Some(("m", format!("{:?} cut: {} left out", cut.what, cut.dropped).to_lowercase()))
        }
        Body::Supervisor(SupervisorEvent::RunFinished(run)) => Some(("m", run.reason.clone())),
        _ => None,
    }
}
