//! `recording.ndjson`: the log of a run that was, shown before anybody presses Run.
//!
//! It is checked for what makes a log fit to be shown beside this program: it is whole, in order,
//! of this scenario and of this format, its parameters exist, everybody who began has ended, and
//! every line that it names is in the program. That the program still does what it did then, the
//! tests find out by running it (`tests/differential.rs`).
//!
//! All faults are warnings: a scenario without a recording runs, and a new one must run before it
//! can be recorded.

use std::fmt::Display;

use protocol::event::{Body, LOG_VERSION, RunFinished, RunStarted};
use protocol::scenario::Source;
use protocol::{At, Event, SupervisorEvent};

use super::{Fault, Level, Manifest};

/// The log of a run.
pub const RECORDING: &str = "recording.ndjson";

/// The longest recording: it is sent with the page and kept under version control.
pub const MAX_RECORDING_BYTES: usize = 100 * 1024;

/// What helps against every fault.
const REMEDY: &str = "record it anew, as scenarios/README.md says";

/// What is wrong with the recording of a scenario that has these programs. `file` is what faults call it.
pub fn check(file: &str, text: &str, id: &str, manifest: &Manifest, sources: &[Source]) -> Vec<Fault> {
    let mut check = Check { file, faults: Vec::new() };
    if text.len() > MAX_RECORDING_BYTES {
        check.fault(
            None,
            format!("{} KiB, and at most {} are shown", text.len() >> 10, MAX_RECORDING_BYTES >> 10),
        );
    }
    if let Some(log) = check.read(text) {
        check.order(&log);
        check.head(&log, id, manifest);
        check.end(&log);
        check.places(&log, sources);
    }
    check.faults
}

struct Check<'a> {
    file: &'a str,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn fault(&mut self, line: Option<usize>, what: impl Display) {
        let (file, what, remedy) = (self.file.to_owned(), what.to_string(), REMEDY.to_owned());
        self.faults.push(Fault { file, line, level: Level::Warning, what, remedy });
    }

    /// The events, if each line is one.
    fn read(&mut self, text: &str) -> Option<Vec<Event>> {
        let mut log = Vec::new();
        for (number, line) in text.lines().enumerate() {
            match serde_json::from_str(line) {
                Ok(event) => log.push(event),
                Err(error) => self.fault(Some(number + 1), format!("it is no event: {error}")),
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            self.fault(None, "the last line is torn");
        }
        self.faults.is_empty().then_some(log)
    }

    /// `seq` without a gap, `t` never back.
    fn order(&mut self, log: &[Event]) {
        let mut t = 0;
        for (event, number) in log.iter().zip(1..) {
            if event.seq != number || event.t < t {
                self.fault(
                    Some(number as usize),
                    format!("event {} at {} µs is out of order", event.seq, event.t),
                );
            }
            t = event.t;
        }
    }

    /// `run.started`: of this scenario, of this format, with parameters that there are.
    fn head(&mut self, log: &[Event], id: &str, manifest: &Manifest) {
        let Some(head) = log.first().and_then(started) else {
            return self.fault(None, "it does not begin with run.started");
        };
        if head.version != LOG_VERSION {
            self.fault(Some(1), format!("version {} of the log, and this is {LOG_VERSION}", head.version));
        }
        if head.scenario != id {
            self.fault(Some(1), format!("it is of the scenario {:?}", head.scenario));
        }
        for param in &manifest.params {
            if !head.params.get(&param.name).is_some_and(|value| param.kind.admits(value)) {
                self.fault(Some(1), format!("it has no right value of the parameter `{}`", param.name));
            }
        }
        for name in head.params.keys().filter(|name| manifest.params.iter().all(|param| param.name != **name))
        {
            self.fault(Some(1), format!("the scenario has no parameter `{name}`"));
        }
    }

    /// `run.finished`, and that everybody has come to an end.
    fn end(&mut self, log: &[Event]) {
        let Some(RunFinished { processes, events, .. }) = log.last().and_then(finished) else {
            return self.fault(None, "it does not end with run.finished");
        };
        if *events != log.len() as u64 {
            self.fault(Some(log.len()), format!("it has {} events and says {events}", log.len()));
        }
        if processes.started != processes.exited || processes.started != processes.reaped {
            self.fault(Some(log.len()), "not all processes that started have exited and been reaped");
        }
    }

    /// That the program has the lines that the log names.
    fn places(&mut self, log: &[Event], sources: &[Source]) {
        for (event, number) in log.iter().zip(1..) {
            let Some(At { file, line }) = &event.at else { continue };
            let program = sources.iter().find(|source| source.file == *file);
            let text = program.and_then(|source| source.text.lines().nth((*line as usize).checked_sub(1)?));
            if text.is_none_or(|text| text.trim().is_empty()) {
                return self.fault(Some(number), format!("{file} has nothing in line {line}"));
            }
        }
    }
}

