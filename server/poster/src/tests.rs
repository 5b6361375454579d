//! Small logs, and what must and must not be in their picture.

use protocol::Event;

use crate::story::{Exit, Kind, Way};
use crate::{LANES_MAX, Notes, Sign, Story, Words, draw, figure, figure_size, read};

/// The log of these lines, each `t`, `pid` and the rest of the event.
fn log(lines: &[(u64, i32, &str)]) -> Vec<Event> {
    let event = |(seq, (t, pid, body)): (usize, &(u64, i32, &str))| {
        serde_json::from_str(&format!(r#"{{"seq":{},"t":{t},"pid":{pid},{body}}}"#, seq + 1)).unwrap()
    };
    lines.iter().enumerate().map(event).collect()
}

fn born(ppid: i32) -> String {
    format!(r#""type":"process.started","ppid":{ppid},"how":"fork""#)
}

fn picture(story: &Story<'_>) -> String {
    let words = Words {
        lang: "en",
        title: "A <queue>",
        about: "3 processes",
        description: "…",
        more: "",
        notes: None,
    };
    draw(story, &words)
}

/// Two children of one parent; the first puts what the second gets.
fn family() -> Vec<Event> {
    log(&[
        (0, 10, &born(1)),
        (5, 10, r#""type":"process.named","name":"MainProcess","role":"main""#),
        (10, 11, &born(10)),
        (20, 12, &born(10)),
        (25, 13, &born(11)),
        (30, 12, r#""type":"queue.blocked","queue":1,"op":"get""#),
        (40, 11, r#""type":"queue.put","queue":1,"item":1,"size":1,"bytes":7"#),
        (50, 12, r#""type":"queue.unblocked","queue":1,"op":"get""#),
        (50, 12, r#""type":"queue.get","queue":1,"item":1,"size":0,"bytes":7"#),
        (60, 12, r#""type":"output","stream":"stdout","text":"保存 <1.png>""#),
        (70, 12, r#""type":"sync.waiting","object":1,"name":"Lock-1","kind":"lock""#),
        (90, 12, r#""type":"process.exited","signal":"SIGKILL""#),
        (95, 12, r#""type":"process.reaped","by":10"#),
        (100, 10, r#""type":"process.exited","code":3"#),
    ])
}

#[test]
fn a_log_becomes_lanes_in_the_order_of_the_family() {
    let log = family();
    let story = read(&log);
    let pids: Vec<_> =
        story.lanes.iter().map(|lane| (lane.pid, lane.depth, lane.parent, lane.number)).collect();
    assert_eq!(pids, [(10, 0, None, 0), (11, 1, Some(0), 1), (13, 2, Some(1), 3), (12, 1, Some(0), 2)]);
    let killed = &story.lanes[3];
    assert_eq!((killed.exit, killed.reaped), (Some((90, Exit::Signal("SIGKILL"))), Some(95)));
    let spans: Vec<_> = killed.spans.iter().map(|span| (span.start, span.end)).collect();
    assert_eq!(spans, [(30, Some(50)), (70, Some(90))], "who dies waits no longer");
    assert!(matches!(killed.spans[1].kind, Kind::Sync(..)));
    assert_eq!(story.ways, [Way { from: (1, 40), to: (3, 50) }]);
    assert_eq!((story.end, story.is_over, story.lanes[1].exit), (100, false, None));
}

#[test]
fn a_pid_that_is_used_twice_is_two_lanes() {
    let exit = r#""type":"process.exited","code":0"#;
    let log = log(&[(0, 10, &born(1)), (1, 11, &born(10)), (2, 11, exit), (3, 11, &born(10)), (4, 11, exit)]);
    let ends: Vec<_> = read(&log).lanes.iter().map(|lane| lane.exit.map(|(t, _)| t)).collect();
    assert_eq!(ends, [None, Some(2), Some(4)]);
}

#[test]
fn the_picture_says_what_the_log_says_and_no_more() {
    let log = family();
    let picture = picture(&read(&log));
    for words in ["A &lt;queue&gt;", "3 processes", "MainProcess", ">11<", "SIGKILL", ">3<", "url(#waits)"] {
        assert!(picture.contains(words), "{words} in {picture}");
    }
    assert!(!picture.contains("<queue>") && !picture.contains("<1.png>"), "nothing of a run is markup");
    assert!(!picture.contains("url(#stops)"), "nobody was stopped");
    assert!(picture.contains("prefers-color-scheme:dark"));
}

/// Paper has no dark side; and what is not in the picture is not explained.
#[test]
fn a_figure_is_light_has_all_and_explains_its_signs() {
    let log = family();
    let story = read(&log);
    let signs = [
        (Sign::Task, "task"),
        (Sign::Waits, "waits"),
        (Sign::Stopped, "stopped"),
        (Sign::Output, "output"),
        (Sign::Way, "item"),
        (Sign::Zombie, "zombie"),
        (Sign::Killed, "killed"),
    ];
    let notes = Some(Notes { signs, source: ["run 0123 · 2026-11-23", "size=5"] });
    let words = Words { lang: "en", title: "queue", about: "4", description: "…", more: "", notes };
    let figure = figure(&story, &words);
    assert!(!figure.contains("prefers-color-scheme"));
    for (sign, word) in [
        ("waits", true),
        ("output", true),
        ("item", true),
        ("killed", true),
        ("task", false),
        ("stopped", false),
    ] {
        assert_eq!(figure.contains(&format!(">{sign}</text>")), word, "{sign}");
    }
    assert!(figure.contains("run 0123 · 2026-11-23"));
    let (width, height) = figure_size(&story);
    assert!(figure.contains(&format!(r#"width="{width}" height="{height}""#)));
}

#[test]
fn an_empty_log_has_a_picture_too() {
    let picture = picture(&read(&[]));
    assert!(picture.contains(r#"width="400" height="68""#));
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
}

#[test]
fn a_crowd_is_no_larger_than_what_can_be_seen() {
    let births: Vec<String> = (0..40).map(|_| born(100)).collect();
    let mut lines: Vec<(u64, i32, &str)> =
        vec![(0, 100, r#""type":"process.started","ppid":1,"how":"spawn""#)];
    lines.extend(births.iter().enumerate().map(|(place, born)| (1, 101 + place as i32, born.as_str())));
    let bodies = [
        r#""type":"queue.blocked","queue":1,"op":"put""#,
        r#""type":"queue.unblocked","queue":1,"op":"put""#,
        r#""type":"queue.put","queue":1,"item":1,"size":1,"bytes":7"#,
        r#""type":"queue.get","queue":1,"item":1,"size":1,"bytes":7"#,
        r#""type":"output","stream":"stdout","text":"so many words""#,
    ];
    for step in 0..20_000u64 {
        lines.push((step * 1000, 101 + (step % 41) as i32, bodies[step as usize % bodies.len()]));
    }
    let log = log(&lines);
    let story = read(&log);
    assert_eq!(story.tally().hidden, 41 - LANES_MAX);
    let picture = picture(&story);
    assert!(picture.len() < 400_000, "{} bytes", picture.len());
    assert_eq!(picture.matches("opacity=\".35\"").count(), LANES_MAX);
}

#[test]
fn words_that_an_arrow_would_strike_out_are_left_out() {
    let said = |t: u64| (t, 13, r#""type":"output","stream":"stdout","text":"between""#);
    let put = (500_000, 11, r#""type":"queue.put","queue":1,"item":1,"size":1,"bytes":7"#);
    let get = (500_000, 12, r#""type":"queue.get","queue":1,"item":1,"size":0,"bytes":7"#);
    let drawn = |t| {
        let births = [born(1), born(10), born(11), born(10)];
        let mut lines: Vec<(u64, i32, &str)> =
            (10..).zip(&births).map(|(pid, birth)| (0, pid, birth.as_str())).collect();
        (lines[2].1, lines[3].1) = (13, 12);
        let mut rest = vec![put, get, said(t), (1_000_000, 10, r#""type":"process.exited","code":0"#)];
        rest.sort_by_key(|(t, ..)| *t);
        lines.extend(rest);
        picture(&read(&log(&lines))).contains("between")
    };
    assert!(drawn(600_000), "right of the arrow there is room");
    assert!(!drawn(450_000), "the arrow from 11 to 12 goes through the lane of 13");
}
