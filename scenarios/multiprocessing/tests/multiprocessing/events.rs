//! What an observer hears, and that causes come before effects.

use std::time::Duration;

use multiprocessing::{
    Error, Pool, Process, Queue, Value, current_process, get_context, getpid, os, time, variable,
};
use protocol::event::{Op, ProgramEvent, ProgramMessage, Role, SyncKind, SyncObject};
use serde_json::json;

use crate::observer::{Heard, heard};
use crate::support::tests;

/// The line of its caller.
#[track_caller]
fn line() -> u32 {
    std::panic::Location::caller().line()
}

fn line_of(message: &ProgramMessage) -> u32 {
    let at = message.at.as_ref().expect("a line");
    assert_eq!(at.file, "events.rs");
    at.line
}

/// The events of one process, in short.
fn said_by(pid: i32, heard: &[Heard]) -> Vec<String> {
    heard.iter().filter(|(who, _)| *who == pid).map(|(_, message)| kind(&message.event)).collect()
}

fn kind(event: &ProgramEvent) -> String {
    serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned()
}

/// The kind of an event with each of its texts.
fn texts_of(event: &ProgramEvent) -> Vec<(String, String)> {
    let fields = serde_json::to_value(event).unwrap();
    let texts = ["name", "error"].map(|field| fields[field].as_str().map(str::to_owned));
    texts.into_iter().flatten().map(|text| (kind(event), text)).collect()
}

fn place_of(heard: &[Heard], wanted: impl Fn(&ProgramEvent) -> bool) -> usize {
    heard.iter().position(|(_, message)| wanted(&message.event)).expect("it was said")
}

fn take(q: &Queue<()>) {
    q.get().unwrap();
}

fn make_queue(first: &Queue<u64>) {
    Queue::<i32>::new(0).unwrap();
    first.put(1).unwrap();
}

