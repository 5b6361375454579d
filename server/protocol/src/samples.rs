//! One sample line for every kind of event: Rust round-trips them here, the page's reducer folds them.
//!
//! The line of each kind comes out of a `match` without wildcard, so a new kind
//! does not compile until it has one.

use serde_json::{Value, json};

use crate::event::*;
use crate::{At, Body, Event, Limits};

#[test]
fn every_kind_survives_the_wire() {
    for (event, line) in samples() {
        assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event, "{line}");
    }
}

#[test]
fn the_committed_samples_are_what_the_rust_types_say() {
    let lines: String = samples().into_iter().map(|(_, line)| line + "\n").collect();
    compare_or_write("samples.ndjson", &lines);
}

#[test]
fn a_program_cannot_send_what_only_the_kernel_may_say() {
    for (event, line) in samples() {
        let parsed = serde_json::from_str::<ProgramMessage>(&line);
        assert_eq!(parsed.is_ok(), matches!(event.body, Body::Program(_)), "{line}");
    }
}

/// Compares a generated text with the committed file, or writes it where `UPDATE_GENERATED` is set.
pub(crate) fn compare_or_write(path: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        return std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{} is not what the types say; run: UPDATE_GENERATED=1 cargo test -p protocol",
        path.display()
    );
}

fn samples() -> Vec<(Event, String)> {
    let mut samples = Vec::new();
    for body in bodies() {
        let seq = samples.len() as u64 + 1;
        let pid = (!matches!(body, Body::Supervisor(_))).then_some(4713);
        let at = matches!(body, Body::Program(_)).then(|| At { file: "main.rs".into(), line: 13 });
        let event = Event { seq, t: seq * 1000, pid, at, body };
        let line = serde_json::to_string(&event).unwrap();
        samples.push((event, line));
    }
    samples
}

/// Walks the kinds in order: each names the next, the last names none.
fn bodies() -> Vec<Body> {
    let mut bodies = vec![run_started()];
    while let Some(next) = bodies.last().and_then(after) {
        bodies.push(next);
    }
    bodies
}

fn after(body: &Body) -> Option<Body> {
    match body {
        Body::Supervisor(event) => after_supervisor(event),
        Body::Kernel(event) => Some(after_kernel(event)),
        Body::Program(event) => Some(after_program(event)),
    }
}

fn after_supervisor(event: &SupervisorEvent) -> Option<Body> {
    use SupervisorEvent::*;
    Some(Body::Supervisor(match event {
        RunStarted(_) => {
            return Some(Body::Kernel(KernelEvent::ProcessStarted(ProcessStarted {
                ppid: 4698,
                how: How::Fork,
            })));
        }
        MessageRejected(_) => {
            RunTruncated(crate::event::RunTruncated { what: Truncated::Output, dropped: 512 })
        }
        RunTruncated(_) => RunFinished(crate::event::RunFinished {
            outcome: Outcome::Completed,
            reason: "the program ended".into(),
            duration_us: 2_500_000,
            processes: ProcessCount { started: 1, exited: 1, reaped: 1 },
            events: 37,
        }),
        RunFinished(_) => return None,
    }))
}

fn after_kernel(event: &KernelEvent) -> Body {
    use KernelEvent::*;
    Body::Kernel(match event {
        ProcessStarted(_) => ProcessExec(crate::event::ProcessExec {
            exe: "/usr/bin/process-playground".into(),
            argv: vec!["process-playground".into(), "scenario".into(), "pool".into()],
        }),
        ProcessExec(_) => ProcessSampled(crate::event::ProcessSampled {
            state: State::S,
            cpu_us: 1900,
            rss_kib: 2100,
            private_kib: Some(300),
            waiting: Some("futex".into()),
        }),
        ProcessSampled(_) => {
            Output(crate::event::Output { stream: Stream::Stdout, text: "开始 听音乐".into() })
        }
        Output(_) => ProcessSignaled(crate::event::ProcessSignaled {
            signal: "SIGSTOP".into(),
            from: Sender::Visitor(Visitor::Visitor),
        }),
        ProcessSignaled(_) => ProcessStopped(crate::event::ProcessStopped { signal: "SIGSTOP".into() }),
        ProcessStopped(_) => ProcessContinued(crate::event::ProcessContinued { signal: "SIGCONT".into() }),
        ProcessContinued(_) => {
            return Body::Program(ProgramEvent::ProcessNamed(ProcessNamed {
                name: "ForkPoolWorker-1".into(),
                role: Role::PoolWorker,
            }));
        }
        ProcessExited(_) => ProcessReparented(crate::event::ProcessReparented { ppid: 4698, was: 4711 }),
        ProcessReparented(_) => {
            ProcessZombie(crate::event::ProcessZombie { user_us: 900, sys_us: 1000, max_rss_kib: 2100 })
        }
        ProcessZombie(_) => ProcessReaped(crate::event::ProcessReaped { by: 4698 }),
        ProcessReaped(_) => {
            return Body::Supervisor(SupervisorEvent::MessageRejected(crate::event::MessageRejected {
                reason: "no JSON object".into(),
                bytes: 3,
            }));
        }
    })
}

