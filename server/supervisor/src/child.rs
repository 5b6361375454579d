//! The first process of a run: what happens between `fork` and `exec`.
//!
//! The supervisor and the half-made child talk through a socket that closes by itself
//! at `exec`. The child waits until it is known whether it is traced, enters the
//! sandbox, reports how that went, and waits again: the supervisor writes `run.started`
//! with what is true and not with what was planned. Then the child executes the
//! program, or reports the step that failed and its errno.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::time::Duration;

use protocol::Pid;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};
use sandbox::{Failure, Plan, seccomp};

use crate::channels::ProgramEnds;

/// How long a half-made child may take; it takes less than a millisecond unless somebody kills it.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is to be executed.
pub struct Program {
    /// The supervisor's own file, or one of the host.
    pub file: Executable,
    /// Its arguments, from its name for itself on.
    pub argv: Vec<CString>,
    /// Where it begins to work.
    pub directory: PathBuf,
}

/// A file to execute.
pub enum Executable {
    /// By descriptor: an unprivileged user need not be able to walk its path.
    Open(File),
    /// By path.
    Path(CString),
}

/// Why a program could not be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// A layer of the sandbox without which nothing may run.
    #[error("the sandbox could not be entered: {0}")]
    Sandbox(#[from] Failure),
    /// Standard streams, working directory or session.
    #[error("the process could not be prepared: {}", io::Error::from_raw_os_error(*.0))]
    Prepare(i32),
    /// The file is missing, is no program, or may not be executed.
    #[error("the program could not be executed: {}", io::Error::from_raw_os_error(*.0))]
    Exec(i32),
    /// It was killed before it began.
    #[error("the process ended before it began")]
    Vanished,
}

/// The first process while it is half-made, and the line to it.
pub struct HalfMade {
    /// Its pid.
    pub pid: Pid,
    gate: OwnedFd,
}

impl HalfMade {
    /// Forks.
    ///
    /// # Errors
    /// When there is no process or descriptor left.
    pub fn fork(program: &Program, ends: ProgramEnds, plan: &Plan) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC;
        let (gate, theirs) =
            rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
        rustix::net::sockopt::set_socket_timeout(&gate, rustix::net::sockopt::Timeout::Recv, Some(PATIENCE))?;
        // SAFETY: the supervisor has one thread, so the child may do anything.
        match unsafe { libc::fork() } {
            ..0 => Err(io::Error::last_os_error()),
            0 => {
                drop(gate);
                let error = become_program(program, &ends, plan, &theirs);
                let _ = rustix::net::send(&theirs, &error.to_bytes(), SendFlags::NOSIGNAL);
                // SAFETY: ends the child without running what belongs to the supervisor.
                unsafe { libc::_exit(127) }
            }
            pid => Ok(HalfMade { pid, gate }),
        }
    }

    /// Lets the child enter the sandbox, and waits until it has. What is missing of the sandbox.
    ///
    /// # Errors
    /// Why it could not.
    pub fn enter_sandbox(&self, traced: bool) -> Result<Option<Failure>, StartError> {
        self.tell(u8::from(traced));
        match self.answer() {
            Some(bytes) if bytes[0] == ENTERED => Ok(Failure::from_bytes(tail(&bytes))),
            Some(bytes) => Err(StartError::from_bytes(&bytes)),
            None => Err(StartError::Vanished),
        }
    }

    /// Lets the child execute its program.
    pub fn execute(&self) {
        self.tell(0);
    }

    /// Why the program was not executed; `None` when it was. To be asked when the child has
    /// executed it or is dead.
    pub fn failure(&self) -> Option<StartError> {
        self.answer().map(|bytes| StartError::from_bytes(&bytes))
    }

    fn tell(&self, byte: u8) {
        // A dead child is reported by wait4.
        let _ = rustix::net::send(&self.gate, &[byte], SendFlags::NOSIGNAL);
    }

    fn answer(&self) -> Option<[u8; 9]> {
        let mut bytes = [0; 9];
        let (count, _) = rustix::net::recv(&self.gate, &mut bytes, RecvFlags::empty()).ok()?;
        (count == bytes.len()).then_some(bytes)
    }
}

const ENTERED: u8 = 0;
const SANDBOX: u8 = 1;
const PREPARE: u8 = 2;
const EXEC: u8 = 3;