tests! {
    fn a_fork_is_numbered_and_waited_for_by_that_name() {
        let q: Queue<()> = Queue::new(0).unwrap();
        let forked = line() + 1;
        let pid = os::fork().unwrap();
        if pid == 0 {
            current_process().set_name("小明");
            q.get().unwrap();
            os::_exit(0);
        }
        // It is not let go before the wait for it has been told: the wait is what the other fork sees.
        let helper = os::fork().unwrap();
        if helper == 0 {
            time::sleep(0.3);
            q.put(()).unwrap();
            os::_exit(0);
        }
        os::waitpid(pid, 0).unwrap();
        os::waitpid(helper, 0).unwrap();
        let heard = heard();
        let named: Vec<_> = heard.iter().filter(|(who, _)| *who == pid).filter_map(|(_, said)| match &said.event {
            ProgramEvent::ProcessNamed(named) => Some((named.name.clone(), named.role, line_of(said))),
            _ => None,
        }).collect();
        assert_eq!(named, [("fork-1".to_owned(), Role::Process, forked), ("小明".to_owned(), Role::Process, forked + 2)]);
        let fork = SyncObject { object: pid as u64, name: "fork-1".to_owned(), kind: SyncKind::Process };
        let waiting = place_of(&heard, |event| *event == ProgramEvent::SyncWaiting(fork.clone()));
        assert!(waiting < place_of(&heard, |event| *event == ProgramEvent::SyncAcquired(fork.clone())));
    }

    fn the_first_word_of_a_process_is_its_name() {
        let mut p = Process::new(|| (), ()).name("听歌");
        let started = line() + 1;
        p.start().unwrap();
        p.join().unwrap();
        let heard = heard();
        let (pid, first) = &heard[0];
        assert!(matches!(&first.event, ProgramEvent::ProcessNamed(named) if named.name == "MainProcess" && named.role == Role::Main));
        assert_eq!(*pid, getpid());
        let (_, first) = heard.iter().find(|(pid, _)| Some(*pid) == p.pid()).unwrap();
        assert!(matches!(&first.event, ProgramEvent::ProcessNamed(named) if named.name == "听歌" && named.role == Role::Process));
        assert_eq!(line_of(first), started);
    }

    fn every_call_says_on_which_line_it_stands() {
        let mut p = Process::new(|| (), ());
        let first = line();
        p.start().unwrap();
        p.join().unwrap();
        p.join_timeout(Duration::ZERO).unwrap();
        p.terminate().unwrap();
        time::sleep(0.0);
        variable("m", &11);
        let mut lines: Vec<u32> = heard().iter().filter(|(pid, _)| *pid == getpid()).skip(1).map(|(_, said)| line_of(said)).collect();
        // A call that waits says so, too.
        lines.dedup();
        assert_eq!(lines, (first + 1..=first + 6).collect::<Vec<_>>());
    }

    fn a_join_that_waits_is_told_with_its_end(ctx: Context) {
        let q = ctx.queue(0).unwrap();
        let mut p = ctx.process(take, (&q,)).name("听歌");
        p.start().unwrap();
        assert!(!p.join_timeout(Duration::ZERO).unwrap());
        assert!(!p.join_timeout(Duration::from_millis(20)).unwrap());
        // The child ends only when somebody is known to wait for it.
        let listen = || {
            let mut said = Vec::new();
            while said.iter().filter(|event| matches!(event, ProgramEvent::SyncWaiting(_))).count() < 2 {
                said.extend(heard().into_iter().map(|(_, said)| said.event));
            }
            q.put(()).unwrap();
            said
        };
        let mut said = std::thread::scope(|scope| {
            let listener = scope.spawn(listen);
            p.join().unwrap();
            listener.join().unwrap()
        });
        p.join().unwrap();
        said.extend(heard().into_iter().map(|(_, said)| said.event));
        let it = SyncObject { object: p.pid().unwrap() as u64, name: "听歌".to_owned(), kind: SyncKind::Process };
        said.retain(|event| kind(event).starts_with("sync."));
        let (waiting, timeout) = (ProgramEvent::SyncWaiting(it.clone()), ProgramEvent::SyncTimeout(it.clone()));
        assert_eq!(said, [waiting.clone(), timeout, waiting, ProgramEvent::SyncAcquired(it)]);
    }

    fn the_children_that_a_process_waits_for_at_its_end_are_told() {
        let q: Queue<()> = Queue::new(0).unwrap();
        let mut p = Process::new(|| {
            Process::new(|| q.get().unwrap(), ()).name("grandchild").start().unwrap();
        }, ());
        p.start().unwrap();
        let waits = |event: &ProgramEvent| matches!(event, ProgramEvent::SyncWaiting(it) if it.name == "grandchild");
        while !heard().iter().any(|(pid, said)| Some(*pid) == p.pid() && waits(&said.event)) {}
        q.put(()).unwrap();
        p.join().unwrap();
        let acquired = |event: &ProgramEvent| matches!(event, ProgramEvent::SyncAcquired(it) if it.name == "grandchild");
        assert!(heard().iter().any(|(pid, said)| Some(*pid) == p.pid() && acquired(&said.event)));
    }

    fn a_child_that_is_no_copy_tells_of_itself_and_counts_on(ctx: Context) {
        let first = ctx.queue(0).unwrap();
        let mut p = ctx.process(make_queue, (&first,)).name("听歌");
        let started = line() + 1;
        p.start().unwrap();
        p.join().unwrap();
        let own: Vec<_> = heard().into_iter().filter(|(pid, _)| Some(*pid) == p.pid()).map(|(_, said)| said).collect();
        assert!(matches!(&own[0].event, ProgramEvent::ProcessNamed(named) if named.name == "听歌" && named.role == Role::Process));
        assert_eq!(line_of(&own[0]), started);
        assert!(matches!(&own[1].event, ProgramEvent::QueueCreated(created) if created.queue == 2));
        assert!(matches!(&own[2].event, ProgramEvent::QueuePut(put) if put.queue == 1 && put.item == 1));
    }

    fn a_fork_server_says_what_it_is() {
        let mut p = get_context("forkserver").unwrap().process(|| (), ());
        p.start().unwrap();
        p.join().unwrap();
        let servers: Vec<_> = heard().into_iter().filter(|(_, said)| matches!(&said.event,
            ProgramEvent::ProcessNamed(named) if named.role == Role::ForkServer && named.name == "forkserver")).collect();
        assert_eq!(servers.len(), 1);
    }

    fn variables_arrive_as_json_and_long_ones_as_an_ellipsis() {
        variable("m", &json!({"list": [1, 2]}));
        variable("shared", &Value::new(10i64).unwrap());
        variable("long", &"x".repeat(3000));
        let values: Vec<_> = heard().into_iter().filter_map(|(_, said)| match said.event {
            ProgramEvent::VariableSet(set) => Some((set.name, set.value)),
            _ => None,
        }).collect();
        assert_eq!(values, [("m".to_owned(), json!({"list": [1, 2]})), ("shared".to_owned(), json!(10)), ("long".to_owned(), json!("…"))]);
    }

    fn puts_and_gets_tell_item_size_and_order() {
        let q = Queue::new(2).unwrap();
        let mut producer = Process::new(|| (0..40).for_each(|n| q.put(format!("{n}.png")).unwrap()), ());
        producer.start().unwrap();
        (0..40).for_each(|n| assert_eq!(q.get().unwrap(), format!("{n}.png")));
        producer.join().unwrap();
        let mut inside = Vec::new();
        let mut next = 0;
        for (pid, said) in heard() {
            match said.event {
                ProgramEvent::QueuePut(put) => {
                    assert_eq!(Some(pid), producer.pid());
                    assert_eq!(put.value, Some(json!(format!("{next}.png"))));
                    inside.push(put.item);
                    next += 1;
                    assert_eq!(put.size, inside.len() as u64);
                    assert!(put.size <= 2);
                }
                ProgramEvent::QueueGet(get) => {
                    assert_eq!((pid, get.item), (getpid(), inside.remove(0)));
                    assert_eq!(get.size, inside.len() as u64);
                }
                _ => {}
            }
        }
        assert_eq!((next, inside.len()), (40, 0));
    }

    fn waiting_is_told_with_its_end() {
        let q = Queue::new(1).unwrap();
        assert!(q.get_timeout(Duration::from_millis(30)).is_err());
        q.put(1).unwrap();
        assert!(q.put_timeout(2, Duration::from_millis(30)).is_err());
        let mut putter = Process::new(|| q.put(3).unwrap(), ());
        putter.start().unwrap();
        while heard().iter().all(|(pid, said)| Some(*pid) != putter.pid() || kind(&said.event) != "queue.blocked") {}
        assert_eq!((q.get().unwrap(), q.get().unwrap()), (1, 3));
        putter.join().unwrap();
        let rest = heard();
        assert_eq!(said_by(putter.pid().unwrap(), &rest), ["queue.unblocked", "queue.put"]);
        let unblocked = place_of(&rest, |event| matches!(event, ProgramEvent::QueueUnblocked(op) if op.op == Op::Put));
        let first_get = place_of(&rest, |event| matches!(event, ProgramEvent::QueueGet(_)));
        assert!(first_get < unblocked);
    }

    fn timeouts_are_told() {
        let q = Queue::new(1).unwrap();
        assert!(q.get_timeout(Duration::from_millis(30)).is_err());
        q.put(1).unwrap();
        assert!(q.put_timeout(2, Duration::from_millis(30)).is_err());
        assert!(q.put_nowait(2).is_err());
        let said = said_by(getpid(), &heard());
        assert_eq!(said[1..], ["queue.created", "queue.blocked", "queue.timeout", "queue.put", "queue.blocked", "queue.timeout", "line.reached"]);
    }

    fn a_task_is_submitted_started_finished_and_called_back_in_this_order() {
        let pool = Pool::new(2).unwrap();
        let made = line() - 1;
        for name in ["听音乐", "吃饭", "打游戏"] {
            let task = |name: String| { assert_ne!(name, "吃饭", "不饿"); name.len() };
            let result = pool.apply_async(task, (name.to_owned(),)).unwrap().callback(drop).error_callback(drop);
            result.wait();
        }
        pool.close();
        pool.join().unwrap();
        let heard = heard();
        for (task, name) in [(1, "听音乐"), (3, "打游戏")] {
            let places = [
                place_of(&heard, |event| matches!(event, ProgramEvent::TaskSubmitted(said) if said.task == task && said.name == name)),
                place_of(&heard, |event| matches!(event, ProgramEvent::TaskStarted(said) if said.task == task && said.name == name)),
                place_of(&heard, |event| matches!(event, ProgramEvent::TaskFinished(said) if said.task == task && said.value == json!(name.len()))),
                place_of(&heard, |event| matches!(event, ProgramEvent::TaskCallback(said) if said.task == task && said.value == Some(json!(name.len())))),
            ];
            assert!(places.is_sorted(), "{places:?}");
            let who: Vec<i32> = places.iter().map(|place| heard[*place].0).collect();
            assert!(who[0] == getpid() && who[1] == who[2] && who[1] != getpid() && who[3] == getpid());
        }
        let failed = place_of(&heard, |event| matches!(event, ProgramEvent::TaskFailed(said) if said.task == 2 && said.error.contains("不饿")));
        let told = place_of(&heard, |event| matches!(event, ProgramEvent::TaskCallback(said) if said.error.is_some()));
        assert!(failed < told);
        let workers: Vec<_> = heard.iter().filter(|(_, said)| matches!(&said.event, ProgramEvent::ProcessNamed(named) if named.role == Role::PoolWorker)).collect();
        assert_eq!(workers.len(), 2);
        assert!(workers.iter().all(|(_, said)| line_of(said) == made));
    }

    fn a_task_without_a_text_is_called_by_its_function() {
        fn square(n: i64) -> i64 { n * n }
        let pool = Pool::new(1).unwrap();
        pool.apply(square, (3,)).unwrap();
        let heard = heard();
        place_of(&heard, |event| matches!(event, ProgramEvent::TaskSubmitted(said) if said.name == "square"));
    }

    fn a_long_error_is_told_in_brief() {
        let pool = Pool::new(1).unwrap();
        let task = || -> () { panic!("{}", "太累了".repeat(10_000)) };
        let result = pool.apply_async(task, ()).unwrap().error_callback(drop);
        let Err(Error::Task(error)) = result.get() else { panic!("no error") };
        assert_eq!(error.message.len(), 90_000);
        let said: Vec<_> = heard().into_iter().filter_map(|(_, said)| match said.event {
            ProgramEvent::TaskFailed(failed) => Some(failed.error),
            ProgramEvent::TaskCallback(called) => called.error,
            _ => None,
        }).collect();
        assert_eq!(said.len(), 2);
        assert!(said.iter().all(|error| error.starts_with("太累了") && error.ends_with('…') && error.len() < 1100));
    }

    fn long_texts_of_every_kind_and_character_lose_no_event() {
        for unit in ["x", "\u{1}", "\"", "乐", "🎵"] {
            let long = unit.repeat(20_000);
            let pool = Pool::new(1).unwrap();
            let task = |text: String| -> () { panic!("{text}") };
            let result = pool.apply_async(task, (long.clone(),)).unwrap().error_callback(drop);
            let Err(Error::Task(error)) = result.get() else { panic!("no error") };
            assert!(error.message == long);
            drop(pool);
            let mut p = Process::new(|| multiprocessing::current_process().set_name("再".repeat(20_000)), ()).name(long.clone());
            p.start().unwrap();
            p.join().unwrap();
            variable(&long, &long);
            let told = heard();
            let texts: Vec<(String, String)> = told.iter().flat_map(|(_, said)| texts_of(&said.event)).collect();
            // Whether `get` and `join` really wait is a matter of speed.
            let kinds = texts.iter().filter(|(kind, text)| text.starts_with(unit) && !kind.starts_with("sync."));
            let kinds: Vec<&str> = kinds.map(|(kind, _)| &**kind).collect();
            assert_eq!(kinds, ["task.submitted", "task.started", "task.failed", "task.failed", "task.callback", "task.callback", "process.named", "variable.set"]);
            assert!(texts.iter().all(|(_, text)| text.len() < 1100));
            assert!(texts.iter().filter(|(_, text)| text.starts_with(unit)).all(|(_, text)| text.ends_with('…')));
            assert!(texts.iter().any(|(kind, text)| kind == "process.named" && text.starts_with('再') && text.ends_with('…')));
        }
    }

    fn long_items_are_told_without_their_value() {
        let q = Queue::new(0).unwrap();
        q.put("长".repeat(100_000)).unwrap();
        q.get().unwrap();
        let values: Vec<_> = heard().into_iter().filter_map(|(_, said)| match said.event {
            ProgramEvent::QueuePut(item) | ProgramEvent::QueueGet(item) => Some((item.bytes, item.value)),
            _ => None,
        }).collect();
        assert_eq!(values, [(300_003, None), (300_003, None)]);
    }

    fn numbers_are_unique_in_the_whole_family() {
        let queues: Vec<Queue<u32>> = (0..2).map(|_| Queue::new(0).unwrap()).collect();
        let mut children: Vec<_> = (0..4).map(|_| Process::new(|| {
            let own = Queue::new(0).unwrap();
            queues.iter().chain([&own]).for_each(|q| (0..20).for_each(|n| q.put(n).unwrap()));
        }, ())).collect();
        children.iter_mut().for_each(|p| p.start().unwrap());
        children.iter().for_each(|p| p.join().unwrap());
        let (mut items, mut made) = (Vec::new(), Vec::new());
        for (_, said) in heard() {
            match said.event {
                ProgramEvent::QueuePut(put) => items.push(put.item),
                ProgramEvent::QueueCreated(created) => made.push(created.queue),
                _ => {}
            }
        }
        for (mut numbers, count) in [(items, 240), (made, 6)] {
            assert_eq!(numbers.len(), count);
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), count);
        }
    }
}
