//! Runs a job under the real supervisor and keeps its log.
//!
//! Every log that is read to its end here is checked: the promises hold, nobody of the run
//! is left, and its folder is gone.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use serde_json::{Value, json};

use super::promises;
use super::python::NOBODY;

/// A supervisor that takes longer than this hangs; it is killed and the test fails.
const PATIENCE: Duration = Duration::from_secs(300);

/// As whom the supervisor runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// As whoever runs the tests.
    Same,
    /// As `nobody`; possible only for root.
    Nobody,
}

/// Everybody as whom the supervisor can run here: always an unprivileged user, and root if we are.
pub fn users() -> Vec<User> {
    if is_root() { vec![User::Same, User::Nobody] } else { vec![User::Same] }
}

/// Whether root runs the tests.
pub fn is_root() -> bool {
    user_id() == 0
}

/// Who runs the tests.
pub fn user_id() -> u32 {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap())
}

/// A job for the supervisor, with limits that nothing reaches unless a test lowers them.
#[derive(Clone, Debug)]
pub struct Job {
    user: User,
    refused: Option<libc::c_long>,
    descriptors: Option<u64>,
    body: Value,
    commands: Vec<Value>,
}

impl Job {
    /// Runs this command line.
    pub fn new(argv: Vec<String>) -> Self {
        let limits = json!({"wall_ms": 120_000, "memory_mib": 4096, "processes": 4000, "output_process_kib": 65536,
            "output_kib": 65536, "events": 1_000_000, "grace_ms": 800});
        let body = json!({"run": "0123456789abcdef", "scenario": "test", "runtime": "rust", "params": {"n": 1},
            "seed": 7, "limits": limits, "argv": argv, "observe": "exact"});
        Job { user: User::Same, refused: None, descriptors: None, body, commands: Vec::new() }
    }

    /// Changes one limit.
    pub fn limit(mut self, name: &str, value: u64) -> Self {
        assert!(self.body["limits"].get(name).is_some(), "no limit is called {name}");
        self.body["limits"][name] = value.into();
        self
    }

    /// Changes how to observe.
    pub fn observe(mut self, how: &str) -> Self {
        self.body["observe"] = how.into();
        self
    }

    /// Sets a variable of the program's environment.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.body["environment"][name] = value.into();
        self
    }

    /// Sets who runs the supervisor.
    pub fn by(mut self, user: User) -> Self {
        self.user = user;
        self
    }

    /// Refuses a system call to the supervisor and everything below it, as some hosts do.
    pub fn refuse(mut self, call: libc::c_long) -> Self {
        self.refused = Some(call);
        self
    }

    /// Leaves the supervisor no more than so many descriptors.
    pub fn descriptors(mut self, most: u64) -> Self {
        self.descriptors = Some(most);
        self
    }

    /// Sends a command in the same breath as the job.
    pub fn and_then(mut self, command: Value) -> Self {
        self.commands.push(command);
        self
    }

    /// Starts it.
    pub fn start(self) -> Running {
        static BINARY: OnceLock<File> = OnceLock::new();
        let file = BINARY.get_or_init(|| File::open(env!("CARGO_BIN_EXE_process-playground")).unwrap());
        // By descriptor: the path may lead through folders that `nobody` cannot enter.
        let mut command = Command::new(format!("/proc/self/fd/{}", file.as_raw_fd()));
        command.arg0("process-playground").arg("supervise").current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if self.user == User::Nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        if let Some(call) = self.refused {
            // SAFETY: between fork and exec only two system calls are made, and nothing is allocated.
            unsafe { command.pre_exec(move || refuse(call)) };
        }
        if let Some(most) = self.descriptors {
            let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
            // SAFETY: the kernel only reads the captured struct.
            let set = move || match unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) } {
                0 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            };
            // SAFETY: between fork and exec only one system call is made, and nothing is allocated.
            unsafe { command.pre_exec(set) };
        }
        let mut child = command.spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut running = Running {
            alarm: Alarm::set(child.id()),
            child,
            stdin: Some(stdin),
            stdout: BufReader::new(stdout),
            log: Log(Vec::new()),
        };
        let lines: String =
            [self.body].iter().chain(&self.commands).map(|line| format!("{line}\n")).collect();
        running.stdin.as_mut().unwrap().write_all(lines.as_bytes()).unwrap();
        running
    }

    /// Runs it to its end.
    pub fn run(self) -> Log {
        self.start().finish()
    }
}

/// Installs a filter that answers one system call with `EPERM`, `seccomp(2)`.
fn refuse(call: libc::c_long) -> std::io::Result<()> {
    const LOAD_NUMBER: u16 = 0x20; // BPF_LD | BPF_W | BPF_ABS, of seccomp_data.nr at 0
    const IF_EQUAL: u16 = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    const ANSWER: u16 = 0x06; // BPF_RET | BPF_K
    let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let mut steps = [
        step(LOAD_NUMBER, 0, 0, 0),
        step(IF_EQUAL, 0, 1, call as u32),
        step(ANSWER, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32),
        step(ANSWER, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: steps.len() as u16, filter: steps.as_mut_ptr() };
    // SAFETY: the kernel copies the live program; unused arguments are 0.
    let done = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program) == 0
    };
    if done { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}

