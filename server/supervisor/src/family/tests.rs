//! The family fed with fabricated reports, and a kernel that is a table.

mod look;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use protocol::Pid;
use protocol::event::{How, KernelEvent, ProcessExec, Sender};

use super::{Family, Kernel, Record};
use crate::ptrace::Signal;
use crate::status::{ExitStatus, Usage};

const ME: Pid = 1;

/// Who has which parent; who is missing is reaped.
#[derive(Default)]
struct Table {
    parents: RefCell<BTreeMap<Pid, Pid>>,
    /// Whose death waits to be taken.
    dead: RefCell<BTreeSet<Pid>>,
}

impl Table {
    fn set(&self, pid: Pid, parent: Pid) {
        self.parents.borrow_mut().insert(pid, parent);
    }

    fn reap(&self, pid: Pid) {
        self.parents.borrow_mut().remove(&pid);
    }
}

impl Kernel for Table {
    fn parent_of(&self, pid: Pid) -> Option<Pid> {
        self.parents.borrow().get(&pid).copied()
    }

    fn is_reaped(&self, pid: Pid) -> bool {
        !self.parents.borrow().contains_key(&pid)
    }

    fn death_of(&self, pid: Pid) -> Option<Usage> {
        self.dead.borrow().contains(&pid).then(Usage::default)
    }
}

/// Events in the short form `10 started 1`.
#[derive(Default)]
struct Told(Vec<String>);

impl Record for Told {
    fn record(&mut self, pid: Pid, event: KernelEvent) {
        let words = match event {
            KernelEvent::ProcessStarted(event) => format!("started {}", event.ppid),
            KernelEvent::ProcessExited(_) => "exited".into(),
            KernelEvent::ProcessZombie(_) => "zombie".into(),
            KernelEvent::ProcessReaped(event) => format!("reaped {}", event.by),
            KernelEvent::ProcessReparented(event) => format!("reparented {} {}", event.was, event.ppid),
            KernelEvent::ProcessSignaled(event) => format!("{} {:?}", event.signal, event.from),
            KernelEvent::ProcessExec(_) => "exec".into(),
            other => format!("{other:?}"),
        };
        self.0.push(format!("{pid} {words}"));
    }
}

/// A family, its kernel and its log.
struct Scene {
    family: Family,
    kernel: Table,
    told: Told,
}

impl Scene {
    /// The first process is 10.
    fn new() -> Self {
        let mut scene = Scene { family: Family::new(ME), kernel: Table::default(), told: Told::default() };
        scene.kernel.set(10, ME);
        scene.family.first(10, &mut scene.told);
        scene
    }

    fn born(&mut self, by: Pid, child: Pid) {
        self.kernel.set(child, self.family.process_of(by).unwrap());
        self.family.born(by, child, How::Fork, &mut self.told);
    }

    fn exits(&mut self, tid: Pid) {
        if let Some(pid) = self.family.ending(tid) {
            self.family.exited(pid, ExitStatus::Code(0), &mut self.told);
        }
    }

    fn ended(&mut self, tid: Pid) {
        self.exits(tid);
        self.family.ended(tid, Usage::default(), &self.kernel, &mut self.told);
    }

    fn waited(&mut self, by: Pid, child: Pid) {
        self.kernel.reap(child);
        self.family.waited(by, child, &self.kernel, &mut self.told);
    }

    fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told.0)
    }
}

#[test]
fn a_child_lives_dies_and_is_reaped_by_its_parent() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.exits(11);
    scene.ended(11);
    scene.waited(10, 11);
    let told = ["10 started 1", "11 started 10", "11 exited", "11 zombie", "11 reaped 10"];
    assert_eq!(scene.told(), told);
    assert_eq!(scene.family.take_reaped(), [11]);
}

#[test]
fn a_wait_that_takes_no_status_reaps_nobody() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.ended(11);
    scene.family.waited(10, 11, &scene.kernel, &mut scene.told);
    assert_eq!(scene.told().last().unwrap(), "11 zombie");
}

#[test]
fn a_process_exits_with_its_last_thread_whoever_that_is() {
    let mut scene = Scene::new();
    scene.family.thread(10, 12);
    scene.exits(10);
    assert_eq!(scene.told(), ["10 started 1"]);
    assert_eq!(scene.family.living(), 1);
    scene.exits(12);
    assert_eq!(scene.told(), ["10 exited"]);
}

