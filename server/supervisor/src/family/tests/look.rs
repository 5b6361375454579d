//! What is told of deaths and reapings before their own report comes.

use super::*;
use crate::family::{Wait, WaitCall};

impl Scene {
    /// Dead in the kernel; nobody has taken it.
    fn dies(&mut self, pid: Pid) {
        self.exits(pid);
        self.kernel.dead.borrow_mut().insert(pid);
    }

    fn look(&mut self) -> Vec<String> {
        self.family.look(&self.kernel, &mut self.told);
        self.told()
    }

    fn zombie(&mut self, pid: Pid) {
        self.ended(pid);
        self.told();
    }

    fn enters_wait(&mut self, tid: Pid, only: Option<Pid>) {
        self.family.enters_wait(tid, Wait { call: WaitCall::Wait4 { status: 0 }, only });
    }
}

#[test]
fn a_death_that_can_be_known_is_told_once_and_before_it_is_taken() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(11, 12);
    scene.exits(11);
    scene.told();
    assert!(scene.look().is_empty(), "it has exited and is no zombie yet");
    scene.kernel.set(12, 10);
    scene.dies(11);
    assert_eq!(scene.look(), ["11 zombie", "12 reparented 11 10"]);
    assert!(scene.look().is_empty());
    scene.ended(11);
    assert!(scene.told().is_empty());
    scene.waited(10, 11);
    assert_eq!(scene.told(), ["11 reaped 10"]);
}

#[test]
fn a_death_that_was_told_before_it_was_taken_is_reaped_when_it_is_taken() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.dies(11);
    scene.look();
    scene.kernel.reap(11);
    scene.ended(11);
    assert_eq!(scene.told(), ["11 reaped 10"], "its parent ignores SIGCHLD");
}

#[test]
fn whom_a_wait_took_is_told_before_the_wait_is_left() {
    for only in [Some(11), None] {
        let mut scene = Scene::new();
        scene.born(10, 11);
        scene.zombie(11);
        scene.enters_wait(10, only);
        assert!(scene.look().is_empty());
        scene.kernel.reap(11);
        assert_eq!(scene.look(), ["11 reaped 10"]);
        assert_eq!(scene.family.leaves_wait(10), Some(WaitCall::Wait4 { status: 0 }));
        scene.waited(10, 11);
        assert!(scene.told().is_empty());
    }
}

#[test]
fn a_wait_for_one_child_takes_no_other() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(10, 12);
    scene.zombie(11);
    scene.enters_wait(10, Some(12));
    scene.kernel.reap(11);
    assert!(scene.look().is_empty());
}

#[test]
fn two_threads_in_a_wait_may_have_taken_two() {
    let mut scene = Scene::new();
    scene.family.thread(10, 20);
    for child in [11, 12, 13] {
        scene.born(10, child);
        scene.zombie(child);
    }
    scene.enters_wait(10, None);
    scene.enters_wait(20, None);
    [12, 13].into_iter().for_each(|child| scene.kernel.reap(child));
    assert_eq!(scene.look(), ["12 reaped 10", "13 reaped 10"]);
}

#[test]
fn who_reaped_the_children_of_the_dead_is_not_guessed() {
    let mut scene = Scene::new();
    scene.born(10, 11);
    scene.born(11, 12);
    scene.zombie(12);
    scene.enters_wait(11, None);
    scene.kernel.reap(12);
    scene.kernel.dead.borrow_mut().insert(11);
    assert!(scene.look().is_empty(), "it was killed, and the killed report nothing of their waits");
}

#[test]
fn a_wait_is_over_with_its_thread() {
    let mut scene = Scene::new();
    scene.family.thread(10, 20);
    scene.born(10, 11);
    scene.enters_wait(20, None);
    scene.ended(20);
    scene.zombie(11);
    scene.kernel.reap(11);
    assert!(scene.look().is_empty());
}
