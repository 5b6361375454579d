//! T11: programs that want to escape or to harm.

use crate::{python, users};

#[test]
fn every_escape_is_refused() {
    for user in users() {
        let log = python("escape.py", &[]).by(user).run();
        let attempts: Vec<(String, String)> = log
            .said("attempt")
            .map(|(_, value)| (value[0].as_str().unwrap().to_owned(), value[1].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(attempts.len(), 14, "{}", log.tail());
        for (name, refusal) in attempts {
            let expected: &[&str] = match name.as_str() {
                "clone3" | "x32" => &["ENOSYS"],
                "memory" => &["EACCES", "EPERM"],
                _ => &["EPERM"],
            };
            assert!(expected.contains(&refusal.as_str()), "{user:?} {name}: {refusal}");
        }
        assert_eq!(log.said("forged").count(), 0);
        // kill(-1) ended the run and nobody else: this test is still here, and so is the supervisor.
        let (_, victim) = log.said("victim").next().unwrap();
        assert!(
            log.of("process.exited").any(|event| event["pid"] == *victim && event["signal"] == "SIGTERM")
        );
        assert_eq!(log.outcome(), "completed");
    }
}

#[test]
fn the_program_is_nobody_and_finds_a_clean_house() {
    for user in users() {
        let script = "id -u; env | sort; ls -l /proc/self/fd | wc -l; pwd; ulimit -c; grep NoNewPrivs /proc/self/status";
        let log = crate::Job::new(["/bin/sh", "-c", script].map(str::to_owned).to_vec()).by(user).run();
        let texts = log.texts();
        assert_ne!(texts[0], "0", "not root");
        let names: Vec<&str> = texts.iter().filter_map(|text| Some(text.split_once('=')?.0)).collect();
        let expected = [
            "HOME",
            "LANG",
            "PATH",
            "PLAYGROUND_EVENTS",
            "PLAYGROUND_PARAMS",
            "PLAYGROUND_SEED",
            "PWD",
            "PYTHONUNBUFFERED",
            "TMPDIR",
        ];
        assert_eq!(names, expected, "PWD is the shell's own");
        assert!(texts.contains(&"5"), "0, 1, 2, the folder that ls reads, and the total: {texts:?}");
        assert!(texts.contains(&"NoNewPrivs:\t1"));
        let sandbox = log.0[0]["sandbox"].as_object().unwrap();
        assert_eq!(sandbox.len(), 7);
        assert!(sandbox.values().all(|state| state == "active"), "{sandbox:?}");
    }
}
