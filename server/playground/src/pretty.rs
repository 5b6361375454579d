//! The event log for people: one line an event, without what only a picture can show.

use std::collections::HashMap;

use protocol::event::*;
use protocol::{Event, Pid};

/// Turns events into lines; remembers the names that processes have.
#[derive(Default)]
pub struct Pretty {
    names: HashMap<Pid, String>,
    colored: bool,
}

impl Pretty {
    /// With a colour a process where the output is a terminal.
    pub fn new(colored: bool) -> Self {
        Pretty { names: HashMap::new(), colored }
    }

    /// The line of an event, or none where there is nothing to say.
    pub fn line(&mut self, event: &Event) -> Option<String> {
        let sentence = match &event.body {
            Body::Supervisor(body) => {
                if let SupervisorEvent::RunStarted(run) = body {
                    self.names.insert(run.supervisor, "supervisor".into());
                }
                supervisor(body)
            }
            Body::Kernel(body) => self.kernel(event.pid?, body)?,
            Body::Program(body) => self.program(event.pid?, body)?,
        };
        let (seconds, millis) = (event.t / 1_000_000, event.t / 1000 % 1000);
        let who = plain(&event.pid.map(|pid| self.who(pid)).unwrap_or_default());
        Some(format!(
            "{seconds:>3}.{millis:03}  {}  {}",
            self.paint(event.pid, &format!("{who:<24}")),
            plain(&sentence)
        ))
    }

    fn who(&self, pid: Pid) -> String {
        match self.names.get(&pid) {
            Some(name) => format!("{pid} {name}"),
            None => pid.to_string(),
        }
    }

    /// Six colours that are told apart on light and dark terminals.
    fn paint(&self, pid: Option<Pid>, text: &str) -> String {
        match pid {
            Some(pid) if self.colored => format!("\x1b[{}m{text}\x1b[0m", 31 + pid.rem_euclid(6)),
            _ => text.to_owned(),
        }
    }

    fn kernel(&mut self, pid: Pid, event: &KernelEvent) -> Option<String> {
        Some(match event {
            KernelEvent::ProcessStarted(started) => {
                self.names.remove(&pid);
                format!("started by {} ({})", self.who(started.ppid), how(started.how))
            }
            KernelEvent::ProcessExec(exec) => format!("exec {}", exec.argv.join(" ")),
            KernelEvent::ProcessStopped(stopped) => format!("stopped by {}", stopped.signal),
            KernelEvent::ProcessContinued(_) => "continued".into(),
            KernelEvent::ProcessSignaled(signaled) => {
                format!("got {} from {}", signaled.signal, self.sender(&signaled.from))
            }
            KernelEvent::ProcessExited(ProcessExited::Code { code }) => format!("exited with code {code}"),
            KernelEvent::ProcessExited(ProcessExited::Signal { signal }) => format!("ended by {signal}"),
            KernelEvent::ProcessZombie(zombie) => format!(
                "is a zombie: {:.1} ms of processor time, {} KiB at most",
                (zombie.user_us + zombie.sys_us) as f64 / 1000.0,
                zombie.max_rss_kib
            ),
            KernelEvent::ProcessReaped(reaped) => format!("reaped by {}", self.who(reaped.by)),
            KernelEvent::ProcessReparented(reparented) => {
                format!("has a new parent: {} after {}", self.who(reparented.ppid), self.who(reparented.was))
            }
            KernelEvent::ProcessSampled(_) => return None,
            KernelEvent::Output(Output { stream: Stream::Stdout, text }) => format!("| {text}"),
            KernelEvent::Output(Output { stream: Stream::Stderr, text }) => format!("! {text}"),
        })
    }

    fn sender(&self, sender: &Sender) -> String {
        match sender {
            Sender::Pid(0) => "the kernel".into(),
            Sender::Pid(pid) => self.who(*pid),
            Sender::Visitor(_) => "you".into(),
        }
    }

