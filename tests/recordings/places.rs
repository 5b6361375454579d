//! Places that cannot be had, that are full, that others would like to look into.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use rustix::process::{Resource, Rlimit, geteuid, prlimit};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::server::Server;
use crate::{events, file, keeping, summary, watch};

/// Somebody who is not root and owns nothing.
const NOBODY: u32 = 65_534;

#[test]
fn where_files_cannot_grow_runs_go_on_and_say_that_they_are_not_kept() {
    let place = TempDir::new().unwrap();
    let options = ["--recordings", place.path().to_str().unwrap(), "--python", "/none"];
    let mut server = Server::start_as(&options, |command| {
        command.stderr(Stdio::piped());
    });
    let mut said = BufReader::new(server.stderr()).lines().map(Result::unwrap);
    let kept = watch(&server);
    assert_eq!(kept.kept.get("not"), None);
    prlimit(Some(server.pid()), Resource::Fsize, Rlimit { current: Some(64), maximum: None }).unwrap();
    let (first, second) = (watch(&server), watch(&server));
    for seen in [&first, &second] {
        assert_eq!(seen.kept["not"], "full");
        assert!(
            minutes_from_now(&seen.kept["until_unix_ms"]) == 15,
            "how long it is in memory: {}",
            seen.kept
        );
        assert!(!file(place.path(), &seen.run).exists());
        assert_eq!(events(&server, &seen.run).body, seen.log, "it is still in memory");
        assert_eq!(summary(&server, &seen.run).json()["kept"], seen.kept);
    }
    assert_eq!(server.get("/healthz").json()["recordings"]["state"], "full");
    prlimit(Some(server.pid()), Resource::Fsize, Rlimit { current: None, maximum: None }).unwrap();
    assert_eq!(watch(&server).kept.get("not"), None, "there is room again");
    assert_eq!(server.get("/healthz").json()["recordings"]["state"], "ok");
    let sentences = [said.by_ref().find(|line| line.contains("runs are ")), said.next()].map(Option::unwrap);
    let place = place.path().to_str().unwrap();
    assert!(sentences[0].contains(&format!("runs are not kept in {place}: ")), "{sentences:?}");
    assert!(
        sentences[1].contains(&format!("no longer so: runs are not kept in {place}")),
        "told once: {sentences:?}"
    );
}

/// In so many minutes from now, to the next whole one.
fn minutes_from_now(unix_ms: &Value) -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as u64;
    unix_ms.as_u64().unwrap().saturating_sub(now).div_ceil(60_000)
}

/// A file system of 64 KiB at that place, which the server alone has, and which is gone with it.
fn with_a_small_disk(command: &mut Command, place: &Path) {
    let mut outer = Command::new("unshare");
    outer.args(["--mount", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs \"$0\" && exec \"$@\""]);
    outer.arg(place).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    *command = outer;
}

