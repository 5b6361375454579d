//! From a job to a running program: everything before and up to the first events.
//!
//! Whatever fails here, the log still has a first and a last event.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use protocol::event::{EVENTS_ENV, Host, LOG_VERSION, Observer, RunStarted};
use protocol::job::{Observe, PARAMS_ENV, SEED_ENV};
use protocol::{Job, Limits, Pid, SupervisorEvent};
use sandbox::{Failure, Layer, Plan, environment, rlimits::Rlimits, seccomp, user};

use crate::channels::Channels;
use crate::child::{Executable, HalfMade, Program, StartError};
use crate::commands::Commands;
use crate::degraded::Scanner;
use crate::descriptors::Descriptors;
use crate::ending::Ending;
use crate::family::Family;
use crate::kin::Kin;
use crate::leftovers::Leftovers;
use crate::lines::Lines;
use crate::log::Log;
use crate::parked::Parked;
use crate::poller::Poller;
use crate::ptrace;
use crate::quota::Quota;
use crate::run::Run;
use crate::rundir::RunDir;
use crate::sampler::Sampler;

/// How the program calls itself when it is the supervisor's own file.
const OWN_NAME: &str = "process-playground";

/// What the observer without ptrace(2) cannot tell.
const LOST: &str = "processes that live for less than some 20 ms; the order of events of different processes; \
                    signals; exit codes that a parent read before the observer";

