//! Lines out of the pieces in which processes write them, one by process and stream.
//!
//! A piece without newline waits for its rest, until the process exits or the line
//! grows too long for one event. Bytes that are no UTF-8 become U+FFFD.

use std::collections::HashMap;

use protocol::Pid;
use protocol::event::Stream;

/// The longest text of one `output` event; a longer line becomes several.
pub const LINE_MAX_BYTES: usize = 8 * 1024;

/// The beginnings of lines whose end has not been written yet.
#[derive(Default)]
pub struct Lines(HashMap<(Pid, Stream), Vec<u8>>);

impl Lines {
    /// Takes a piece, and gives every line that it ends.
    pub fn push(&mut self, pid: Pid, stream: Stream, mut piece: &[u8], mut line: impl FnMut(&str)) {
        let begun = self.0.entry((pid, stream)).or_default();
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            begun.extend_from_slice(&piece[..end]);
            cut(begun, &mut line);
            line(&String::from_utf8_lossy(begun));
            begun.clear();
            piece = &piece[end + 1..];
        }
        begun.extend_from_slice(piece);
        cut(begun, &mut line);
    }

    /// Gives what a process wrote without ending the line, and forgets the process.
    pub fn flush(&mut self, pid: Pid, mut line: impl FnMut(Stream, &str)) {
        for stream in [Stream::Stdout, Stream::Stderr] {
            if let Some(rest) = self.0.remove(&(pid, stream)).filter(|rest| !rest.is_empty()) {
                line(stream, &String::from_utf8_lossy(&rest));
            }
        }
    }
}

/// Gives the beginning of a line that is too long for one event.
fn cut(begun: &mut Vec<u8>, line: &mut impl FnMut(&str)) {
    while begun.len() > LINE_MAX_BYTES {
        let end = (LINE_MAX_BYTES - 3..=LINE_MAX_BYTES).rev().find(|end| !is_continuation(begun[*end]));
        let rest = begun.split_off(end.unwrap_or(LINE_MAX_BYTES));
        line(&String::from_utf8_lossy(begun));
        *begun = rest;
    }
}

/// Whether a byte is inside a character of UTF-8 and not its first.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(lines: &mut Lines, pid: Pid, piece: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        lines.push(pid, Stream::Stdout, piece, |line| found.push(line.to_owned()));
        found
    }

    #[test]
    fn pieces_of_two_processes_do_not_mix() {
        let mut lines = Lines::default();
        assert!(pushed(&mut lines, 1, b"ab").is_empty());
        assert_eq!(pushed(&mut lines, 2, b"x\ny"), ["x"]);
        assert_eq!(pushed(&mut lines, 1, b"c\n\nd\n"), ["abc", "", "d"]);
        let mut rest = Vec::new();
        lines.flush(2, |_, line| rest.push(line.to_owned()));
        lines.flush(1, |_, line| rest.push(line.to_owned()));
        assert_eq!(rest, ["y"]);
    }

    #[test]
    fn a_long_line_is_cut_between_characters_and_loses_nothing() {
        let mut lines = Lines::default();
        let text = "习".repeat(10_000);
        let mut parts = pushed(&mut lines, 1, text.as_bytes());
        lines.flush(1, |_, line| parts.push(line.to_owned()));
        assert!(parts.len() > 3 && parts.iter().all(|part| part.len() <= LINE_MAX_BYTES));
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn a_character_may_come_in_two_pieces() {
        let mut lines = Lines::default();
        let (head, tail) = "打\n".as_bytes().split_at(2);
        assert!(pushed(&mut lines, 1, head).is_empty());
        assert_eq!(pushed(&mut lines, 1, tail), ["打"]);
    }
}