fn after_program(event: &ProgramEvent) -> Body {
    use ProgramEvent::*;
    let queue = |op| QueueOp { queue: 1, op };
    let item = || QueueItem { queue: 1, item: 1, size: 1, bytes: 7, value: Some(json!("1.png")) };
    let pipe = || PipeItem { pipe: 1, item: 1, bytes: 8 };
    let sync = || SyncObject { object: 1, name: "Lock-1".into(), kind: SyncKind::Lock };
    let (task, name) = (1, "听音乐".to_owned());
    Body::Program(match event {
        ProcessNamed(_) => LineReached(crate::event::LineReached {}),
        LineReached(_) => TaskSubmitted(Task { task, name }),
        TaskSubmitted(_) => TaskStarted(Task { task, name }),
        TaskStarted(_) => TaskFinished(crate::event::TaskFinished { task, name, value: json!("1.39 s") }),
        TaskFinished(_) => TaskCallback(crate::event::TaskCallback {
            task,
            name,
            value: Some(Value::from("1.39 s")),
            error: None,
        }),
        TaskCallback(_) => TaskFailed(crate::event::TaskFailed { task: 2, name, error: "太累了".into() }),
        TaskFailed(_) => {
            QueueCreated(crate::event::QueueCreated { queue: 1, name: "Queue-1".into(), capacity: 5 })
        }
        QueueCreated(_) => QueuePut(item()),
        QueuePut(_) => QueueGet(QueueItem { size: 0, ..item() }),
        QueueGet(_) => QueueBlocked(queue(Op::Get)),
        QueueBlocked(_) => QueueUnblocked(queue(Op::Get)),
        QueueUnblocked(_) => QueueTimeout(queue(Op::Get)),
        QueueTimeout(_) => PipeSent(pipe()),
        PipeSent(_) => PipeReceived(pipe()),
        PipeReceived(_) => SyncWaiting(sync()),
        SyncWaiting(_) => SyncAcquired(sync()),
        SyncAcquired(_) => SyncReleased(sync()),
        SyncReleased(_) => SyncTimeout(sync()),
        SyncTimeout(_) => {
            VariableSet(crate::event::VariableSet { name: "m".into(), value: json!(11), shared: None })
        }
        VariableSet(_) => Progress(crate::event::Progress { done: 1, total: 7 }),
        Progress(_) => {
            return Body::Kernel(KernelEvent::ProcessExited(crate::event::ProcessExited::Code { code: 0 }));
        }
    })
}

fn run_started() -> Body {
    Body::Supervisor(SupervisorEvent::RunStarted(Box::new(RunStarted {
        version: LOG_VERSION,
        run: "0123456789abcdef0123456789abcdef".into(),
        scenario: "pool".into(),
        runtime: Runtime::Rust,
        params: [("workers".to_owned(), json!(5))].into(),
        seed: 7,
        unix_ms: Some(1_795_413_600_000),
        supervisor: 4698,
        observer: Observer::Exact,
        lost: None,
        host: Host { os: "Linux".into(), kernel: "6.18.44".into(), cpus: 2 },
        sandbox: [("no_new_privs".to_owned(), "active".to_owned())].into(),
        limits: Limits::default(),
    })))
}
