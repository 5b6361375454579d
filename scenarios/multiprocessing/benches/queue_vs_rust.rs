//! `Queue` against what else there is in Rust to bring a number from one process to another, in turns.
//!
//! `ipc-channel` is Rust's best-known channel between processes. The others are
//! bare calls of the kernel with eight bytes a message, nothing serialised and
//! nothing kept whole when somebody dies: they are what a message costs at
//! least by that road. The last stays in one process: Rust's best-known channel
//! between threads. All have one sender and one receiver; a `Queue` would allow any
//! number. `MULTIPROCESSING_ROUNDS` sets the number of rounds (5).

use std::env;
use std::ffi::CString;
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Instant;

use ipc_channel::ipc;
use multiprocessing::{Process, Queue, Result};

/// What a process of this program finds its work in.
const WORK_ENV: &str = "MULTIPROCESSING_WORK";

/// What brings so many messages over, in seconds.
type Road = fn(u64) -> Result<f64>;

/// The roads, ours first, and how many messages: as many as take a good tenth of a second.
const ROADS: [(&str, u64, Road); 7] = [
    ("Queue()", 2_000_000, |count| queue(0, count)),
    ("Queue(5)", 1_000_000, |count| queue(5, count)),
    ("ipc-channel", 200_000, ipc_channel),
    ("socketpair, SOCK_SEQPACKET", 200_000, seqpacket),
    ("mq_overview(7), 5 messages", 50_000, message_queue),
    ("pipe(7)", 400_000, pipe),
    ("threads: crossbeam bounded(5)", 1_000_000, threads),
];

fn main() -> ExitCode {
    let Ok(work) = env::var(WORK_ENV) else { return compare() };
    multiprocessing::run(|| {
        let (_, count, road) = ROADS.into_iter().find(|(name, ..)| *name == work).expect("one of them");
        road(count).map(|seconds| println!("{}", count as f64 / seconds))
    })
}

fn compare() -> ExitCode {
    let rounds = env::var("MULTIPROCESSING_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let mut rates = ROADS.map(|_| Vec::new());
    for _ in 0..rounds {
        for ((name, ..), rates) in ROADS.iter().zip(&mut rates) {
            rates.push(rate(name));
        }
    }
    let rates = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rounds / 2]
    });
    println!("{:<30} {:>12} {:>12} {:>12}", "1→1", "messages/s", "Queue() is", "Queue(5) is");
    for ((name, ..), rate) in ROADS.iter().zip(rates) {
        println!("{name:<30} {rate:>12.0} {:>11.1}× {:>11.1}×", rates[0] / rate, rates[1] / rate);
    }
    ExitCode::SUCCESS
}

fn rate(work: &str) -> f64 {
    let program = env::current_exe().expect("this program has a file");
    let output = Command::new(program).env(WORK_ENV, work).output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a rate")
}

fn queue(capacity: usize, count: u64) -> Result<f64> {
    let q = Queue::new(capacity)?;
    let produce = || (0..count).try_for_each(|n| q.put(n));
    let consume = || (0..count).try_for_each(|_| q.get().map(|n| _ = black_box(n)));
    timed([Process::new(produce, ()), Process::new(consume, ())])
}

fn ipc_channel(count: u64) -> Result<f64> {
    let (sender, receiver) = ipc::channel::<u64>().expect("a socket pair");
    let produce = || (0..count).for_each(|n| sender.send(n).expect("it is received"));
    let consume = || (0..count).for_each(|_| _ = black_box(receiver.recv().expect("it was sent")));
    timed([Process::new(produce, ()), Process::new(consume, ())])
}

fn seqpacket(count: u64) -> Result<f64> {
    let mut ends = [0; 2];
    // SAFETY: there is room for two descriptors.
    let made = unsafe { libc::socketpair(libc::AF_UNIX, libc::SOCK_SEQPACKET, 0, ends.as_mut_ptr()) };
    assert_eq!(made, 0, "a socket pair");
    // SAFETY: the call above returned them, and nobody else owns them.
    let [near, far] = ends.map(|end| unsafe { OwnedFd::from_raw_fd(end) });
    bytes(near.into(), far.into(), count)
}

fn pipe(count: u64) -> Result<f64> {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    bytes(OwnedFd::from(writer).into(), OwnedFd::from(reader).into(), count)
}

/// Eight bytes a message through two files.
fn bytes(mut into: File, mut out: File, count: u64) -> Result<f64> {
    let produce = move || (0..count).for_each(|n: u64| into.write_all(&n.to_ne_bytes()).expect("it is read"));
    let consume = move || {
        let mut message = [0; 8];
        (0..count).for_each(|_| out.read_exact(&mut message).expect("it was written"));
        black_box(message);
    };
    timed([Process::new(produce, ()), Process::new(consume, ())])
}

fn message_queue(count: u64) -> Result<f64> {
    let name = CString::new(format!("/multiprocessing-bench-{}", std::process::id())).expect("no zero in it");
    // SAFETY: all zeroes are a valid value; the call reads the two fields that are set.
    let mut terms: libc::mq_attr = unsafe { std::mem::zeroed() };
    (terms.mq_maxmsg, terms.mq_msgsize) = (5, 8);
    // SAFETY: name and terms outlive the calls; the descriptor is ours alone.
    let queue = unsafe {
        let queue = libc::mq_open(name.as_ptr(), libc::O_RDWR | libc::O_CREAT | libc::O_EXCL, 0o600, &terms);
        libc::mq_unlink(name.as_ptr());
        assert!(queue >= 0, "mq_open: {}", std::io::Error::last_os_error());
        OwnedFd::from_raw_fd(queue)
    };
    let fd = queue.as_raw_fd();
    // SAFETY: the buffers are locals of that size, and the queue is open.
    let send = |n: u64| unsafe { libc::mq_send(fd, n.to_ne_bytes().as_ptr().cast(), 8, 0) };
    let receive = |message: &mut [u8; 8]| {
        // SAFETY: as above.
        unsafe { libc::mq_receive(fd, message.as_mut_ptr().cast(), 8, std::ptr::null_mut()) }
    };
    let produce = || (0..count).for_each(|n| assert_eq!(send(n), 0));
    let consume = || (0..count).for_each(|_| assert_eq!(receive(&mut [0; 8]), 8));
    timed([Process::new(produce, ()), Process::new(consume, ())])
}

/// Between threads of one process.
fn threads(count: u64) -> Result<f64> {
    let (sender, receiver) = crossbeam_channel::bounded(5);
    let began = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || (0..count).for_each(|n| sender.send(n).expect("it is received")));
        scope.spawn(move || receiver.iter().for_each(|n| _ = black_box(n)));
    });
    Ok(began.elapsed().as_secs_f64())
}

fn timed(mut processes: [Process<'_>; 2]) -> Result<f64> {
    let began = Instant::now();
    processes.iter_mut().try_for_each(|p| p.start())?;
    processes.iter().try_for_each(|p| p.join())?;
    assert!(processes.iter().all(|p| p.exitcode() == Some(0)));
    Ok(began.elapsed().as_secs_f64())
}
