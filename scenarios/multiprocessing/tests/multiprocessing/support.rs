//! One process a test, with a bound on its time and a count of what it leaves behind.

use std::env;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use multiprocessing::{Context, Method, get_context};
use protocol::event::EVENTS_ENV;

/// A test: its name and its body.
pub type Test = (&'static str, Body);

/// What a test does.
#[derive(Clone, Copy)]
pub enum Body {
    /// Once.
    Once(fn()),
    /// For every start method: with each of the contexts, in a process of its own.
    Each(fn(Context)),
}

/// What the process that runs one test finds its name in.
const TEST_ENV: &str = "MULTIPROCESSING_TEST";

/// No test needs so long, whatever else the machine does.
const PATIENCE: Duration = Duration::from_secs(120);

/// A time in which what must not happen would have happened.
pub const BRIEFLY: Duration = Duration::from_millis(50);

/// Longer than anything takes that must happen, so that a hang is a failure and not a wait.
pub const PLENTY: Duration = Duration::from_secs(60);

/// Writes tests as functions and lists them in `TESTS`. One that takes a context is run for every start method.
macro_rules! tests {
    ($($(#[$meta:meta])* fn $name:ident($($ctx:ident: Context)?) $body:block)*) => {
        $($(#[$meta])* fn $name($($ctx: multiprocessing::Context)?) $body)*
        pub const TESTS: &[crate::support::Test] =
            &[$((stringify!($name), crate::support::body!($name $($ctx)?))),*];
    };
}
pub(crate) use tests;

/// A test's [`Body`], by whether it takes a context.
macro_rules! body {
    ($name:ident) => {
        crate::support::Body::Once($name)
    };
    ($name:ident $ctx:ident) => {
        crate::support::Body::Each($name)
    };
}
pub(crate) use body;

/// Runs all tests, or in a process made for it, one.
pub fn main(modules: &[(&'static str, &[Test])]) -> ExitCode {
    multiprocessing::freeze_support();
    let tests = modules.iter().flat_map(|(module, tests)| {
        tests.iter().flat_map(move |(name, body)| all_of(format!("{module}::{name}"), *body))
    });
    if let Ok(wanted) = env::var(TEST_ENV) {
        let (_, run) = { tests }.find(|(name, _)| *name == wanted).expect("the parent knows the tests");
        crate::observer::open();
        return multiprocessing::run(run);
    }
    // SAFETY: plain numbers. Orphans of tests become this process's children, so that they can be counted.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) };
    let trials = tests.map(|(name, _)| Trial::test(name.clone(), move || in_a_process(&name))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The tests that a body makes, by name: one, or one for each start method.
fn all_of(name: String, body: Body) -> Vec<(String, Box<dyn Fn()>)> {
    match body {
        Body::Once(body) => vec![(name, Box::new(body))],
        Body::Each(body) => Method::ALL
            .map(|method| {
                let run = move || body(get_context(method).expect("there are all methods"));
                (format!("{name}::{method}"), Box::new(run) as Box<dyn Fn()>)
            })
            .into(),
    }
}

/// Runs one test in a new process group.
fn in_a_process(name: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(env::current_exe()?);
    command.env(TEST_ENV, name).env_remove(EVENTS_ENV).env_remove("RUST_BACKTRACE");
    if name.starts_with("events") {
        command.env(EVENTS_ENV, folder.path().join("events"));
    }
    let mut test = command.stderr(Stdio::piped()).stdout(Stdio::null()).process_group(0).spawn()?;
    let mut stderr = test.stderr.take().expect("it is piped");
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        stderr.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    let ended = wait_bounded(&mut test)?;
    let left = clear_group(test.id() as i32);
    let text = reader.join().expect("reading does not panic")?;
    match ended {
        None => Err(format!("not done after {PATIENCE:?}\n{text}").into()),
        Some(status) if !status.success() => Err(format!("{}\n{text}", describe(status)).into()),
        Some(_) if left > 0 => Err(format!("{left} process(es) left behind\n{text}").into()),
        Some(_) => Ok(()),
    }
}

fn describe(status: ExitStatus) -> String {
    status.signal().map_or_else(|| status.to_string(), |signal| format!("killed by signal {signal}"))
}

/// Waits for the test, but not for ever.
fn wait_bounded(test: &mut Child) -> io::Result<Option<ExitStatus>> {
    // SAFETY: plain numbers; the call fails or returns a descriptor that nobody else owns.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, test.id(), 0) } as i32;
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: as above.
    let pidfd = unsafe { OwnedFd::from_raw_fd(fd) };
    let mut poll = libc::pollfd { fd: pidfd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one local entry that outlives the call.
    if unsafe { libc::poll(&mut poll, 1, PATIENCE.as_millis() as i32) } == 0 {
        return Ok(None);
    }
    test.wait().map(Some)
}

/// Kills and buries what is left of a test; says how many were still alive.
fn clear_group(group: i32) -> usize {
    bury(group, libc::WNOHANG);
    // SAFETY: plain numbers; the group was made by this process for one test.
    unsafe { libc::kill(-group, libc::SIGKILL) };
    bury(group, 0)
}

/// Reads the status of orphans that have ended; of all, and waits for them, without `WNOHANG`.
fn bury(group: i32, flags: i32) -> usize {
    let mut buried = 0;
    // SAFETY: a null status is allowed; only this test's group is waited for.
    while unsafe { libc::waitpid(-group, std::ptr::null_mut(), flags) } > 0 {
        buried += 1;
    }
    buried
}

/// What `body` and its children write to a descriptor of this process.
pub fn captured(fd: i32, body: impl FnOnce()) -> String {
    let mut file = tempfile::tempfile().expect("a temporary file");
    // SAFETY: plain descriptors of this process; `saved` is put back and closed below.
    let saved = unsafe {
        let saved = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 10);
        libc::dup2(file.as_raw_fd(), fd);
        saved
    };
    body();
    io::Write::flush(&mut io::stdout()).expect("a file can be written");
    // SAFETY: as above.
    unsafe {
        libc::dup2(saved, fd);
        libc::close(saved);
    }
    let mut text = String::new();
    io::Seek::rewind(&mut file).expect("a file can be rewound");
    file.read_to_string(&mut text).expect("a file can be read");
    text
}

/// Waits until a process has ended that is no child of this one, or is gone already.
pub fn wait_for_end(pid: i32) {
    // SAFETY: plain numbers; the call fails or returns a descriptor that nobody else owns.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) } as i32;
    if fd >= 0 {
        let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        // SAFETY: one local entry that outlives the call; the descriptor is this function's own.
        unsafe {
            assert_eq!(libc::poll(&mut poll, 1, PATIENCE.as_millis() as i32), 1);
            libc::close(fd);
        }
    }
}

/// Sends a signal.
pub fn kill(pid: i32, signal: i32) {
    // SAFETY: plain numbers.
    unsafe { libc::kill(pid, signal) };
}

/// Numbers that look random and are the same each time (xorshift).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
