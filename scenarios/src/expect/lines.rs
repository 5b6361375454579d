//! Compares what processes printed with what they should print, in any order.

use std::collections::BTreeMap;

use super::run::{Process, Run, means};
use crate::manifest::Expect;

/// Everything that was printed and should not be, or should be and was not.
pub fn check(expect: &Expect, run: &Run<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (who, wanted) in &expect.lines {
        let (printed, fits) = compare(run, who, wanted);
        let matching = pair(&fits, wanted.len());
        wrong.extend(unpaired(&matching.left).map(|line| too_much(who, printed[line])));
        wrong.extend(unpaired(&matching.right).map(|line| format!("{who} did not print `{}`", wanted[line])));
    }
    for (who, wanted) in &expect.may {
        let (printed, fits) = compare(run, who, wanted);
        let matching = pair(&fits, wanted.len());
        wrong.extend(unpaired(&matching.left).map(|line| too_much(who, printed[line])));
    }
    for (who, wanted) in &expect.repeats {
        let (printed, fits) = compare(run, who, wanted);
        let strange = (0..printed.len()).filter(|line| fits[*line].is_empty());
        wrong.extend(strange.map(|line| too_much(who, printed[line])));
        let absent = (0..wanted.len()).filter(|line| !fits.iter().any(|fit| fit.contains(line)));
        wrong.extend(absent.map(|line| format!("{who} never printed `{}`", wanted[line])));
    }
    wrong.extend(silence(expect, run));
    wrong.extend(errors(expect, run));
    wrong
}

/// Who is named nowhere prints nothing.
fn silence(expect: &Expect, run: &Run<'_>) -> Vec<String> {
    let speaks = |process: &Process<'_>, maps: &[&BTreeMap<String, Vec<String>>]| {
        maps.iter().any(|map| map.keys().any(|who| means(who, process.name)))
    };
    let mut wrong = Vec::new();
    for process in &run.processes {
        if !speaks(process, &[&expect.lines, &expect.may, &expect.repeats]) {
            wrong.extend(process.stdout.iter().map(|line| too_much(process.name, line)));
        }
        if !speaks(process, &[&expect.errors]) {
            let complaint = |line: &&str| format!("{} complained: {line}", process.name);
            wrong.extend(process.stderr.iter().map(complaint));
        }
    }
    wrong
}

fn errors(expect: &Expect, run: &Run<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (who, wanted) in &expect.errors {
        for pattern in wanted {
            let fits = |process: &Process<'_>| {
                process.stderr.iter().any(|line| matches(run, process, pattern, line))
            };
            if !run.named(who).any(fits) {
                wrong.push(format!("{who} did not complain `{pattern}`"));
            }
        }
    }
    wrong
}

fn too_much(who: &str, line: &str) -> String {
    format!("{who} printed `{line}`, which nobody expects")
}

/// The lines of all processes so named, and for each the wanted lines that it fits.
fn compare<'a>(run: &Run<'a>, who: &str, wanted: &[String]) -> (Vec<&'a str>, Vec<Vec<usize>>) {
    let mut printed = Vec::new();
    let mut fits = Vec::new();
    for process in run.named(who) {
        for line in &process.stdout {
            printed.push(*line);
            fits.push((0..wanted.len()).filter(|n| matches(run, process, &wanted[*n], line)).collect());
        }
    }
    (printed, fits)
}

/// Which printed line was paired with which wanted one.
struct Matching {
    left: Vec<Option<usize>>,
    right: Vec<Option<usize>>,
}

/// Pairs as many lines as possible, each at most once. A line may fit several patterns, so
/// taking the first is not enough: this is Kuhn's algorithm for bipartite matching.
fn pair(fits: &[Vec<usize>], wanted: usize) -> Matching {
    let mut matching = Matching { left: vec![None; fits.len()], right: vec![None; wanted] };
    for line in 0..fits.len() {
        settle(line, fits, &mut matching, &mut vec![false; wanted]);
    }
    matching
}

fn settle(line: usize, fits: &[Vec<usize>], matching: &mut Matching, tried: &mut [bool]) -> bool {
    for &candidate in &fits[line] {
        if std::mem::replace(&mut tried[candidate], true) {
            continue;
        }
        let free = match matching.right[candidate] {
            None => true,
            Some(holder) => settle(holder, fits, matching, tried),
        };
        if free {
            matching.right[candidate] = Some(line);
            matching.left[line] = Some(candidate);
            return true;
        }
    }
    false
}

fn unpaired(side: &[Option<usize>]) -> impl Iterator<Item = usize> {
    side.iter().enumerate().filter(|(_, other)| other.is_none()).map(|(line, _)| line)
}

/// Whether a line that a process printed fits a pattern with placeholders.
pub fn matches(run: &Run<'_>, process: &Process<'_>, pattern: &str, line: &str) -> bool {
    let Some((head, (word, tail))) =
        pattern.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?)))
    else {
        return pattern == line;
    };
    let Some(rest) = line.strip_prefix(head) else { return false };
    let pid_of =
        |who: &str| run.named(who).any(|one| is(rest, one.pid, |rest| matches(run, process, tail, rest)));
    match word {
        "pid" => is(rest, process.pid, |rest| matches(run, process, tail, rest)),
        "ppid" => is(rest, process.ppid, |rest| matches(run, process, tail, rest)),
        "n" => number(rest, false).is_some_and(|rest| matches(run, process, tail, rest)),
        "s" => number(rest, true).is_some_and(|rest| matches(run, process, tail, rest)),
        "*" => {
            let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.any(|at| matches(run, process, tail, &rest[at..]))
        }
        word => word.strip_prefix("pid ").is_some_and(pid_of),
    }
}

fn is(text: &str, pid: i32, rest: impl FnOnce(&str) -> bool) -> bool {
    text.strip_prefix(&pid.to_string()).is_some_and(rest)
}

/// What is left after the number at the front: digits, and for a fraction a point among them.
fn number(text: &str, fraction: bool) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || fraction && c == '.')).unwrap_or(text.len());
    (end > 0).then(|| &text[end..])
}
