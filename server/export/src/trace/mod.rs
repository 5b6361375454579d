//! Chrome trace JSON ("Trace Event Format"), as Perfetto's importer reads it.
//!
//! - Each process is a process of its own, in the order of the tree (`process_sort_index`), its name behind
//!   a sign for its generation; its thread has the plain name. The supervisor is above all and has the run.
//! - Whiles are nested slices: life, then tasks, waits, locks that are held, stops; after it the zombie.
//!   What goes on at once and does not nest (threads of one process) gets a row of its own.
//! - What happens in a moment is a slice without length: outputs, items, signals, forks, reaps.
//! - Arrows join a cause with its effect: fork and life, task submitted, run and called back, put and get,
//!   sent and received, signal and who it reaches, death and burial.
//! - Counters: how full each queue is, how much memory each process has.
//!
//! A pid that the kernel used twice is two processes here, the second with a number that no kernel gives.
//! `line.reached` is left out: it says where in the source, and each slice has that as `at`.
//!
//! `story` folds the log into slices and moments, `rows` finds each slice a row, `format` writes them down.

mod flows;
mod format;
mod rows;
mod story;

use protocol::Event;
use serde_json::{Value, json};

use crate::family::Family;
use format::{Entry, Lines};

/// Pids are below this (`PID_MAX_LIMIT` of Linux); more rows and more lives of a pid are numbered above.
const PID_MAX: i64 = 1 << 22;

/// The run as one JSON object for Perfetto.
pub fn trace(log: &[Event]) -> String {
    let family = Family::of(log);
    let pids = pids(&family);
    let story = story::read(log, &family);
    let rows = rows::of(&story.slices);
    let mut lines = Lines::default();
    named(&mut lines, &family, &pids);
    extra_rows(&mut lines, &family, &pids, &story.slices, &rows);
    let padding = padding(&family, &story.slices);
    let mut timed: Vec<(u64, Entry)> = Vec::with_capacity(story.slices.len() + story.counts.len());
    for (slice, row) in story.slices.into_iter().zip(rows) {
        let pid = pids[slice.lane];
        let fill = if slice.is_whole_life { padding[slice.lane] } else { 0 };
        let (seq, start, end) = (slice.seq, slice.start, slice.end.unwrap_or(slice.start));
        timed.push((seq, format::slice(slice, pid, tid(pid, row))));
        timed.extend((1..=fill as u64).map(|ns| (seq, format::filler((start + ns).min(end), pid))));
    }
    timed.extend(story.counts.into_iter().map(|count| {
        let pid = pids[count.lane];
        (count.seq, format::count(count, pid))
    }));
    // Stable: what one event makes stays in its order, a cause before its effect.
    timed.sort_by_key(|(seq, _)| *seq);
    timed.into_iter().for_each(|(_, entry)| lines.push(&entry));
    lines.finish(&about(&family))
}

/// The number of each lane, the run's own being the last; what the kernel used again gets a new one.
fn pids(family: &Family<'_>) -> Vec<i64> {
    let mut born: Vec<usize> = (0..family.lanes.len()).collect();
    born.sort_by_key(|place| family.lanes[*place].number);
    let own = family.run.map_or(1, |run| i64::from(run.supervisor));
    let mut used = vec![own];
    let mut pids = vec![0; born.len()];
    for place in born {
        let mut pid = i64::from(family.lanes[place].pid);
        while used.contains(&pid) {
            pid += PID_MAX;
        }
        used.push(pid);
        pids[place] = pid;
    }
    pids.push(own);
    pids
}

/// The thread of a row: the first is the process's own.
fn tid(pid: i64, row: usize) -> i64 {
    const ROWS: i64 = 1 << 30;
    pid + row as i64 * ROWS
}

/// Names and order of all processes.
fn named(lines: &mut Lines, family: &Family<'_>, pids: &[i64]) {
    let own = family.lanes.len();
    let mut name = |lane: usize, sort: usize, sign: &str, name: &str| {
        let pid = pids[lane];
        let mut meta = |what: &'static str, args: Value| lines.push(&Entry::meta(what, pid, pid, args));
        meta("process_name", json!({"name": format!("{sign}{name}")}));
        meta("process_sort_index", json!({"sort_index": sort}));
        meta("thread_name", json!({"name": name}));
    };
    name(own, 0, "", "supervisor");
    for (place, lane) in family.lanes.iter().enumerate() {
        name(place, place + 1, &generation(lane.depth), &family.name(place));
    }
}

/// As in a drawn tree: nothing for the first process, `└ ` for its children, `· └ ` for theirs.
fn generation(depth: usize) -> String {
    if depth == 0 { String::new() } else { "· ".repeat(depth - 1) + "└ " }
}

/// The most slices without content that a file gets.
const PADDING_MAX: usize = 20_000;

/// How many slices without content each lane needs to have more slices than all below it.
///
/// Perfetto heeds `process_sort_index` since its version 53. Older ones put the process with most slices first.
fn padding(family: &Family<'_>, slices: &[story::Slice<'_>]) -> Vec<usize> {
    let own = family.lanes.len();
    let mut counts = vec![0; own + 1];
    slices.iter().for_each(|slice| counts[slice.lane] += 1);
    let mut padding = vec![0; own + 1];
    let mut below = 0;
    for lane in (0..own).rev().chain([own]) {
        padding[lane] = (below + 1usize).saturating_sub(counts[lane]);
        below = counts[lane] + padding[lane];
    }
    if padding.iter().sum::<usize>() > PADDING_MAX { vec![0; own + 1] } else { padding }
}

fn extra_rows(
    lines: &mut Lines,
    family: &Family<'_>,
    pids: &[i64],
    slices: &[story::Slice<'_>],
    rows: &[usize],
) {
    let mut known = vec![0; pids.len()];
    for (slice, row) in slices.iter().zip(rows) {
        if *row > known[slice.lane] {
            known[slice.lane] = *row;
            let pid = pids[slice.lane];
            let name = format!("{} (at the same time)", family.name(slice.lane));
            lines.push(&Entry::meta("thread_name", pid, tid(pid, *row), json!({"name": name})));
        }
    }
}

/// What stands beside the events: what ran, and where.
fn about(family: &Family<'_>) -> Value {
    family.run.map_or(json!({}), |run| {
        json!({"scenario": run.scenario, "run": run.run, "runtime": run.runtime, "seed": run.seed,
            "params": run.params, "host": run.host, "unix_ms": run.unix_ms, "source": "Process Playground"})
    })
}