#[test]
fn an_exec_from_a_thread_leaves_one_task_with_the_leaders_number() {
    let mut scene = Scene::new();
    scene.family.thread(10, 12);
    scene.family.thread(10, 13);
    scene.exits(10);
    scene.exits(13);
    scene.ended(13);
    scene.family.exec(10, ProcessExec { exe: String::new(), argv: vec![] }, &mut scene.told);
    assert_eq!(scene.family.living(), 1);
    assert_eq!(scene.family.process_of(12), None);
    scene.ended(10);
    assert_eq!(scene.told(), ["10 started 1", "10 exec", "10 exited", "10 zombie", "10 reaped 1"]);
}

#[test]
fn orphans_go_where_the_kernel_gave_them() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(11, 12);
    scene.born(11, 13);
    scene.told();
    scene.kernel.set(12, 10);
    scene.kernel.set(13, ME);
    scene.ended(11);
    let told = ["11 exited", "11 zombie", "12 reparented 11 10", "13 reparented 11 1"];
    assert_eq!(scene.told(), told);
}

#[test]
fn an_orphan_that_is_a_zombie_comes_twice() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(11, 12);
    scene.ended(12);
    scene.told();
    scene.kernel.set(12, ME);
    scene.ended(11);
    scene.kernel.reap(12);
    scene.ended(12);
    let told = ["11 exited", "11 zombie", "12 reparented 11 1", "12 reaped 1"];
    assert_eq!(scene.told(), told);
}

#[test]
fn a_zombie_may_come_the_second_time_before_its_parents_end_is_reported() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(11, 12);
    scene.ended(12);
    scene.exits(11);
    scene.told();
    scene.kernel.reap(12);
    scene.ended(12);
    scene.ended(11);
    assert_eq!(scene.told(), ["12 reparented 11 1", "12 reaped 1", "11 zombie"]);
}

#[test]
fn a_parent_that_ignores_its_children_is_told_as_their_reaper() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.told();
    scene.exits(11);
    scene.kernel.reap(11);
    scene.ended(11);
    assert_eq!(scene.told(), ["11 exited", "11 zombie", "11 reaped 10"]);
}

#[test]
fn a_subreaper_may_wait_before_the_former_parents_end_is_reported() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(11, 12);
    scene.ended(12);
    scene.exits(11);
    scene.told();
    scene.waited(10, 12);
    assert_eq!(scene.told(), ["12 reparented 11 10", "12 reaped 10"]);
}

#[test]
fn a_number_that_comes_again_is_another_process() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.ended(11);
    scene.told();
    scene.family.comes_again(11, &mut scene.told);
    scene.born(10, 11);
    assert_eq!(scene.told(), ["11 reaped 10", "11 started 10"]);
    assert!(scene.family.is_alive(11));
}

#[test]
fn a_sibling_has_its_makers_parent() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.family.clones_for_parent(11);
    scene.family.born(11, 12, How::Fork, &mut scene.told);
    scene.family.born(11, 13, How::Fork, &mut scene.told);
    assert_eq!(scene.told()[2..], ["12 started 10", "13 started 11"]);
}

#[test]
fn a_sibling_is_awaited_until_its_maker_reports_it_or_ends() {
    let mut scene = Scene::new();
    scene.family.clones_for_parent(10);
    assert!(scene.family.awaits_sibling(ME) && !scene.family.awaits_sibling(10));
    scene.family.born(10, 11, How::Fork, &mut scene.told);
    assert!(!scene.family.awaits_sibling(ME));
    scene.family.clones_for_parent(10);
    scene.exits(10);
    assert!(!scene.family.awaits_sibling(ME));
}

#[test]
fn a_birth_reported_after_its_task_was_found_is_told_once() {
    let mut scene = Scene::new();
    scene.family.found(11, 10, &mut scene.told);
    scene.family.born(10, 11, How::Fork, &mut scene.told);
    scene.family.thread(10, 12);
    scene.family.thread(10, 12);
    assert_eq!(scene.told(), ["10 started 1", "11 started 10"]);
    assert_eq!(scene.family.living(), 3);
}

