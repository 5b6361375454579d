//! From the bytes that come out of a supervisor to whole lines of the log.
//!
//! A pipe cuts where it likes and a supervisor can be killed in mid-line, so only
//! whole lines go on; an incomplete tail is never seen by anybody. The server does
//! not read the events, it only makes sure of what its own promises rest on: the
//! text is UTF-8, `seq` has no gap, and nothing follows `run.finished`.

use protocol::event::RunFinished;
use protocol::{Body, Event, SupervisorEvent};

/// The longest line that can be right: a written line of 64 KiB, every byte of it escaped.
const LINE_MAX_BYTES: usize = 1024 * 1024;

/// Collects bytes until they are lines.
#[derive(Default)]
pub struct Intake {
    tail: Vec<u8>,
    events: u64,
    finished: bool,
}

/// Whole lines that came at once.
#[derive(Debug, PartialEq)]
pub struct Lines {
    /// One or more lines, each with its newline.
    pub text: String,
    /// The content of the last of them, where that is `run.finished`.
    pub finished: Option<RunFinished>,
}

impl Lines {
    /// The last line, and what stands before it.
    pub fn parted(&self) -> (&str, &str) {
        let end = self.text.strip_suffix('\n').and_then(|text| text.rfind('\n'));
        self.text.split_at(end.map_or(0, |end| end + 1))
    }
}

/// What the supervisor wrote is no event log.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Broken {
    /// It is no text.
    #[error("event {0} is not UTF-8")]
    Encoding(u64),
    /// An event is missing or doubled.
    #[error("a line is not event {0}: {1}")]
    Sequence(u64, String),
    /// No newline comes.
    #[error("event {0} is longer than {LINE_MAX_BYTES} bytes")]
    Length(u64),
}

impl Intake {
    /// Takes what came; gives what is whole by now.
    ///
    /// # Errors
    /// Where the bytes are no log. What came before them stays good.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Option<Lines>, Broken> {
        self.tail.extend_from_slice(bytes);
        let Some(end) = self.tail.iter().rposition(|&byte| byte == b'\n') else {
            let fits = self.tail.len() <= LINE_MAX_BYTES;
            return if fits { Ok(None) } else { Err(Broken::Length(self.events + 1)) };
        };
        let rest = self.tail.split_off(end + 1);
        let whole = std::mem::replace(&mut self.tail, rest);
        let text = String::from_utf8(whole).map_err(|_| Broken::Encoding(self.events + 1))?;
        self.check(text)
    }

    fn check(&mut self, text: String) -> Result<Option<Lines>, Broken> {
        let mut last = None;
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            if self.finished {
                break;
            }
            let seq = self.events + 1;
            if !line.starts_with(&format!("{{\"seq\":{seq},")) {
                return Err(Broken::Sequence(seq, line.chars().take(80).collect()));
            }
            self.events = seq;
            end += line.len();
            last = finished(line);
            self.finished = last.is_some();
        }
        let mut text = text;
        text.truncate(end);
        Ok((end > 0).then_some(Lines { text, finished: last }))
    }
}

/// The content of a `run.finished` line. Other lines are told apart by a glance: in
/// them these characters can stand in a program's own JSON value only.
pub fn finished(line: &str) -> Option<RunFinished> {
    if !line.contains("\"type\":\"run.finished\"") {
        return None;
    }
    match serde_json::from_str::<Event>(line).ok()?.body {
        Body::Supervisor(SupervisorEvent::RunFinished(finished)) => Some(finished),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: &str = concat!(
        "{\"seq\":3,\"t\":9,\"type\":\"run.finished\",\"outcome\":\"completed\",\"reason\":\"\",\"duration_us\":9,",
        "\"processes\":{\"started\":1,\"exited\":1,\"reaped\":1},\"events\":3}\n"
    );

    fn text(taken: Result<Option<Lines>, Broken>) -> Option<String> {
        taken.unwrap().map(|lines| lines.text)
    }

    #[test]
    fn lines_come_out_whole_however_the_pipe_cuts() {
        let mut intake = Intake::default();
        assert_eq!(text(intake.take(b"{\"seq\":1,\"t")), None);
        assert_eq!(text(intake.take(b"\":0}\n{\"seq\":2,")), Some("{\"seq\":1,\"t\":0}\n".into()));
        assert_eq!(
            text(intake.take("\"t\":\"听\"}\n".as_bytes())),
            Some("{\"seq\":2,\"t\":\"听\"}\n".into())
        );
        let last = intake.take(LAST.as_bytes()).unwrap().unwrap();
        assert_eq!(last.parted(), ("", LAST));
        assert_eq!(last.finished.map(|finished| finished.events), Some(3));
        assert_eq!(text(intake.take(b"{\"seq\":4,\"t\":10}\n")), None, "nothing follows run.finished");
    }

    #[test]
    fn a_gap_or_a_stray_line_is_no_log() {
        assert!(matches!(Intake::default().take(b"{\"seq\":2,\"t\":0}\n"), Err(Broken::Sequence(1, _))));
        assert!(matches!(Intake::default().take(b"thread panicked\n"), Err(Broken::Sequence(1, _))));
        assert_eq!(Intake::default().take(b"{\"seq\":1,\xff}\n"), Err(Broken::Encoding(1)));
        assert_eq!(Intake::default().take(&vec![b'x'; LINE_MAX_BYTES + 1]), Err(Broken::Length(1)));
    }

    #[test]
    fn a_programs_own_value_cannot_end_the_log() {
        let line = "{\"seq\":1,\"t\":0,\"pid\":7,\"type\":\"variable.set\",\"name\":\"m\",\"value\":{\"type\":\"run.finished\"}}";
        assert_eq!(finished(line), None);
    }
}
