//! From the end of a run to the end of its recording: found, followed, shown, deleted, outlived.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::server::Server;
use crate::support::socket::{Log, Socket};
use crate::{Seen, delete, events, file, keeping, summary, watch};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[test]
fn a_run_is_the_same_after_a_restart_by_every_way() {
    let place = TempDir::new().unwrap();
    let server = keeping(place.path(), &[]);
    let seen = watch(&server);
    let before = summary(&server, &seen.run).json();
    server.signal(Signal::TERM);
    assert_eq!(server.wait(), Some(0));

    let server = keeping(place.path(), &[]);
    let mut after = summary(&server, &seen.run).json();
    let until = after["kept"]["until_unix_ms"].take();
    assert!(kept_as_promised(&seen, &until), "{until} {}", seen.kept);
    after["kept"] = before["kept"].clone();
    assert_eq!(after, before);
    assert_eq!(events(&server, &seen.run).body, seen.log);
    let mut socket = Socket::open(&server);
    socket.follow(&seen.run, 0);
    let mut log = Log::default();
    socket.read_to_end(&mut log);
    assert_eq!(log.text, seen.log);
    let run = crate::support::socket::Run { id: seen.run.clone(), token: seen.token.clone() };
    let refused = socket.control(&run, json!({"op": "signal", "pid": 1, "signal": "SIGTERM"}));
    assert_eq!(refused["error"]["code"], "run_finished");
    assert_eq!(socket.control(&run, json!({"op": "stop"}))["ok"]["run"], run.id.as_str());
    assert!(server.get(&format!("/api/runs/{}/poster.svg", seen.run)).body.starts_with("<svg"));
    let page = server.get(&format!("/runs/{}", seen.run));
    assert!(page.body.contains(&format!("\"kept\":{{\"until_unix_ms\":{until}}}")), "{}", page.body);
}

/// Runs as playgrounds of version 1 have kept them: the run, its token, how many events it has.
const OLD: [(&str, &str, usize); 3] = [
    ("8efa4ffe3dfe44c255cf5188266a9282", "cb122ea10dce5a03ee8e536ce0ab9f13", 33),
    ("f9eaab77e84dc9db75586e5044650e7d", "bf36611fccd606e20931759c2c08276d", 79),
    ("7bf595e50a83d4d5220972723cf6d5b6", "a4d2bddab9db2ac10d54f4b784d603b1", 47),
];

/// What can be made of a run, as text.
const EXPORTS: [&str; 8] =
    ["events", "trace", "cast", "processes.csv", "tasks.csv", "figure.svg", "poster.svg", "export.html"];

#[test]
fn runs_of_the_first_version_are_shown_followed_exported_and_deleted() {
    let place = TempDir::new().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../recordings/tests/samples");
    fs::create_dir(place.path().join("runs")).unwrap();
    for (run, ..) in OLD {
        fs::copy(samples.join(format!("{run}.recording")), file(place.path(), run)).unwrap();
    }
    let server = keeping(place.path(), &["--keep-days", "0"]);
    for (run, token, events) in OLD {
        let page = server.get(&format!("/runs/{run}"));
        assert!(page.status == 200 && page.body.contains("\"finished\":true"), "{}", page.body);
        let mut socket = Socket::open(&server);
        socket.follow(run, 0);
        let mut log = Log::default();
        socket.read_to_end(&mut log);
        assert_eq!(log.events.len(), events, "{run}");
        for export in EXPORTS {
            let answer = server.get(&format!("/api/runs/{run}/{export}?lang=en"));
            assert!(answer.status == 200 && answer.body.len() > 40, "{run}/{export}: {answer:?}");
        }
        assert_eq!(delete(&server, run, token).status, 204);
    }
}

#[test]
fn until_when_it_is_kept_is_told_and_true() {
    let place = TempDir::new().unwrap();
    for (days, expected) in [("7", Some(7)), ("0", None)] {
        let server = keeping(place.path(), &["--keep-days", days]);
        let seen = watch(&server);
        let until = seen.kept["until_unix_ms"].as_u64();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as u64;
        let days = until.map(|until| (until - now).div_ceil(86_400_000));
        assert_eq!((days, seen.kept.get("not")), (expected, None));
        assert!(kept_as_promised(&seen, &summary(&server, &seen.run).json()["kept"]["until_unix_ms"]));
    }
}

