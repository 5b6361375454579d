//! What must hold for every log: the recorded runs of all scenarios, whole and cut off at any line.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use protocol::Event;
use serde_json::Value;

use crate::{cast, processes, tasks, trace};

/// The log of these lines, each `t`, `pid` and the rest of the event.
fn log(lines: &[(u64, i32, &str)]) -> Vec<Event> {
    let event = |(seq, (t, pid, body)): (usize, &(u64, i32, &str))| {
        serde_json::from_str(&format!(r#"{{"seq":{},"t":{t},"pid":{pid},{body}}}"#, seq + 1)).unwrap()
    };
    lines.iter().enumerate().map(event).collect()
}

/// The recorded runs, by scenario.
fn recordings() -> Vec<(String, Vec<Event>)> {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut all = Vec::new();
    for folder in std::fs::read_dir(scenarios).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(folder.join("recording.ndjson")) else { continue };
        let events = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        all.push((folder.file_name().unwrap().to_string_lossy().into_owned(), events));
    }
    assert!(all.len() > 20, "the recordings are not where they were");
    all
}

fn entries(log: &[Event]) -> Vec<Value> {
    let parsed: Value = serde_json::from_str(&trace(log)).unwrap();
    parsed["traceEvents"].as_array().unwrap().clone()
}

fn of_phase<'a>(entries: &'a [Value], phase: &'a str) -> impl Iterator<Item = &'a Value> {
    entries.iter().filter(move |entry| entry["ph"] == phase)
}

fn ns(us: &Value) -> u64 {
    (us.as_f64().unwrap() * 1000.0).round() as u64
}

/// Slices of one row must be within each other or beside each other, or an importer moves or drops them.
#[track_caller]
fn assert_nested(what: &str, entries: &[Value]) {
    let mut rows: HashMap<(i64, i64), Vec<u64>> = HashMap::new();
    let mut last = 0;
    for slice in of_phase(entries, "X") {
        let (start, end) = (ns(&slice["ts"]), ns(&slice["ts"]) + ns(&slice["dur"]));
        let open = rows.entry((slice["pid"].as_i64().unwrap(), slice["tid"].as_i64().unwrap())).or_default();
        open.retain(|open| *open > start);
        assert!(open.iter().all(|open| end <= *open), "{what}: {slice} crosses the end of another");
        open.push(end);
        let padding = slice["cat"] == "order";
        assert!(padding || start >= last, "{what}: {slice} comes after what follows it");
        last = if padding { last } else { start };
    }
}

#[track_caller]
fn assert_no_arrow_out_of_nowhere(what: &str, entries: &[Value]) {
    let mut begun = HashSet::new();
    for slice in of_phase(entries, "X").filter(|slice| slice["bind_id"].is_u64()) {
        let is_known = !begun.insert(slice["bind_id"].as_u64().unwrap());
        assert_eq!(is_known, slice["flow_in"] == true, "{what}: {slice}");
    }
}

/// Perfetto before 53 puts the process with most slices first.
#[track_caller]
fn assert_ordered(what: &str, entries: &[Value]) {
    let mut slices: BTreeMap<i64, usize> = BTreeMap::new();
    of_phase(entries, "X").for_each(|slice| *slices.entry(slice["pid"].as_i64().unwrap()).or_default() += 1);
    let sorted = of_phase(entries, "M").filter(|entry| entry["name"] == "process_sort_index");
    let counts: Vec<usize> =
        sorted.map(|entry| slices.get(&entry["pid"].as_i64().unwrap()).copied().unwrap_or(0)).collect();
    assert!(counts.windows(2).all(|pair| pair[0] > pair[1]), "{what}: {counts:?}");
}

#[test]
fn every_recording_is_a_sound_trace() {
    for (scenario, log) in recordings() {
        let entries = entries(&log);
        assert_nested(&scenario, &entries);
        assert_no_arrow_out_of_nowhere(&scenario, &entries);
        assert_ordered(&scenario, &entries);
    }
}

#[test]
fn a_log_that_ends_anywhere_is_a_sound_export() {
    for (scenario, log) in recordings() {
        for end in (0..log.len()).step_by(5) {
            let what = format!("{scenario}, {end} lines");
            let begun = &log[..end];
            let entries = entries(begun);
            assert_nested(&what, &entries);
            assert_no_arrow_out_of_nowhere(&what, &entries);
            assert!(cast(begun).lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
            for table in [processes(begun), tasks(begun)] {
                assert_eq!(table.matches("\r\n").count(), table.lines().count(), "{what}");
            }
        }
    }
}

#[test]
fn a_log_without_its_beginning_is_read_too() {
    for (_, log) in recordings() {
        let entries = entries(&log[log.len() / 2..]);
        assert_nested("the second half", &entries);
        assert_no_arrow_out_of_nowhere("the second half", &entries);
    }
}

const BORN: &str = r#""type":"process.started","ppid":1,"how":"fork""#;

/// The kernel may give a number again; nothing of one life is put into the other.
#[test]
fn a_pid_that_is_used_twice_is_two_processes() {
    let log = log(&[
        (0, 10, BORN),
        (5, 11, r#""type":"process.started","ppid":10,"how":"fork""#),
        (10, 11, r#""type":"process.exited","code":3"#),
        (11, 11, r#""type":"process.reaped","by":10"#),
        (20, 11, r#""type":"process.started","ppid":10,"how":"fork""#),
        (30, 11, r#""type":"process.exited","code":4"#),
    ]);
    let entries = entries(&log);
    let lives: Vec<_> = of_phase(&entries, "X").filter(|slice| slice["args"]["code"].is_u64()).collect();
    assert_eq!(lives.len(), 2);
    assert_eq!((&lives[0]["args"]["code"], &lives[1]["args"]["code"]), (&3.into(), &4.into()));
    assert_ne!(lives[0]["pid"], lives[1]["pid"]);
    let table = processes(&log);
    let codes: Vec<_> = table.lines().skip(1).map(|line| line.split(',').nth(11).unwrap()).collect();
    assert_eq!(codes, ["", "3", "4"]);
}

/// What goes on at once in one process and does not nest has two rows.
#[test]
fn locks_that_are_given_back_in_turn_stand_on_two_rows() {
    let has = |what: &str, object: u64| {
        format!(r#""type":"sync.{what}","object":{object},"name":"Lock-{object}","kind":"lock""#)
    };
    let log = log(&[
        (0, 10, BORN),
        (1, 10, &has("acquired", 1)),
        (2, 10, &has("acquired", 2)),
        (3, 10, &has("released", 1)),
        (4, 10, &has("released", 2)),
        (9, 10, r#""type":"process.exited","code":0"#),
    ]);
    let entries = entries(&log);
    assert_nested("locks", &entries);
    let held: Vec<_> = of_phase(&entries, "X").filter(|slice| slice["cat"] == "sync").collect();
    assert_eq!(held.iter().map(|slice| ns(&slice["dur"])).collect::<Vec<_>>(), [2000, 2000]);
    assert_ne!(held[0]["tid"], held[1]["tid"]);
}

/// Two things of one µs keep their order, for who reads the file sorts it.
#[test]
fn a_cause_is_before_its_effect_though_the_clock_says_the_same() {
    let log = log(&[
        (7, 10, BORN),
        (7, 11, r#""type":"process.started","ppid":10,"how":"fork""#),
        (7, 11, r#""type":"queue.put","queue":1,"item":1,"size":1,"bytes":7"#),
        (7, 10, r#""type":"queue.get","queue":1,"item":1,"size":0,"bytes":7"#),
    ]);
    let entries = entries(&log);
    let flows: Vec<_> = of_phase(&entries, "X").filter(|slice| slice["bind_id"].is_u64()).collect();
    assert_eq!(flows.len(), 6);
    assert!(flows.windows(2).all(|pair| ns(&pair[0]["ts"]) < ns(&pair[1]["ts"])), "{flows:?}");
}

#[test]
fn a_cast_is_a_header_and_then_codes_in_order() {
    let (_, log) = recordings().into_iter().find(|(scenario, _)| scenario == "pool-crash").unwrap();
    let cast = cast(&log);
    let mut lines = cast.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    assert_eq!((&header["version"], &header["title"]), (&2.into(), &"pool-crash · rust".into()));
    let rows: Vec<Value> = lines.collect();
    assert!(rows.windows(2).all(|pair| pair[0][0].as_f64() <= pair[1][0].as_f64()));
    let printed = rows.iter().filter(|row| row[1] == "o");
    assert!(printed.clone().count() > 3);
    assert!(printed.clone().all(|row| row[2].as_str().unwrap().ends_with("\r\n")));
    let marks: Vec<_> = rows.iter().filter(|row| row[1] == "m").map(|row| row[2].as_str().unwrap()).collect();
    assert!(marks.contains(&"MainProcess begins"), "{marks:?}");
    assert!(marks.iter().any(|mark| mark.ends_with("is ended by SIGKILL")), "{marks:?}");
}

#[test]
fn tasks_say_what_became_of_each() {
    let log = log(&[
        (0, 10, BORN),
        (1, 10, r#""type":"task.submitted","task":1,"name":"=A1""#),
        (2, 10, r#""type":"task.submitted","task":2,"name":"吃饭""#),
        (4, 10, r#""type":"task.started","task":1,"name":"=A1""#),
        (9, 10, r#""type":"task.finished","task":1,"name":"=A1","value":-3"#),
    ]);
    let table = tasks(&log);
    let mut lines = table.lines();
    assert!(lines.next().unwrap().starts_with("\u{feff}task,name,state,"));
    assert_eq!(lines.next(), Some("1,'=A1,finished,1,10,4,10,,9,3,5,,-3,"));
    assert_eq!(lines.next(), Some("2,吃饭,submitted,2,10,,,,,,,,,"));
    assert_eq!(lines.next(), None);
}