/// Kills a supervisor that does not end.
struct Alarm(#[allow(dead_code, reason = "dropping it disarms the alarm")] mpsc::Sender<()>);

impl Alarm {
    fn set(supervisor: u32) -> Self {
        let (disarm, armed) = mpsc::channel::<()>();
        std::thread::spawn(move || {
            if armed.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                kill(supervisor as i32, "KILL");
            }
        });
        Alarm(disarm)
    }
}

/// Sends a signal as a shell would.
pub fn kill(pid: i32, signal: &str) {
    let status = Command::new("kill").args([&format!("-{signal}"), &pid.to_string()]).status().unwrap();
    assert!(status.success(), "kill -{signal} {pid}");
}

/// A supervisor at work.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    log: Log,
    #[allow(dead_code, reason = "armed as long as the supervisor is watched")]
    alarm: Alarm,
}

impl Running {
    /// The supervisor's pid.
    pub fn supervisor(&self) -> i32 {
        self.child.id() as i32
    }

    /// Sends one line: a command.
    pub fn tell(&mut self, line: &Value) {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Closes the supervisor's standard input, as a server does that dies.
    pub fn close_input(&mut self) {
        self.stdin = None;
    }

    /// Reads the log until an event satisfies `wanted`, and gives that event.
    pub fn until(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let event = self.read().expect("the log ended before the event came");
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Closes the reading end, as a server does that dies, and waits for the supervisor's end.
    pub fn break_log(self) {
        let Running { mut child, stdin, stdout, .. } = self;
        drop(stdout);
        child.wait().unwrap();
        drop(stdin);
        assert_nobody_left(child.id() as i32);
    }

    /// Waits for the end of a supervisor that was killed; whatever it wrote is read.
    pub fn abandon(mut self) -> Log {
        while self.read().is_some() {}
        self.child.wait().unwrap();
        self.log
    }

    /// Reads the log to its end and checks everything.
    pub fn finish(mut self) -> Log {
        while self.read().is_some() {}
        let status = self.child.wait().unwrap();
        let faults = promises::check(&self.log.0);
        assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), self.log.tail());
        assert_eq!(status.success(), self.log.outcome() == "completed", "{status}");
        let folder = run_folder(self.supervisor());
        assert!(!folder.exists(), "{} stays behind", folder.display());
        assert_nobody_left(self.supervisor());
        self.log
    }

    fn read(&mut self) -> Option<Value> {
        let mut line = String::new();
        if self.stdout.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        let event: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.log.0.push(event.clone());
        Some(event)
    }
}

fn run_folder(supervisor: i32) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("process-playground-{supervisor}"))
}

/// Nobody on this machine carries the environment of this run.
pub fn assert_nobody_left(supervisor: i32) {
    let left = members(supervisor);
    assert!(left.is_empty(), "processes of the run are left: {left:?}");
}

/// The processes that carry the environment of a run.
pub fn members(supervisor: i32) -> Vec<i32> {
    let mark = format!("PLAYGROUND_EVENTS={}/", run_folder(supervisor).display());
    let pids = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry.starts_with(mark.as_bytes()))
    })
    .collect()
}

/// A log that was read.
#[derive(Debug)]
pub struct Log(pub Vec<Value>);

impl Log {
    /// The events of one type, in order.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter(move |event| event["type"] == kind)
    }

    /// The value of each variable of this name, with the event that set it.
    pub fn said<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Value, &'a Value)> {
        self.of("variable.set")
            .filter(move |event| event["name"] == name)
            .map(|event| (event, &event["value"]))
    }

    /// The texts that were written, in order.
    pub fn texts(&self) -> Vec<&str> {
        self.of("output").map(|event| event["text"].as_str().unwrap()).collect()
    }

    /// The last event.
    pub fn end(&self) -> &Value {
        self.0.last().expect("a log has a last event")
    }

    /// The outcome.
    pub fn outcome(&self) -> &str {
        self.end()["outcome"].as_str().unwrap_or_default()
    }

    /// The last event of `kind` of `pid` before `seq`.
    pub fn before(&self, seq: &Value, kind: &str, pid: &Value) -> Option<&Value> {
        let end = seq.as_u64().unwrap() as usize - 1;
        self.0[..end].iter().rev().find(|event| event["type"] == kind && event["pid"] == *pid)
    }

    /// Asserts that nothing was said before its cause was in the log: `gone` after the exit,
    /// `joined` after the reaping, `spawned` after the start.
    pub fn assert_causes(&self) {
        for (name, kind) in
            [("gone", "process.exited"), ("joined", "process.reaped"), ("spawned", "process.started")]
        {
            for (event, value) in self.said(name) {
                let pid = value.get(0).unwrap_or(value);
                let cause = self.before(&event["seq"], kind, pid);
                assert!(cause.is_some(), "{event} comes before {kind} of {pid}");
                // A number that comes again: the cause must be of this life and not of the one before.
                let life = self
                    .before(&event["seq"], "process.started", pid)
                    .map_or(0, |start| start["seq"].as_u64().unwrap());
                assert!(
                    cause.unwrap()["seq"].as_u64().unwrap() >= life,
                    "{event} comes before {kind} of {pid}"
                );
            }
        }
    }

    /// The last lines, to be shown with a failure.
    pub fn tail(&self) -> String {
        let from = self.0.len().saturating_sub(40);
        self.0[from..].iter().map(|event| format!("{event}\n")).collect()
    }
}
