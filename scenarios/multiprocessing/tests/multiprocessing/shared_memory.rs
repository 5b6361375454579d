//! `SharedMemory`: bytes that any process can open by name.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use multiprocessing::{Error, Queue, SharedMemory, getpid, os};

use crate::support::{PLENTY, kill, tests};

fn exists(name: &str) -> bool {
    Path::new("/dev/shm").join(name).exists()
}

/// A process with a family of its own: it makes blocks and lives until it is killed or told to end.
struct Family {
    pid: i32,
    requests: Queue<bool>,
    names: Queue<String>,
}

impl Family {
    fn new() -> Family {
        let (requests, names): (Queue<bool>, Queue<String>) =
            (Queue::new(0).unwrap(), Queue::new(0).unwrap());
        let pid = os::fork().unwrap();
        if pid == 0 {
            while requests.get().unwrap() {
                names.put(SharedMemory::create(100).unwrap().name().to_owned()).unwrap();
            }
            std::process::exit(0);
        }
        Family { pid, requests, names }
    }

    /// A block that nobody will unlink.
    fn make(&self) -> String {
        self.requests.put(true).unwrap();
        let name = self.names.get().unwrap();
        assert!(exists(&name));
        name
    }

    /// Its resource tracker, which is its only child.
    fn tracker(&self) -> i32 {
        let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.pid)).unwrap();
        children.trim().parse().unwrap()
    }

    fn killed(self) {
        kill(self.pid, libc::SIGKILL);
        os::waitpid(self.pid, 0).unwrap();
    }

    fn ended(self) {
        self.requests.put(false).unwrap();
        os::waitpid(self.pid, 0).unwrap();
    }
}

/// Waits until a process that is no child of this one has ended, and its status was read.
fn gone(pid: i32) {
    // SAFETY: plain numbers; the call fails when the process is gone.
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) } as i32;
    if pidfd >= 0 {
        let mut poll = libc::pollfd { fd: pidfd, events: libc::POLLIN, revents: 0 };
        // SAFETY: one local entry that outlives the call.
        assert_eq!(unsafe { libc::poll(&mut poll, 1, PLENTY.as_millis() as i32) }, 1);
    }
}

tests! {
    fn two_who_attach_see_the_same_bytes() {
        let a = SharedMemory::create(10).unwrap();
        assert!(a.name().starts_with("psm_") && a.size() == 10 && exists(a.name()));
        let b = SharedMemory::attach(a.name()).unwrap();
        a.write(0, b"hello");
        assert_eq!((b.read(0, 5), b.read(5, 5)), (b"hello".to_vec(), vec![0; 5]));
        b.buf()[0].store(b'j', Ordering::Relaxed);
        assert_eq!(a.read(0, 5), b"jello");
        a.close();
        assert!(a.buf().is_empty());
        assert_eq!(b.read(0, 5), b"jello");
        a.unlink().unwrap();
        assert!(!exists(a.name()));
        assert!(matches!(b.unlink(), Err(Error::FileNotFound(_))));
        assert_eq!(b.read(0, 5), b"jello");
    }

    fn a_child_attaches_by_name(ctx: Context) {
        let name = format!("psm_test_{}", getpid());
        let a = SharedMemory::create_named(&name, 100).unwrap();
        let mut p = ctx.process(|name: String| SharedMemory::attach(&name).map(|b| b.write(0, b"from the child")), (name,));
        p.start().unwrap();
        p.join().unwrap();
        assert_eq!(a.read(0, 14), b"from the child");
        a.unlink().unwrap();
    }

    fn names_are_taken_once_and_must_be_there() {
        let a = SharedMemory::create(1).unwrap();
        let error = SharedMemory::create_named(a.name(), 1).err().unwrap();
        assert!(matches!(error, Error::FileExists(_)));
        assert_eq!(error.to_string(), format!("[Errno 17] File exists: '/{}'", a.name()));
        a.unlink().unwrap();
        let error = SharedMemory::attach(a.name()).err().unwrap();
        assert!(matches!(error, Error::FileNotFound(_)));
        assert_eq!(error.to_string(), format!("[Errno 2] No such file or directory: '/{}'", a.name()));
        assert!(matches!(SharedMemory::create(0), Err(Error::NoSize)));
    }

    fn it_goes_through_a_queue_by_name(ctx: Context) {
        let (a, q) = (SharedMemory::create(5).unwrap(), ctx.queue(0).unwrap());
        let mut p = ctx.process(|q: Queue<SharedMemory>| q.get().map(|b| b.write(0, b"queue")), (q.clone(),));
        p.start().unwrap();
        q.put(a.clone()).unwrap();
        p.join().unwrap();
        assert_eq!(a.read(0, 5), b"queue");
        a.unlink().unwrap();
    }

    fn what_a_killed_family_leaves_is_unlinked() {
        let family = Family::new();
        let names = [family.make(), family.make()];
        let tracker = family.tracker();
        family.killed();
        gone(tracker);
        assert!(!names.iter().any(|name| exists(name)));
    }

    fn what_a_family_leaves_at_its_end_is_unlinked_before_it_has_ended() {
        let family = Family::new();
        let name = family.make();
        family.ended();
        assert!(!exists(&name));
    }

    fn a_killed_tracker_is_replaced_by_one_that_knows_everything() {
        let family = Family::new();
        let first = family.make();
        let tracker = family.tracker();
        kill(tracker, libc::SIGKILL);
        gone(tracker);
        let second = family.make();
        assert_ne!(family.tracker(), tracker);
        let tracker = family.tracker();
        family.killed();
        gone(tracker);
        assert!(!exists(&first) && !exists(&second));
    }

    fn without_its_tracker_a_family_cleans_up_itself() {
        let family = Family::new();
        let name = family.make();
        let tracker = family.tracker();
        kill(tracker, libc::SIGKILL);
        gone(tracker);
        family.ended();
        assert!(!exists(&name));
    }

    fn a_block_stays_while_anybody_of_the_family_lives(ctx: Context) {
        let names = ctx.queue(0).unwrap();
        let make = |names: Queue<String>| -> multiprocessing::Result<()> {
            let shm = SharedMemory::create(3)?;
            shm.write(0, b"abc");
            names.put(shm.name().to_owned())
        };
        let made = || {
            let mut p = ctx.process(make, (names.clone(),));
            p.start().unwrap();
            p.join().unwrap();
            names.get().unwrap()
        };
        // As in CPython, a tracker is the affair of who has the first block, and of those who are started after that.
        assert!(!exists(&made()));
        let own = SharedMemory::create(1).unwrap();
        let theirs = SharedMemory::attach(&made()).unwrap();
        assert_eq!(theirs.read(0, 3), b"abc");
        theirs.unlink().unwrap();
        own.unlink().unwrap();
    }
}