impl StartError {
    fn to_bytes(self) -> [u8; 9] {
        let (kind, detail) = match self {
            StartError::Sandbox(failure) => (SANDBOX, failure.to_bytes()),
            StartError::Prepare(errno) => (PREPARE, i64::from(errno).to_ne_bytes()),
            StartError::Exec(errno) => (EXEC, i64::from(errno).to_ne_bytes()),
            StartError::Vanished => (EXEC, 0i64.to_ne_bytes()),
        };
        message(kind, detail)
    }

    fn from_bytes(bytes: &[u8; 9]) -> Self {
        let errno = i64::from_ne_bytes(tail(bytes)) as i32;
        match (bytes[0], Failure::from_bytes(tail(bytes))) {
            (SANDBOX, Some(failure)) => StartError::Sandbox(failure),
            (PREPARE, _) => StartError::Prepare(errno),
            (EXEC, _) => StartError::Exec(errno),
            _ => StartError::Vanished,
        }
    }
}

fn message(kind: u8, detail: [u8; 8]) -> [u8; 9] {
    let mut bytes = [kind; 9];
    bytes[1..].copy_from_slice(&detail);
    bytes
}

fn tail(bytes: &[u8; 9]) -> [u8; 8] {
    std::array::from_fn(|index| bytes[index + 1])
}

/// The child's side. Comes back only with the reason why it could not.
fn become_program(program: &Program, ends: &ProgramEnds, plan: &Plan, gate: &OwnedFd) -> StartError {
    match prepare(program, ends, plan, gate) {
        Ok(()) => execute(program, &plan.environment),
        Err(error) => error,
    }
}

fn prepare(program: &Program, ends: &ProgramEnds, plan: &Plan, gate: &OwnedFd) -> Result<(), StartError> {
    let prepared = |error: io::Error| StartError::Prepare(error.raw_os_error().unwrap_or(0));
    forget_signals();
    standard_streams(ends).map_err(prepared)?;
    rustix::process::setsid().map_err(io::Error::from).map_err(prepared)?;
    let traced = wait_for(gate)? != 0;
    let missing = match traced {
        true => plan.enter()?,
        // Filters that ask a tracer would refuse everything without one.
        false => untraced(plan)?.enter()?,
    };
    std::env::set_current_dir(&program.directory).map_err(prepared)?;
    let report = message(ENTERED, missing.map_or([0xff; 8], Failure::to_bytes));
    rustix::net::send(gate, &report, SendFlags::NOSIGNAL).map_err(io::Error::from).map_err(prepared)?;
    wait_for(gate).map(drop)
}

fn untraced(plan: &Plan) -> Result<Plan, Failure> {
    let filters = seccomp::Filters::compile(seccomp::Ask::Nothing, false)?;
    Ok(Plan { filters, environment: Vec::new(), ..*plan })
}

/// Waits for the supervisor's word; when it is dead, there is nothing left to do.
fn wait_for(gate: &OwnedFd) -> Result<u8, StartError> {
    let mut byte = [0];
    match rustix::net::recv(gate, &mut byte, RecvFlags::empty()) {
        Ok((1, _)) => Ok(byte[0]),
        _ => Err(StartError::Vanished),
    }
}

/// Every signal as a new program expects it: default, and none blocked.
fn forget_signals() {
    // SAFETY: sets dispositions and the mask of this process; the set is a local.
    unsafe {
        for signal in 1..=64 {
            libc::signal(signal, libc::SIG_DFL);
        }
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &none, std::ptr::null_mut());
    }
}

fn standard_streams(ends: &ProgramEnds) -> io::Result<()> {
    let null = File::open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&ends.stdout)?;
    Ok(rustix::stdio::dup2_stderr(&ends.stderr)?)
}

fn execute(program: &Program, environment: &[CString]) -> StartError {
    let argv = pointers(&program.argv);
    let environment = pointers(environment);
    // SAFETY: both arrays end with a null pointer and live, with their strings, in this frame's arguments.
    unsafe {
        match &program.file {
            Executable::Path(path) => libc::execve(path.as_ptr(), argv.as_ptr(), environment.as_ptr()),
            Executable::Open(file) => libc::execveat(
                file.as_raw_fd(),
                c"".as_ptr(),
                argv.as_ptr().cast(),
                environment.as_ptr().cast(),
                libc::AT_EMPTY_PATH,
            ),
        };
    }
    StartError::Exec(io::Error::last_os_error().raw_os_error().unwrap_or(0))
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
}