/// Why there is no run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the supervisor itself needs could not be had.
    #[error("{0}: {1}")]
    Prepare(&'static str, io::Error),
    /// A layer of the sandbox.
    #[error("the sandbox could not be entered: {0}")]
    Sandbox(#[from] Failure),
    /// The first process.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// Names the step that failed.
fn step(name: &'static str) -> impl Fn(io::Error) -> Error {
    move |error| Error::Prepare(name, error)
}

/// The first event of a run that has none other but its last.
pub fn abandon(job: &Job, log: &mut Log) {
    let sandbox = Layer::ALL.map(|layer| (layer.name().to_owned(), "not reached".to_owned()));
    let traced = job.observe != Observe::Degraded;
    log.supervisor(None, run_started(job, traced, sandbox.into()));
}

/// A first process that has entered the sandbox and waits for its turn.
pub struct Prepared {
    first: HalfMade,
    traced: bool,
    missing: Option<Failure>,
    channels: Channels,
    directory: RunDir,
    poller: Poller,
    descriptors: Descriptors,
    user: Option<user::Held>,
    leftovers: Leftovers,
}

/// Makes the first process of a job.
///
/// # Errors
/// Then there is no run; [`abandon`] writes its first event.
pub fn prepare(job: &Job) -> Result<Prepared, Error> {
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
        .map_err(|error| step("becoming the subreaper")(error.into()))?;
    let descriptors = Descriptors::raise().map_err(step("the limit of descriptors"))?;
    let poller = Poller::open().map_err(step("epoll"))?;
    let directory = RunDir::create().map_err(step("making the run's folder"))?;
    let (channels, ends) = Channels::open(&directory.events()).map_err(step("making the event socket"))?;
    let user = user::is_root().then(|| user::hold(std::process::id())).transpose()?;
    if let Some(held) = &user {
        directory.give_to(held.user.0).map_err(step("giving the run's folder away"))?;
    }
    let leftovers = Leftovers::since_now(user.as_ref().map(|held| held.user.0));
    let plan = plan(job, &directory, user.as_ref().map(|held| held.user))?;
    let program = program(job, directory.path()).map_err(step("finding the program"))?;
    let first = HalfMade::fork(&program, ends, &plan).map_err(step("fork"))?;
    let traced = job.observe != Observe::Degraded && ptrace::seize(first.pid).is_ok();
    let missing = first.enter_sandbox(traced).inspect_err(|_| bury(first.pid))?;
    if !user::is_root() {
        // The scenario has the same user: nobody of that user may look into this process. The
        // first process is traced already; it would be out of reach from here on.
        protect();
    }
    Ok(Prepared { first, traced, missing, channels, directory, poller, descriptors, user, leftovers })
}

impl Prepared {
    /// Writes the first events and lets the program begin.
    pub fn begin(self, job: Job, commands: Commands, mut log: Log) -> Run {
        log.supervisor(None, run_started(&job, self.traced, sandbox_report(self.missing)));
        let first = self.first.pid;
        let mut kin = Kin::default();
        kin.add(first, None);
        let mut family = Family::new(std::process::id() as Pid);
        family.first(first, &mut log);
        log.flush();
        self.first.execute();
        Run {
            quota: Quota::new(job.limits.clone()),
            job,
            log,
            family,
            kin,
            lines: Lines::default(),
            channels: self.channels,
            parked: Parked::default(),
            poller: self.poller,
            descriptors: self.descriptors,
            commands,
            ending: Ending::new(),
            sampler: Sampler::new(),
            first: self.first,
            scanner: (!self.traced).then(Scanner::new),
            directory: self.directory,
            leftovers: self.leftovers,
            _user: self.user,
        }
    }
}

/// Ends a first process that did not come into being, and its tracing with it.
fn bury(pid: Pid) {
    // SAFETY: sends a signal to an unreaped child and waits for it; no memory is touched.
    unsafe {
        libc::kill(pid, libc::SIGKILL);
        while libc::waitpid(pid, std::ptr::null_mut(), libc::__WALL) == pid && libc::kill(pid, 0) == 0 {
            libc::ptrace(libc::PTRACE_CONT, pid, 0usize, 0usize);
        }
    }
}

fn protect() {
    // SAFETY: a flag of this process. Failure leaves what Landlock protects.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) };
}

fn plan(job: &Job, directory: &RunDir, user: Option<user::User>) -> Result<Plan, Error> {
    let ask = match job.observe {
        Observe::Exact => seccomp::Ask::LivesAndOutput,
        Observe::ConcurrentOutput => seccomp::Ask::Lives,
        Observe::Degraded => seccomp::Ask::Nothing,
    };
    let params = serde_json::to_string(&job.params).map_err(io::Error::from).map_err(step("parameters"))?;
    let (events, seed) = (directory.events(), job.seed.to_string());
    let events = events.to_string_lossy();
    let own = [(EVENTS_ENV, &*events), (PARAMS_ENV, params.as_str()), (SEED_ENV, seed.as_str())];
    let asked = job.environment.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let added: Vec<(&str, &str)> = asked.chain(own).collect();
    Ok(Plan {
        user,
        rlimits: rlimits(&job.limits, user.is_some()),
        filters: seccomp::Filters::compile(ask)?,
        environment: environment::clean(&directory.path().to_string_lossy(), &added),
    })
}

/// The last line behind the limits that the supervisor counts: well above them.
fn rlimits(limits: &Limits, own_user: bool) -> Rlimits {
    Rlimits {
        file_bytes: 64 << 20,
        descriptors: 1024,
        data_bytes: limits.memory_mib.saturating_mul(4 << 20),
        user_tasks: own_user.then(|| limits.processes.saturating_add(16)),
    }
}

fn program(job: &Job, directory: &Path) -> io::Result<Program> {
    let own = [OWN_NAME, "scenario", &job.scenario].map(str::to_owned);
    let (file, argv) = match job.argv.first() {
        None => (Executable::Open(File::open("/proc/self/exe")?), own.as_slice()),
        Some(name) => (Executable::Path(CString::new(find(name))?), job.argv.as_slice()),
    };
    let argv = argv.iter().map(|word| CString::new(word.as_str())).collect::<Result<_, _>>()?;
    Ok(Program { file, argv, directory: directory.to_owned() })
}

/// Where a program is, as a shell looks for it; itself where it is not found.
fn find(name: &str) -> String {
    let found = || {
        environment::PATH
            .split(':')
            .map(|folder| format!("{folder}/{name}"))
            .find(|path| Path::new(path).is_file())
    };
    if name.contains('/') { name.to_owned() } else { found().unwrap_or_else(|| name.to_owned()) }
}

/// Whether a run would find this program: a file by its whole path, or in the folders of [`PATH`](environment::PATH).
pub fn finds(program: &str) -> bool {
    let path = find(program);
    path.starts_with('/') && Path::new(&path).is_file()
}

fn run_started(job: &Job, traced: bool, sandbox: BTreeMap<String, String>) -> SupervisorEvent {
    SupervisorEvent::RunStarted(Box::new(RunStarted {
        version: LOG_VERSION,
        run: job.run.clone(),
        scenario: job.scenario.clone(),
        runtime: job.runtime,
        params: job.params.clone(),
        seed: job.seed,
        unix_ms: unix_ms(),
        supervisor: std::process::id() as Pid,
        observer: if traced { Observer::Exact } else { Observer::Degraded },
        lost: lost(job, traced),
        host: host(),
        sandbox,
        limits: job.limits.clone(),
    }))
}

/// The wall clock; nothing where it stands before 1970.
fn unix_ms() -> Option<u64> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

fn lost(job: &Job, traced: bool) -> Option<String> {
    match (traced, job.observe) {
        (false, _) => Some(LOST.to_owned()),
        (true, Observe::ConcurrentOutput) => Some("the exact place of output among other events".to_owned()),
        (true, _) => None,
    }
}

fn host() -> Host {
    let name = rustix::system::uname();
    Host {
        os: name.sysname().to_string_lossy().into_owned(),
        kernel: name.release().to_string_lossy().into_owned(),
        cpus: std::thread::available_parallelism().map_or(1, |count| count.get() as u32),
    }
}

fn sandbox_report(missing: Option<Failure>) -> BTreeMap<String, String> {
    let state = |layer: Layer| match missing {
        Some(failure) if failure.layer == layer => io::Error::from_raw_os_error(failure.errno).to_string(),
        _ => "active".to_owned(),
    };
    Layer::ALL.map(|layer| (layer.name().to_owned(), state(layer))).into()
}
