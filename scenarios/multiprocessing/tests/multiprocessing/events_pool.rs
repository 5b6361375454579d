//! What an observer hears of a pool: chunks, waits, and the end of the workers.

use std::collections::BTreeMap;
use std::time::Duration;

use multiprocessing::{Error, Pool, getpid, time};
use protocol::event::{ProgramEvent, SyncKind, SyncObject};
use serde_json::json;

use crate::observer::{Heard, heard};
use crate::support::tests;

/// The line of its caller.
#[track_caller]
fn line() -> u32 {
    std::panic::Location::caller().line()
}

fn square(n: i64) -> i64 {
    n * n
}

fn slowly(seconds: f64) -> f64 {
    time::sleep(seconds);
    seconds
}

/// The waits of this process with the lines it told them from: `waiting task slowly`.
fn waits(heard: &[Heard]) -> Vec<(String, u32)> {
    let said = heard.iter().filter(|(pid, _)| *pid == getpid());
    said.filter_map(|(_, said)| {
        let (word, object) = wait(&said.event)?;
        let kind = serde_json::to_value(object.kind).unwrap();
        Some((format!("{word} {} {}", kind.as_str().unwrap(), object.name), said.at.as_ref()?.line))
    })
    .collect()
}

fn wait(event: &ProgramEvent) -> Option<(&str, &SyncObject)> {
    match event {
        ProgramEvent::SyncWaiting(object) => Some(("waiting", object)),
        ProgramEvent::SyncAcquired(object) => Some(("acquired", object)),
        ProgramEvent::SyncTimeout(object) => Some(("timeout", object)),
        _ => None,
    }
}

/// Where each task's events stand in what was heard: submitted, started, finished or failed, called back.
fn tasks(heard: &[Heard]) -> BTreeMap<(u64, String), Vec<(&'static str, usize)>> {
    let mut tasks: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (place, (_, said)) in heard.iter().enumerate() {
        let (task, name, word) = match &said.event {
            ProgramEvent::TaskSubmitted(said) => (said.task, &said.name, "submitted"),
            ProgramEvent::TaskStarted(said) => (said.task, &said.name, "started"),
            ProgramEvent::TaskFinished(said) => (said.task, &said.name, "finished"),
            ProgramEvent::TaskFailed(said) => (said.task, &said.name, "failed"),
            ProgramEvent::TaskCallback(said) => (said.task, &said.name, "callback"),
            _ => continue,
        };
        tasks.entry((task, name.clone())).or_default().push((word, place));
    }
    tasks
}