fn may_mount() -> bool {
    let mount = ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"];
    let tried = Command::new("unshare").args(mount).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

#[test]
fn on_a_full_and_on_a_read_only_disk_runs_go_on_and_say_which() {
    if !may_mount() {
        eprintln!(
            "SKIPPED: only root may mount a disk that can be filled; a limit to files stands in for it"
        );
        return;
    }
    let place = TempDir::new().unwrap();
    let mut server =
        Server::start_as(&["--recordings", place.path().to_str().unwrap(), "--python", "/none"], |command| {
            with_a_small_disk(command, place.path());
            command.stderr(Stdio::piped());
        });
    let mut said = BufReader::new(server.stderr()).lines().map(Result::unwrap);
    let pid = server.pid().as_raw_nonzero();
    let disk = Path::new(&format!("/proc/{pid}/root")).join(place.path().strip_prefix("/").unwrap());
    let remount = |how: &str| {
        let words = ["--target", &pid.to_string(), "--mount", "mount", "-o", &format!("remount,{how}")];
        assert!(Command::new("nsenter").args(words).arg(place.path()).status().unwrap().success());
    };
    assert_eq!(watch(&server).kept.get("not"), None);
    for (state, system) in [("full", "No space left on device"), ("read_only", "Read-only file system")] {
        match state {
            "full" => {
                assert!(fs::write(disk.join("ballast"), [1; 1 << 16]).is_err(), "until nothing fits any more")
            }
            _ => remount("ro"),
        }
        let seen = watch(&server);
        assert_eq!(seen.kept["not"], state);
        assert!(seen.log.contains("\"outcome\":\"completed\""));
        assert_eq!(events(&server, &seen.run).body, seen.log, "it is in memory");
        assert!(!file(&disk, &seen.run).exists());
        assert_eq!(server.get("/healthz").json()["recordings"]["state"], state);
        let sentence = said.find(|line| line.contains("runs are not kept")).unwrap();
        assert!(sentence.contains(system) && sentence.contains(place.path().to_str().unwrap()), "{sentence}");
        match state {
            "full" => fs::remove_file(disk.join("ballast")).unwrap(),
            _ => remount("rw"),
        }
        assert_eq!(watch(&server).kept.get("not"), None, "and then there is room again");
        assert!(said.next().unwrap().contains("no longer so"));
    }
}

#[test]
fn where_nothing_may_be_written_the_server_says_so_at_once_and_runs_go_on() {
    let place = TempDir::new().unwrap();
    fs::set_permissions(place.path(), Permissions::from_mode(0o555)).unwrap();
    let options = ["--recordings", place.path().to_str().unwrap(), "--python", "/none"];
    let mut server = Server::start_as(&options, |command| {
        command.stderr(Stdio::piped());
        // Permissions mean nothing to root.
        if geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
    });
    let mut said = BufReader::new(server.stderr()).lines().map(Result::unwrap);
    let sentence = said.find(|line| line.contains("runs are not kept")).unwrap();
    assert!(sentence.contains(place.path().to_str().unwrap()), "{sentence}");
    assert!(sentence.contains("Permission denied"), "{sentence}");
    let seen = watch(&server);
    assert_eq!(seen.kept["not"], "read_only");
    assert!(seen.log.contains("\"outcome\":\"completed\""));
    assert_eq!(server.get("/healthz").json()["recordings"]["state"], "read_only");
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn who_wants_no_recordings_has_none() {
    let server = Server::start(&["--recordings", "none", "--keep-finished", "0", "--python", "/none"]);
    let seen = watch(&server);
    assert_eq!((seen.kept["not"].as_str(), minutes_from_now(&seen.kept["until_unix_ms"])), (Some("off"), 0));
    assert_eq!(server.get("/healthz").json()["recordings"], json!({"state": "off"}));
}

#[test]
fn two_servers_share_a_place() {
    let place = TempDir::new().unwrap();
    let (one, two) = (keeping(place.path(), &[]), keeping(place.path(), &[]));
    let (of_one, of_two) = (watch(&one), watch(&two));
    assert_eq!(events(&two, &of_one.run).body, of_one.log);
    assert_eq!(events(&one, &of_two.run).body, of_two.log);
}

/// A program that would like to read the runs of others.
const CURIOUS: &str = "
import os, sys
for path in sys.argv[1:] or [PLACE, PLACE + '/runs', PLACE + '/runs/' + RUN + '.recording']:
    for what in (os.listdir, lambda path: open(path, 'rb').read(), lambda path: open(path + '.mine', 'w')):
        try:
            what(path)
            print('had', path)
        except PermissionError:
            pass
        except OSError as error:
            print(error)
";

#[test]
fn a_run_cannot_look_at_the_others_where_it_has_a_user_of_its_own() {
    let place = TempDir::new().unwrap();
    // So that nothing but the server's own folder stands in the way.
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
    let runs = place.path().join("runs");
    fs::create_dir(&runs).unwrap();
    fs::set_permissions(&runs, Permissions::from_mode(0o777)).unwrap();
    let seen = watch(&keeping(place.path(), &[]));
    assert_eq!(fs::metadata(&runs).unwrap().permissions().mode() & 0o777, 0o700);

    let scenarios = TempDir::new().unwrap();
    let folder = scenarios.path().join("curious");
    fs::create_dir(&folder).unwrap();
    let head = "order = 1\ntitle = { zh = \"a\", en = \"a\" }\nsummary = { zh = \"a\", en = \"a\" }\n";
    fs::write(folder.join("scenario.toml"), head).unwrap();
    let names = format!("PLACE = {:?}\nRUN = {:?}\n", place.path().to_str().unwrap(), seen.run);
    fs::write(folder.join("main.py"), names + CURIOUS).unwrap();
    let options =
        ["--recordings", place.path().to_str().unwrap(), "--scenarios", scenarios.path().to_str().unwrap()];
    let server = Server::start(&options);
    let (run, _) = server.start_run(json!({"scenario": "curious"}));
    let log = events(&server, &run).body;
    assert!(log.contains("\"outcome\":\"completed\""), "{log}");
    // Without root all have one user, and the sandbox says so in `run.started`.
    assert_eq!(log.contains(&seen.run), !geteuid().is_root(), "{log}");
    assert!(!runs.join("x.mine").exists());
}