#[test]
fn who_sent_the_kill_is_told_when_it_was_the_end() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(10, 12);
    scene.told();
    for (pid, status) in [(11, ExitStatus::Signal(libc::SIGKILL)), (12, ExitStatus::Code(0))] {
        scene.family.kills(pid, Sender::Pid(10));
        let pid = scene.family.ending(pid).unwrap();
        scene.family.exited(pid, status, &mut scene.told);
    }
    assert_eq!(scene.told(), ["11 SIGKILL Pid(10)", "11 exited", "12 exited"]);
}

#[test]
fn signals_of_a_visitor_that_became_one_leave_nothing_behind() {
    let mut scene = Scene::new();
    scene.family.visitor_sends(10, libc::SIGTERM);
    scene.family.visitor_sends(10, libc::SIGTERM);
    for _ in 0..2 {
        let signal = Signal { signal: libc::SIGTERM, code: libc::SI_USER, sender: ME };
        scene.family.signaled(10, signal, &mut scene.told);
    }
    assert_eq!(scene.told()[1..], ["10 SIGTERM Visitor(Visitor)", "10 SIGTERM Pid(1)"]);
}

/// Random lives in random order: every process is started, exited, zombie and reaped, once and in this order.
#[test]
fn whatever_happens_every_life_is_told_whole() {
    for seed in 1..500 {
        let mut scene = Scene::new();
        let mut chance = Chance(seed);
        let mut living = BTreeSet::from([10]);
        let mut zombies = BTreeSet::new();
        let mut next = 11;
        while !living.is_empty() {
            let pid = *living.iter().nth(chance.below(living.len())).unwrap();
            match chance.below(4) {
                0 | 1 if next < 40 => {
                    scene.born(pid, next);
                    living.insert(next);
                    next += 1;
                }
                2 => {
                    let mine = |zombie: &&Pid| scene.family.parent(**zombie) == Some(pid);
                    if let Some(zombie) = zombies.iter().find(mine).copied() {
                        scene.waited(pid, zombie);
                        zombies.remove(&zombie);
                    }
                }
                3 => {
                    living.remove(&pid);
                    die(&mut scene, pid, &mut zombies);
                }
                _ => {}
            }
        }
        let count = scene.family.count();
        assert_eq!(
            (count.started, count.exited, count.reaped),
            (next as u64 - 10, count.started, count.started)
        );
        check(&scene.told());
    }
}

/// A process ends: the kernel gives its children to the supervisor, who buries the dead among them.
fn die(scene: &mut Scene, pid: Pid, zombies: &mut BTreeSet<Pid>) {
    scene.exits(pid);
    let orphans: Vec<Pid> = scene
        .kernel
        .parents
        .borrow()
        .iter()
        .filter(|(_, parent)| **parent == pid)
        .map(|(child, _)| *child)
        .collect();
    for orphan in &orphans {
        scene.kernel.set(*orphan, ME);
    }
    if scene.family.parent(pid) == Some(ME) {
        scene.kernel.reap(pid);
    } else {
        zombies.insert(pid);
    }
    scene.ended(pid);
    for orphan in orphans.iter().filter(|orphan| zombies.remove(orphan)) {
        scene.kernel.reap(*orphan);
        scene.ended(*orphan);
    }
}

fn check(told: &[String]) {
    let mut phase: BTreeMap<&str, &str> = BTreeMap::new();
    let mut parent: BTreeMap<&str, &str> = BTreeMap::new();
    for line in told {
        let words: Vec<&str> = line.split(' ').collect();
        let former = phase.get(words[0]).copied();
        match words[1] {
            "started" => assert_eq!(former, None, "{line}"),
            "exited" => assert_eq!(former, Some("started"), "{line}"),
            "zombie" => assert_eq!(former, Some("exited"), "{line}"),
            "reaped" => assert_eq!((former, parent[words[0]]), (Some("zombie"), words[2]), "{line}"),
            _ => assert_eq!(parent[words[0]], words[2], "{line}"),
        }
        match words[1] {
            "reparented" => drop(parent.insert(words[0], words[3])),
            "started" => drop((phase.insert(words[0], words[1]), parent.insert(words[0], words[2]))),
            _ => drop(phase.insert(words[0], words[1])),
        }
    }
}

/// A sequence that looks random and is the same for the same seed (Lehmer).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        (self.0 % end as u64) as usize
    }
}