fn words(events: &[(&'static str, usize)]) -> Vec<&'static str> {
    events.iter().map(|(word, _)| *word).collect()
}

tests! {
    fn a_chunk_is_one_task_called_by_its_elements() {
        let pool = Pool::new(2).unwrap();
        let result = pool.chunksize(3).map_async(square, 0..8).unwrap().callback(drop);
        let submitted = line() - 1;
        result.wait();
        drop(pool);
        let heard = heard();
        let tasks = tasks(&heard);
        let names: Vec<&str> = tasks.keys().map(|(_, name)| &**name).collect();
        assert_eq!(names, ["square[0:3]", "square[3:6]", "square[6:8]"]);
        let last = tasks.values().map(|events| events[2].1).max().unwrap();
        for events in tasks.values() {
            assert_eq!(words(events)[..3], ["submitted", "started", "finished"]);
            // The callback belongs to one of the chunks and comes when all are done.
            assert!(events.get(3).is_none_or(|(word, place)| *word == "callback" && *place > last));
        }
        assert_eq!(tasks.values().filter(|events| events.len() == 4).count(), 1);
        let finished = heard.iter().find_map(|(_, said)| match &said.event {
            ProgramEvent::TaskFinished(said) if said.name == "square[3:6]" => Some(said.value.clone()),
            _ => None,
        });
        assert_eq!(finished, Some(json!([9, 16, 25])));
        let lines = heard.iter().filter(|(_, said)| matches!(said.event, ProgramEvent::TaskSubmitted(_) | ProgramEvent::TaskStarted(_)));
        assert!(lines.clone().all(|(_, said)| said.at.as_ref().unwrap().line == submitted));
        assert_eq!(lines.count(), 6);
    }

    fn a_chunk_that_raises_is_one_failed_task() {
        let pool = Pool::new(1).unwrap();
        let no_fours = |n: i64| assert_ne!(n, 4, "four");
        assert!(pool.chunksize(4).map(no_fours, 0..12).is_err());
        drop(pool);
        let heard = heard();
        let ends: Vec<_> = tasks(&heard).into_values().map(|events| events[2].0).collect();
        assert_eq!(ends, ["finished", "failed", "finished"]);
    }

    fn tasks_of_imap_are_told_in_their_order() {
        let pool = Pool::new(3).unwrap();
        assert_eq!(pool.imap(square, 0..20).unwrap().count(), 20);
        let texts = ["听音乐", "吃饭"].map(str::to_owned);
        assert_eq!(pool.imap_unordered(|text: String| text.len(), texts).unwrap().count(), 2);
        drop(pool);
        let heard = heard();
        let tasks = tasks(&heard);
        assert_eq!(tasks.len(), 22);
        assert!(tasks.values().all(|events| words(events) == ["submitted", "started", "finished"]));
        assert_eq!(tasks.keys().filter(|(_, name)| name == "square").count(), 20);
        assert!(tasks.keys().any(|(_, name)| name == "吃饭"));
    }

    fn get_and_wait_tell_when_they_really_wait() {
        let pool = Pool::new(1).unwrap();
        let result = pool.apply_async(slowly, (0.3,)).unwrap();
        assert!(matches!(result.get_timeout(Duration::from_millis(10)), Err(Error::Timeout)));
        let first = line() - 1;
        result.wait();
        assert_eq!(result.get().unwrap(), 0.3);
        assert!(result.wait_timeout(Duration::ZERO));
        drop(pool);
        let heard = heard();
        let task = tasks(&heard).into_keys().next().unwrap().0;
        let said = |word: &str, line| (format!("{word} task slowly"), line);
        assert_eq!(waits(&heard), [said("waiting", first), said("timeout", first), said("waiting", first + 2), said("acquired", first + 2)]);
        let mut objects = heard.iter().filter_map(|(_, said)| wait(&said.event));
        assert!(objects.all(|(_, object)| object.object == task && object.kind == SyncKind::Task));
    }

    fn who_waits_for_a_list_waits_for_its_first_missing_chunk() {
        let pool = Pool::new(2).unwrap();
        let list = pool.chunksize(1).map(slowly, [0.2, 1.5, 0.0]).unwrap();
        let line = line() - 1;
        assert_eq!(list.len(), 3);
        let named = pool.chunksize(2).map(slowly, [0.0, 0.1, 1.5]).unwrap();
        drop((pool, named));
        let heard = heard();
        let waits = waits(&heard);
        let here: Vec<_> = waits.iter().filter(|wait| wait.1 == line).map(|wait| &*wait.0).collect();
        assert_eq!(here, ["waiting task slowly", "acquired task slowly"].repeat(2));
        let chunks: Vec<_> = waits.iter().filter(|wait| wait.1 > line).map(|wait| &*wait.0).collect();
        assert_eq!(chunks, ["waiting task slowly[0:2]", "acquired task slowly[0:2]", "waiting task slowly", "acquired task slowly"]);
    }

    fn the_iterator_of_imap_tells_for_which_element_it_waits_and_from_which_line() {
        let pool = Pool::new(2).unwrap();
        let mut count = 0;
        for result in pool.imap(slowly, [0.2, 0.2]).unwrap() {
            count += result.is_ok() as usize;
        }
        let looped = line() - 3;
        let mut results = pool.imap_unordered(slowly, [0.3]).unwrap();
        let imap = line() - 1;
        assert!(matches!(results.next_timeout(Duration::from_millis(10)), Some(Err(Error::Timeout))));
        count += results.count();
        assert_eq!(count, 3);
        drop(pool);
        let heard = heard();
        let said = |word: &str, line| (format!("{word} task slowly"), line);
        let waits = waits(&heard);
        assert_eq!(waits[..2], [said("waiting", looped), said("acquired", looped)]);
        let [.., waiting, timeout, again, acquired] = &waits[..] else { panic!("{waits:?}") };
        assert_eq!([waiting, timeout], [&said("waiting", imap + 2), &said("timeout", imap + 2)]);
        // `count` calls `next` from the standard library: the line is that of the `imap`.
        assert_eq!([again, acquired], [&said("waiting", imap), &said("acquired", imap)]);
    }

    fn join_tells_for_which_worker_it_waits() {
        let pool = Pool::new(2).unwrap();
        pool.apply_async(slowly, (0.3,)).unwrap();
        pool.close();
        pool.join().unwrap();
        let joined = line() - 1;
        let heard = heard();
        let waits = waits(&heard);
        let expected = |n| [format!("waiting process ForkPoolWorker-{n}"), format!("acquired process ForkPoolWorker-{n}")];
        assert_eq!(waits[..2], expected(1).map(|said| (said, joined)));
        assert!(waits.len() == 2 || waits[2..] == expected(2).map(|said| (said, joined)));
        let workers: Vec<i32> = heard.iter().filter(|(pid, said)| *pid != getpid() && matches!(said.event, ProgramEvent::ProcessNamed(_))).map(|(pid, _)| *pid).collect();
        let mut objects = heard.iter().filter_map(|(_, said)| wait(&said.event));
        assert!(objects.all(|(_, object)| workers.contains(&(object.object as i32))));
    }
}