#[test]
fn only_its_token_deletes_it_also_after_a_restart_and_then_it_is_gone() {
    let place = TempDir::new().unwrap();
    let (seen, other) = {
        let server = keeping(place.path(), &[]);
        (watch(&server), watch(&server))
    };
    let text = fs::read(file(place.path(), &seen.run)).unwrap();
    assert!(!text.windows(32).any(|part| part == seen.token.as_bytes()), "the file does not tell the token");
    let server = keeping(place.path(), &[]);
    server.request("DELETE", &format!("/api/runs/{}", seen.run), &[], "").problem(401, "missing_token");
    delete(&server, &seen.run, &other.token).problem(403, "wrong_token");
    assert_eq!(events(&server, &seen.run).status, 200);
    assert_eq!(delete(&server, &seen.run, &seen.token).status, 204);
    gone(&server, &seen.run, "run_deleted", ["已被发起它的人删除", "has deleted its recording"]);
    delete(&server, &seen.run, &seen.token).problem(410, "run_deleted");
    drop(server);
    let server = keeping(place.path(), &[]);
    gone(&server, &seen.run, "run_deleted", ["已被发起它的人删除", "has deleted its recording"]);
    assert_eq!(events(&server, &other.run).body, other.log);
}

#[test]
fn what_is_too_old_is_gone_and_says_so() {
    let place = TempDir::new().unwrap();
    let server = keeping(place.path(), &["--keep-days", "3"]);
    let (old, young) = (watch(&server), watch(&server));
    age(place.path(), &old.run, 3 * DAY);
    age(place.path(), &young.run, 3 * DAY - Duration::from_secs(60));
    drop(server);
    let server = keeping(place.path(), &["--keep-days", "3"]);
    gone(&server, &old.run, "run_expired", ["只保留 3 天", "kept for 3 days"]);
    assert_eq!(events(&server, &young.run).body, young.log);
    assert_eq!(counted(&server, 1)["keep_days"], 3);
    assert!(fs::read(file(place.path(), &old.run)).unwrap().ends_with(b" gone expired\n"));
}

#[test]
fn where_there_is_no_room_the_oldest_run_makes_way() {
    let place = TempDir::new().unwrap();
    let server = keeping(place.path(), &[]);
    let runs: Vec<_> = (0..3).map(|_| watch(&server)).collect();
    for (index, seen) in runs.iter().enumerate() {
        age(place.path(), &seen.run, (3 - index as u32) * DAY);
    }
    drop(server);
    // Each takes one block of 4 KiB.
    let server = keeping(place.path(), &["--keep-bytes", "9KiB"]);
    assert_eq!(counted(&server, 2)["bytes"], 8192);
    gone(&server, &runs[0].run, "run_displaced", ["让位给更新的运行", "made way for newer ones"]);
    let newest = watch(&server);
    assert_eq!(counted(&server, 2)["keep_bytes"], 9216);
    gone(&server, &runs[1].run, "run_displaced", ["让位给更新的运行", "made way for newer ones"]);
    for kept in [&runs[2], &newest] {
        assert_eq!(events(&server, &kept.run).body, kept.log);
    }
}

#[test]
fn a_damaged_recording_is_told_and_is_not_taken_for_a_run() {
    let place = TempDir::new().unwrap();
    let server = keeping(place.path(), &[]);
    let seen = watch(&server);
    let path = file(place.path(), &seen.run);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    drop(server);
    let server = keeping(place.path(), &[]);
    events(&server, &seen.run).problem(500, "recording_unreadable");
    fs::write(&path, String::from_utf8_lossy(&bytes).replacen("recording 1 ", "recording 9 ", 1)).unwrap();
    events(&server, &seen.run).problem(500, "recording_unreadable");
    assert!(path.exists(), "whoever has the newer version can still read it");
}

/// What was promised before the file was written, and what its time says: the same but for a moment.
fn kept_as_promised(seen: &Seen, until: &Value) -> bool {
    match (seen.kept["until_unix_ms"].as_u64(), until.as_u64()) {
        (Some(promised), Some(until)) => promised.abs_diff(until) < 60_000,
        (promised, until) => promised == until,
    }
}

/// Makes a recording older than it is.
fn age(place: &Path, run: &str, by: Duration) {
    File::open(file(place, run)).unwrap().set_modified(SystemTime::now() - by).unwrap();
}

/// What the server says of its recordings, once it has counted so many.
fn counted(server: &Server, runs: u64) -> Value {
    loop {
        let health = server.get("/healthz").json()["recordings"].clone();
        assert_eq!(health["state"], "ok");
        if health["runs"] == runs {
            return health;
        }
    }
}

/// The run is gone, and its page says why in both languages.
#[track_caller]
fn gone(server: &Server, run: &str, code: &str, words: [&str; 2]) {
    for path in [format!("/api/runs/{run}"), format!("/api/runs/{run}/events")] {
        server.get(&path).problem(410, code);
    }
    let refused = Socket::open(server).ask(json!({"op": "follow", "run": run}));
    assert_eq!(refused["error"]["code"], code);
    for (lang, word) in ["zh", "en"].into_iter().zip(words) {
        let page = server.request(
            "GET",
            &format!("/runs/{run}"),
            &[("Accept", "text/html"), ("Accept-Language", lang)],
            "",
        );
        assert_eq!(page.status, 410);
        assert!(page.body.contains(word), "{}", page.body);
    }
}