    fn program(&mut self, pid: Pid, event: &ProgramEvent) -> Option<String> {
        Some(match event {
            ProgramEvent::ProcessNamed(named) => {
                self.names.insert(pid, named.name.clone());
                return None;
            }
            ProgramEvent::LineReached(_) => return None,
            ProgramEvent::TaskSubmitted(task) => format!("submitted task {}", task.name),
            ProgramEvent::TaskStarted(task) => format!("started task {}", task.name),
            ProgramEvent::TaskFinished(task) => format!("finished task {}: {}", task.name, task.value),
            ProgramEvent::TaskFailed(task) => format!("failed at task {}: {}", task.name, task.error),
            ProgramEvent::TaskCallback(task) => format!("callback of task {}", task.name),
            ProgramEvent::QueueCreated(queue) => {
                format!("made {} for {}", queue.name, capacity(queue.capacity))
            }
            ProgramEvent::QueuePut(item) => format!("put {} (now {} in the queue)", value(item), item.size),
            ProgramEvent::QueueGet(item) => format!("got {} ({} left in the queue)", value(item), item.size),
            ProgramEvent::QueueBlocked(queue) => format!("waits in {}", op(queue.op)),
            ProgramEvent::QueueUnblocked(queue) => format!("goes on in {}", op(queue.op)),
            ProgramEvent::QueueTimeout(queue) => format!("gave up waiting in {}", op(queue.op)),
            ProgramEvent::PipeSent(item) => format!("sent {} bytes", item.bytes),
            ProgramEvent::PipeReceived(item) => format!("received {} bytes", item.bytes),
            ProgramEvent::SyncWaiting(sync) => format!("waits for {}", sync.name),
            ProgramEvent::SyncAcquired(sync) => format!("has {}", sync.name),
            ProgramEvent::SyncReleased(sync) => format!("released {}", sync.name),
            ProgramEvent::SyncTimeout(sync) => format!("waited in vain for {}", sync.name),
            ProgramEvent::VariableSet(variable) => format!("{} = {}", variable.name, variable.value),
            ProgramEvent::Progress(progress) => format!("{} of {}", progress.done, progress.total),
        })
    }
}

fn supervisor(event: &SupervisorEvent) -> String {
    match event {
        SupervisorEvent::RunStarted(run) => {
            let lost =
                run.lost.as_ref().map(|lost| format!("; observer degraded: {lost}")).unwrap_or_default();
            format!("run of {} with seed {}{lost}", run.scenario, run.seed)
        }
        SupervisorEvent::RunTruncated(cut) => {
            format!("{:?} cut: {} left out", cut.what, cut.dropped).to_lowercase()
        }
        SupervisorEvent::MessageRejected(message) => format!("a message was rejected: {}", message.reason),
        SupervisorEvent::RunFinished(run) => format!(
            "run {}: {}. Processes: {} started, {} exited, {} reaped; {} events",
            outcome(run.outcome),
            run.reason,
            run.processes.started,
            run.processes.exited,
            run.processes.reaped,
            run.events
        ),
    }
}

/// A text that tells the terminal nothing: what would is shown as a picture of itself, `␛` for an escape.
/// A log may come from anybody.
fn plain(text: &str) -> String {
    let picture = |c: char| match c {
        '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        '\u{80}'..='\u{9f}' => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    text.chars().map(picture).collect()
}

/// Whether to use colours: on a terminal, unless its user wants none (<https://no-color.org>).
pub fn is_colored(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none_or(|wish| wish.is_empty())
}

/// The outcome as people say it.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::Failed => "failed",
        Outcome::Stopped => "stopped",
        Outcome::TimeLimit => "ended by the time limit",
        Outcome::ProcessLimit => "ended by the process limit",
        Outcome::MemoryLimit => "ended by the memory limit",
        Outcome::Crashed => "crashed",
    }
}

fn how(how: How) -> &'static str {
    match how {
        How::Fork => "fork",
        How::Vfork => "vfork",
        How::Clone => "clone",
        How::Spawn => "spawn",
    }
}

fn op(op: Op) -> &'static str {
    match op {
        Op::Put => "put",
        Op::Get => "get",
    }
}

fn capacity(capacity: u64) -> String {
    if capacity == 0 { "any number of items".into() } else { format!("{capacity} items") }
}

fn value(item: &QueueItem) -> String {
    item.value.as_ref().map_or_else(|| format!("{} bytes", item.bytes), ToString::to_string)
}
