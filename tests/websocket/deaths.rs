//! The end of the server, and the sudden death of server or supervisor: no process of a
//! run is left, and every viewer hears the end that can still be told.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde_json::{Value, json};

use crate::support::promises;
use crate::support::server::Server;
use crate::support::socket::{Log, Run, Socket};

/// A run with all its processes: three, and the supervisor.
struct Watched {
    socket: Socket,
    run: Run,
    log: Log,
    processes: Vec<OwnedFd>,
    supervisor: OwnedFd,
}

impl Watched {
    /// Starts it and waits until both children have printed something.
    fn start(server: &Server) -> Self {
        let mut socket = Socket::open(server);
        let run = socket.start("processes", json!({"listen_period": 0.1, "eat_period": 0.1}));
        let mut log = Log::default();
        let mut speakers = std::collections::BTreeSet::new();
        socket.until(&mut log, |event| {
            if event["type"] == "output" {
                speakers.insert(event["pid"].as_i64());
            }
            speakers.len() == 3
        });
        let started = log.events.iter().filter(|event| event["type"] == "process.started");
        let processes = started.map(|event| hold(&event["pid"])).collect();
        let supervisor = hold(&log.events[0]["supervisor"]);
        Watched { socket, run, log, processes, supervisor }
    }

    /// Fails unless every process of the run ends soon.
    #[track_caller]
    fn all_gone(&self) {
        for process in self.processes.iter().chain([&self.supervisor]) {
            let patience = Timespec { tv_sec: 5, tv_nsec: 0 };
            let ended = poll(&mut [PollFd::new(process, PollFlags::IN)], Some(&patience));
            assert_eq!(ended, Ok(1), "a process of the run is still there");
        }
    }
}

/// A hold on a process, which outlives its pid.
fn hold(pid: &Value) -> OwnedFd {
    let pid = pid.as_i64().and_then(|pid| Pid::from_raw(pid as i32)).expect("a pid");
    pidfd_open(pid, PidfdFlags::empty()).expect("it lives")
}

#[test]
fn a_server_that_is_asked_to_end_ends_every_run_and_tells_every_viewer() {
    for signal in [Signal::TERM, Signal::INT] {
        let server = Server::start(&["--max-runs", "2"]);
        let mut watched = [Watched::start(&server), Watched::start(&server)];
        let mut waiting = Socket::open(&server);
        waiting.start("processes", json!({}));
        let mut viewer = Socket::open(&server);
        viewer.follow(&watched[0].run.id, 0);
        let asked = Instant::now();
        server.signal(signal);
        for Watched { socket, log, .. } in &mut watched {
            let last = socket.read_to_end(log);
            assert_eq!(
                (&last["outcome"], &last["reason"]),
                (&json!("stopped"), &json!("the server is shutting down"))
            );
            assert_eq!(promises::check(&log.events), Vec::<String>::new());
        }
        viewer.read_to_end(&mut Log::default());
        let mut log = Log::default();
        assert_eq!(waiting.read_to_end(&mut log)["outcome"], "stopped", "{}", log.text);
        for watched in &mut watched {
            watched.all_gone();
            let (_, code, _) = watched.socket.closed();
            assert_eq!(code, 1001);
        }
        assert_eq!(server.wait(), Some(0));
        assert!(asked.elapsed() < Duration::from_millis(800 + 2000), "{:?}", asked.elapsed());
    }
}

#[test]
fn who_follows_an_ended_run_from_its_end_is_told_goodbye_at_once() {
    let server = Server::start(&["--time-limit", "1"]);
    let mut visitor = Socket::open(&server);
    let run = visitor.start("processes", json!({}));
    let mut log = Log::default();
    visitor.read_to_end(&mut log);
    let mut viewer = Socket::open(&server);
    viewer.follow(&run.id, log.events.len() as u64);
    server.signal(Signal::TERM);
    let (_, code, _) = viewer.closed();
    assert_eq!(code, 1001);
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_server_that_is_killed_leaves_no_process() {
    let server = Server::start(&[]);
    let watched = [Watched::start(&server), Watched::start(&server)];
    server.signal(Signal::KILL);
    assert_eq!(server.wait(), None);
    watched.iter().for_each(Watched::all_gone);
}

#[test]
fn a_supervisor_that_is_killed_leaves_no_process_and_a_whole_log() {
    let server = Server::start(&[]);
    let mut bystander = Watched::start(&server);
    for _ in 0..10 {
        let mut watched = Watched::start(&server);
        pidfd_send_signal(&watched.supervisor, Signal::KILL).expect("it lives");
        let last = watched.socket.read_to_end(&mut watched.log);
        assert_eq!(last["outcome"], "crashed");
        assert!(last["reason"].as_str().is_some_and(|reason| reason.contains("SIGKILL")), "{last}");
        assert_eq!(last["processes"], json!({"started": 3, "exited": 3, "reaped": 3}));
        assert_eq!(promises::check(&watched.log.events), Vec::<String>::new());
        watched.all_gone();
        let folder = format!("process-playground-{}", watched.log.events[0]["supervisor"]);
        assert!(!std::env::temp_dir().join(folder).exists(), "the folder of the run is left");
    }
    let stopped = bystander.socket.control(&bystander.run, json!({"op": "stop"}));
    assert_eq!(stopped["ok"]["run"], bystander.run.id);
    assert_eq!(bystander.socket.read_to_end(&mut bystander.log)["outcome"], "stopped");
    assert_eq!(promises::check(&bystander.log.events), Vec::<String>::new());
}

#[test]
fn a_second_signal_ends_the_server_at_once_and_its_runs_too() {
    let server = Server::start(&[]);
    let mut watched = Watched::start(&server);
    // A stopped supervisor cannot obey, so the server would wait for it.
    pidfd_send_signal(&watched.supervisor, Signal::STOP).expect("it lives");
    server.signal(Signal::TERM);
    while watched.socket.ask(json!({"op": "start", "scenario": "processes"}))["error"]["code"]
        != "shutting_down"
    {}
    server.signal(Signal::TERM);
    assert_eq!(server.wait(), Some(1));
    pidfd_send_signal(&watched.supervisor, Signal::CONT).expect("it lives");
    watched.all_gone();
}

#[test]
fn a_supervisor_that_does_not_obey_is_killed_with_its_run() {
    let server = Server::start(&[]);
    let mut watched = Watched::start(&server);
    pidfd_send_signal(&watched.supervisor, Signal::STOP).expect("it lives");
    server.signal(Signal::TERM);
    assert_eq!(watched.socket.read_to_end(&mut watched.log)["outcome"], "crashed");
    watched.all_gone();
    assert_eq!(server.wait(), Some(0));
}
