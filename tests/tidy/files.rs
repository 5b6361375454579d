//! Rules for every file: how long, how it begins, what it must not contain.

use crate::none;
use crate::sources::{lines_with_word, sources, without_comments};

const LONGEST: usize = 400;

/// Longer files and why. A reason that is no longer needed is a fault too.
const LONG: &[(&str, &str)] =
    &[("web/protocol.d.ts", "generated from server/protocol, one declaration a type")];

const CODE: &[&str] = &["rs", "js", "ts", "css", "html", "py", "sh"];

#[test]
fn no_file_is_longer_than_one_can_read() {
    let mut faults = Vec::new();
    for source in sources("", CODE) {
        let lines = source.text.lines().count();
        let excused = LONG.iter().any(|(path, _)| *path == source.path);
        match (lines > LONGEST, excused) {
            (true, false) => faults.push(format!("{}: {lines} lines", source.path)),
            (false, true) => faults.push(format!("{}: {lines} lines need no reason any more", source.path)),
            _ => {}
        }
    }
    none("at most 400 lines; split it by concept, or name the reason in tests/tidy/files.rs:", faults);
}

#[test]
fn every_module_says_what_it_is() {
    let begins_well = |path: &str, text: &str| {
        // A scenario's program is what the visitor reads: the page explains it.
        let shown = path.starts_with("scenarios/") && path.ends_with("/main.rs");
        shown
            || match path.rsplit('.').next() {
                Some("rs") => {
                    text.lines().find(|line| !line.starts_with("#!")).is_some_and(|l| l.starts_with("//!"))
                }
                _ => text.starts_with("/**") || text.starts_with("//"),
            }
    };
    let faults = sources("", &["rs", "js"]).into_iter().filter(|s| !begins_well(&s.path, &s.text));
    none("the first lines of a module say what it is, how it works, what it leaves to others:", {
        faults.map(|source| source.path).collect()
    });
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    let banned = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let switched_off = [
        concat!("#[ig", "nore"),
        concat!("test.sk", "ip("),
        concat!("test.on", "ly("),
        concat!("it.sk", "ip("),
        concat!("it.on", "ly("),
        concat!("@ts-ig", "nore"),
        concat!("@ts-no", "check"),
    ];
    let mut faults = Vec::new();
    for source in sources("", CODE) {
        for word in banned {
            faults.extend(
                lines_with_word(&source.text, word).iter().map(|n| format!("{}:{n}: {word}", source.path)),
            );
        }
        for word in switched_off {
            faults.extend(source.text.contains(word).then(|| format!("{}: {word}", source.path)));
        }
    }
    none("finish it, or leave it out:", faults);
}

/// Who sleeps on purpose, and why.
const SLEEPERS: &[(&str, &str)] = &[("tests/supervisor/server.rs", "it is the slow reader that it tests")];

/// Waiting for a moment instead of an event hides races and wastes time; only
/// programs that are watched sleep, for that is what they show.
#[test]
fn no_test_of_the_whole_sleeps() {
    let mut faults = Vec::new();
    let may = |path: &str| SLEEPERS.iter().any(|(sleeper, _)| *sleeper == path);
    for source in sources("tests", &["rs", "js"]).into_iter().filter(|source| !may(&source.path)) {
        let code = without_comments(&source);
        for word in [concat!("thread::", "sleep"), concat!("time::", "sleep"), concat!("waitFor", "Timeout")]
        {
            faults.extend(code.contains(word).then(|| format!("{}: {word}", source.path)));
        }
    }
    none("await the event instead of a moment:", faults);
}

/// Where programs lie on any machine; `scenarios/record` puts the playground there before it records.
const ANYWHERE: &[&str] = &["/usr/", "/tmp/process-playground\""];

#[test]
fn no_log_tells_whose_machine_it_was_made_on() {
    let mut faults = Vec::new();
    for source in sources("", &["ndjson"]) {
        for file in source.text.split("\"exe\":\"").skip(1) {
            if !ANYWHERE.iter().any(|place| file.starts_with(place)) {
                let file = file.split('"').next().unwrap_or_default();
                faults.push(format!("{}: {file}", source.path));
            }
        }
    }
    none("record with the binary in /tmp/process-playground:", faults);
}
