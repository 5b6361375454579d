//! T13: too many processes, too much memory, too long.

use crate::support::python::text;
use crate::{Job, python, users};

#[test]
fn a_fork_bomb_meets_the_limit_and_ends_cleanly() {
    for user in users() {
        let log = python("bomb.py", &[]).limit("processes", 64).limit("wall_ms", 20_000).by(user).run();
        assert_eq!(log.outcome(), "process_limit");
        assert!(log.end()["duration_us"].as_u64().unwrap() < 10_000_000);
    }
}

#[test]
fn a_thousand_children_live_at_once() {
    for user in users() {
        let log = crate::completed(python("bomb.py", &["1000"]), user);
        assert_eq!(log.end()["processes"]["reaped"], 1001);
    }
}

/// Zombies do not live, but each needs a descriptor; a run with too many could not be told truly.
#[test]
fn more_zombies_than_can_be_observed_end_the_run() {
    let program = "import os\nfor n in range(70):\n p = os.fork()\n if p == 0: os._exit(0)\n \
                   os.waitid(os.P_PID, p, os.WEXITED | os.WNOWAIT)\nos.read(os.pipe()[0], 1)";
    for user in users() {
        let log = Job::new(text(program)).limit("wall_ms", 20_000).descriptors(64).by(user).run();
        assert_eq!(log.outcome(), "process_limit", "{}", log.tail());
        assert!(log.end()["reason"].as_str().unwrap().contains("zombies"), "{}", log.tail());
    }
}

#[test]
fn too_much_memory_ends_the_run() {
    let program =
        "import os\nfor n in range(3): os.fork()\nx = bytearray(40 << 20)\nos.read(os.pipe()[0], 1)";
    for user in users() {
        let job = Job::new(text(program)).limit("memory_mib", 128);
        let log = job.limit("wall_ms", 20_000).by(user).run();
        assert_eq!(log.outcome(), "memory_limit", "{}", log.tail());
    }
}

#[test]
fn pages_that_are_shared_count_once() {
    let program = "import os, time\nx = bytearray(b'x' * (60 << 20))\nr, w = os.pipe()\n\
                   for n in range(6):\n if os.fork() == 0: os.close(w); os.read(r, 1); os._exit(0)\n\
                   time.sleep(0.7)\nos.close(w)\nfor n in range(6): os.wait()";
    let job = Job::new(text(program)).limit("memory_mib", 128);
    let log = crate::completed(job, crate::User::Same);
    let most = log.of("process.sampled").map(|event| event["rss_kib"].as_u64().unwrap()).max().unwrap();
    assert!(most > 60 * 1024, "seven times this is over the limit: {most}");
}

#[test]
fn the_clock_ends_the_obedient_with_a_word_and_the_deaf_without() {
    for user in users() {
        for (ears, signal) in [("", "SIGTERM"), ("deaf", "SIGKILL")] {
            let args: Vec<&str> = [ears].into_iter().filter(|word| !word.is_empty()).collect();
            let job = python("idle.py", &args).limit("wall_ms", 700).limit("grace_ms", 300).by(user);
            let log = job.run();
            assert_eq!(log.outcome(), "time_limit");
            assert_eq!(log.of("process.exited").filter(|event| event["signal"] == signal).count(), 3);
        }
    }
}

#[test]
fn a_loop_of_signals_or_forks_ends_before_it_fills_the_server() {
    let signals =
        "import os, signal\nsignal.signal(10, lambda *_: None)\nwhile True: os.kill(os.getpid(), 10)";
    let forks = "import os\nwhile True:\n if os.fork() == 0: os._exit(0)\n os.wait()";
    for program in [signals, forks] {
        let log = Job::new(text(program)).limit("events", 200).run();
        assert_eq!(log.outcome(), "process_limit");
        assert!(log.0.len() < 1100, "{}", log.0.len());
    }
}
