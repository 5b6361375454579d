//! The end of a log that its supervisor did not write.
//!
//! Every log ends with `run.finished`, also that of a run which never got a
//! supervisor or whose supervisor died. Then the server writes what is missing, and
//! only what it knows from the kernel or from itself.

use std::thread::available_parallelism;
use std::time::{Duration, SystemTime};

use protocol::event::{Host, LOG_VERSION, Observer, Outcome, ProcessCount, RunFinished, RunStarted};
use protocol::{Body, Event, Job, Pid, SupervisorEvent};

use crate::intake::Lines;

/// Lines to be added to a log.
pub struct Epilogue {
    text: String,
    events: u64,
    t: u64,
}

impl Epilogue {
    /// After so many events, at a time in microseconds since `run.started`.
    pub fn after(events: u64, t: u64) -> Self {
        Epilogue { text: String::new(), events, t }
    }

    /// Adds an event.
    pub fn push(&mut self, pid: Option<Pid>, body: Body) {
        self.events += 1;
        let event = Event { seq: self.events, t: self.t, pid, at: None, body };
        self.text += &serde_json::to_string(&event).expect("an event is plain data with text keys");
        self.text.push('\n');
    }

    /// Adds the last one.
    pub fn finish(mut self, outcome: Outcome, reason: String, processes: ProcessCount) -> Lines {
        let finished =
            RunFinished { outcome, reason, duration_us: self.t, processes, events: self.events + 1 };
        self.push(None, Body::Supervisor(SupervisorEvent::RunFinished(finished.clone())));
        Lines { text: self.text, finished: Some(finished) }
    }

    /// Adds `run.started` for a run that got no supervisor; the server stands in for it.
    pub fn start(&mut self, job: &Job) {
        let started = RunStarted {
            version: LOG_VERSION,
            run: job.run.clone(),
            scenario: job.scenario.clone(),
            runtime: job.runtime,
            params: job.params.clone(),
            seed: job.seed,
            unix_ms: unix_ms(),
            supervisor: std::process::id() as Pid,
            observer: Observer::Exact,
            lost: None,
            host: host(),
            sandbox: [("all".to_owned(), "no process was started".to_owned())].into(),
            limits: job.limits.clone(),
        };
        self.push(None, Body::Supervisor(SupervisorEvent::RunStarted(Box::new(started))));
    }
}

/// The whole log of a run that got no supervisor.
pub fn unstarted(job: &Job, outcome: Outcome, reason: String) -> Lines {
    let mut epilogue = Epilogue::after(0, 0);
    epilogue.start(job);
    epilogue.finish(outcome, reason, ProcessCount::default())
}

/// What `uname(2)` says of this machine.
fn host() -> Host {
    let uname = rustix::system::uname();
    Host {
        os: uname.sysname().to_string_lossy().into_owned(),
        kernel: uname.release().to_string_lossy().into_owned(),
        cpus: available_parallelism().map_or(1, |cpus| cpus.get() as u32),
    }
}

/// The wall clock; nothing where it stands before 1970.
fn unix_ms() -> Option<u64> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

/// A time in the log, so much after another.
pub fn later(t: u64, elapsed: Duration) -> u64 {
    t.saturating_add(u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{intake::Intake, start::tests::catalogue};
    use protocol::Limits;

    #[test]
    fn a_run_without_supervisor_has_a_whole_log() {
        let start = serde_json::from_str(r#"{"scenario":"pool"}"#).unwrap();
        let job = crate::start::job(&catalogue(), &Limits::default(), start).unwrap();
        let lines = unstarted(&job, Outcome::Stopped, "stopped".into());
        assert_eq!(Intake::default().take(lines.text.as_bytes()).unwrap().unwrap(), lines);
        assert_eq!(lines.finished.map(|finished| finished.events), Some(2));
    }
}