fn started(event: &Event) -> Option<&RunStarted> {
    match &event.body {
        Body::Supervisor(SupervisorEvent::RunStarted(started)) => Some(started),
        _ => None,
    }
}

fn finished(event: &Event) -> Option<&RunFinished> {
    match &event.body {
        Body::Supervisor(SupervisorEvent::RunFinished(finished)) => Some(finished),
        _ => None,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use protocol::Limits;
    use protocol::event::Runtime;

    /// A right one, of a scenario with these parameters, whose program has two lines.
    pub fn right(id: &str, params: &str) -> String {
        let limits = serde_json::to_string(&Limits::default()).unwrap();
        [
            &format!(
                r#"{{"seq":1,"t":0,"type":"run.started","version":1,"run":"r","scenario":"{id}","runtime":"rust","params":{params},"seed":7,"supervisor":1,"observer":"exact","host":{{"os":"Linux","kernel":"6","cpus":1}},"sandbox":{{}},"limits":{limits}}}"#
            ),
            r#"{"seq":2,"t":9,"pid":2,"type":"process.started","ppid":1,"how":"spawn"}"#,
            r#"{"seq":3,"t":9,"pid":2,"at":{"file":"main.rs","line":2},"type":"line.reached"}"#,
            r#"{"seq":4,"t":20,"type":"run.finished","outcome":"completed","reason":"","duration_us":20,"processes":{"started":1,"exited":1,"reaped":1},"events":4}"#,
        ]
        .map(|line| format!("{line}\n"))
        .concat()
    }

    fn faults(text: &str) -> Vec<String> {
        let manifest = "[[params]]\nname = \"size\"\ntype = \"integer\"\nmin = 1\nmax = 5\ndefault = 5\n";
        let (manifest, _) = super::super::read("pool/scenario.toml", manifest);
        let program = Source { runtime: Runtime::Rust, file: "main.rs".into(), text: "a\nb\n\n".into() };
        check("pool/recording.ndjson", text, "pool", &manifest, &[program])
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_log_that_is_whole_and_of_this_scenario_is_fit_to_be_shown() {
        assert_eq!(faults(&right("pool", r#"{"size":5}"#)), Vec::<String>::new());
    }

    #[test]
    fn what_makes_a_log_unfit_is_told_with_its_line() {
        let spoiled: [(&str, &str, &str); 12] = [
            ("\"seq\":3", "\"seq\":5", ":3: warning: event 5 at 9 µs is out of order"),
            ("\"t\":20", "\"t\":8", ":4: warning: event 4 at 8 µs is out of order"),
            ("\"version\":1", "\"version\":2", ":1: warning: version 2 of the log, and this is 1"),
            (
                "\"scenario\":\"pool\"",
                "\"scenario\":\"queue\"",
                ":1: warning: it is of the scenario \"queue\"",
            ),
            ("\"size\":5", "\"size\":6", ":1: warning: it has no right value of the parameter `size`"),
            ("\"size\":5", "\"size\":5,\"speed\":1", ":1: warning: the scenario has no parameter `speed`"),
            ("run.started", "run.begun", ":1: warning: it is no event"),
            ("\"reaped\":1", "\"reaped\":0", ":4: warning: not all processes that started"),
            ("\"events\":4", "\"events\":5", ":4: warning: it has 4 events and says 5"),
            ("\"line\":2", "\"line\":3", ":3: warning: main.rs has nothing in line 3"),
            ("main.rs", "main.py", ":3: warning: main.py has nothing in line 2"),
            ("\"events\":4}\n", "\"events\":4}", ": warning: the last line is torn"),
        ];
        for (right_words, wrong, sentence) in spoiled {
            let found = faults(&right("pool", r#"{"size":5}"#).replacen(right_words, wrong, 1));
            let sentence = format!("pool/recording.ndjson{sentence}");
            assert!(found.iter().any(|fault| fault.starts_with(&sentence)), "{sentence}\n{found:#?}");
        }
        let whole = right("pool", r#"{"size":5}"#);
        assert!(faults("")[0].contains("it does not begin with run.started"));
        let head = whole.lines().next().unwrap().to_owned() + "\n";
        assert!(faults(&head)[0].contains("it does not end with run.finished"));
        assert!(faults(&(whole + &" ".repeat(MAX_RECORDING_BYTES)))[0].contains("100 KiB, and at most 100"));
    }
}
