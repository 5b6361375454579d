//! Old files are read for ever: one of each kind that a playground has ever written is kept here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use recordings::{Found, Gone, Place, Recordings, Terms};

/// What is known of each run from the day when it was kept.
const RUNS: [(&str, &str, &str, usize, usize); 4] = [
    ("8efa4ffe3dfe44c255cf5188266a9282", "cb122ea10dce5a03ee8e536ce0ab9f13", "\"zombie\"", 33, 3846),
    ("f9eaab77e84dc9db75586e5044650e7d", "bf36611fccd606e20931759c2c08276d", "\"queue\"", 79, 9534),
    ("0f354fee7e80a2bab3d0f81e96228e2b", "7e88fce085aa812d3358f130366d4eb5", "\"flood\"", 157, 81033),
    ("7bf595e50a83d4d5220972723cf6d5b6", "a4d2bddab9db2ac10d54f4b784d603b1", "\"pool\"", 47, 5318),
];

const NOTES: [(&str, Gone); 3] = [
    ("00000000000000000000000000000001", Gone::Deleted),
    ("00000000000000000000000000000002", Gone::Expired),
    ("00000000000000000000000000000003", Gone::Displaced),
];

/// The samples as they are found by a playground.
fn samples() -> (tempfile::TempDir, Recordings) {
    let place = tempfile::tempdir().unwrap();
    let runs = place.path().join("runs");
    fs::create_dir(&runs).unwrap();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), runs.join(file.file_name())).unwrap();
    }
    let recordings = Recordings::new(Place::Directory(place.path().into()), Terms::default());
    (place, recordings)
}

#[tokio::test]
async fn recordings_of_every_version_are_read() {
    let (_place, recordings) = samples();
    for (run, token, scenario, events, bytes) in RUNS {
        let Found::Recording(found, None) = recordings.get(run).await.unwrap() else { panic!("{run}") };
        assert_eq!((found.run(), found.log.lines().count(), found.log.len()), (run, events, bytes));
        assert!(found.log.lines().next().unwrap().contains(scenario));
        assert!(found.owner.unwrap().has(token));
        let mut lines = found.log.lines().map(|line| serde_json::from_str::<protocol::Event>(line).unwrap());
        assert!(lines.all(|event| event.seq > 0));
    }
}

#[tokio::test]
async fn notes_of_every_version_are_understood() {
    let (_place, recordings) = samples();
    for (run, why) in NOTES {
        let found = recordings.get(run).await.unwrap();
        assert!(matches!(found, Found::Gone(gone) if gone == why), "{found:?}");
    }
}
