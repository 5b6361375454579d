//! `SharedMemory`: bytes that any process can open by name.

use std::path::Path;
use std::sync::atomic::Ordering;

use multiprocessing::{Error, Queue, SharedMemory, getpid};

use crate::support::tests;

fn exists(name: &str) -> bool {
    Path::new("/dev/shm").join(name).exists()
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

    fn a_child_makes_what_outlives_it(ctx: Context) {
        let names = ctx.queue(0).unwrap();
        let make = |names: &Queue<String>| -> multiprocessing::Result<()> {
            let shm = SharedMemory::create(3)?;
            shm.write(0, b"abc");
            names.put(shm.name().to_owned())
        };
        let mut p = ctx.process(make, (&names,));
        p.start().unwrap();
        p.join().unwrap();
        let shm = SharedMemory::attach(&names.get().unwrap()).unwrap();
        assert_eq!(shm.read(0, 3), b"abc");
        shm.unlink().unwrap();
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
}
