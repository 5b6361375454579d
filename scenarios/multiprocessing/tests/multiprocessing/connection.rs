//! `Pipe` and `Connection`: messages between two ends.

use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use multiprocessing::connection::{Dynamic, ReadOnly, WriteOnly};
use multiprocessing::{Connection, Error, Pipe, Result, signal, time, wait};

use crate::support::{BRIEFLY, PLENTY, kill, tests};

/// Sends everything back until the other end is closed.
fn echo(conn: Connection) -> Result<()> {
    loop {
        match conn.recv_bytes() {
            Ok(bytes) => conn.send_bytes(&bytes)?,
            Err(Error::EndOfFile) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

tests! {
    fn values_and_bytes_go_to_and_fro(ctx: Context) {
        let (here, there) = ctx.pipe().unwrap();
        // A forked child has a copy of `here` anyway; the others get one to close, too.
        let child = |conn: Connection, copy: Connection| { copy.close(); echo(conn) };
        let mut p = ctx.process(child, (there, here.clone()));
        p.start().unwrap();
        here.send(&(42, None::<u8>, "hello")).unwrap();
        assert_eq!(here.recv::<(i32, Option<u8>, String)>().unwrap(), (42, None, "hello".to_owned()));
        for length in [0, 1, 4_080, 4_096, 5_000_000] {
            let long: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let sender = std::thread::scope(|scope| {
                let sender = scope.spawn(|| here.send_bytes(&long));
                assert!(here.recv_bytes().unwrap() == long, "{length} bytes");
                sender.join()
            });
            sender.unwrap().unwrap();
        }
        here.close();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
    }

    fn a_message_of_another_type_is_an_error_and_the_next_is_whole() {
        let (here, there) = Pipe::duplex().unwrap();
        there.send(&1u8).unwrap();
        there.send("two").unwrap();
        assert!(matches!(here.recv::<String>(), Err(Error::Serialisation(_))));
        assert_eq!(here.recv::<String>().unwrap(), "two");
    }

    fn one_way_goes_from_the_second_end_to_the_first(ctx: Context) {
        let (r, w) = Pipe::simplex().unwrap();
        let send = |w: Connection<WriteOnly>| (0..1_000).try_for_each(|n| w.send(&n));
        let mut p = ctx.process(send, (w,));
        p.start().unwrap();
        for n in 0..1_000 {
            assert_eq!(r.recv::<i32>().unwrap(), n);
        }
        p.join().unwrap();
        assert!(matches!(r.recv::<i32>(), Err(Error::EndOfFile)));
    }

    fn the_wrong_way_is_an_error_where_the_type_does_not_say_which_way(ctx: Context) {
        let (r, w) = Pipe::with(false).unwrap();
        assert!(matches!(r.send(&1), Err(Error::ReadOnly)));
        for wrong in [w.recv::<i32>().map(drop), w.poll().map(drop)] {
            assert_eq!(wrong.unwrap_err().to_string(), "connection is write-only");
        }
        let send = |w: Connection<Dynamic>| w.send(&1);
        let mut p = ctx.process(send, (w,));
        p.start().unwrap();
        assert_eq!(r.recv::<i32>().unwrap(), 1);
        p.join().unwrap();
        assert!(matches!(r.recv::<i32>(), Err(Error::EndOfFile)));
        let (here, there) = Pipe::with(true).unwrap();
        here.send(&1).unwrap();
        there.send(&2).unwrap();
        assert_eq!((here.recv::<i32>().unwrap(), there.recv::<i32>().unwrap()), (2, 1));
    }

    fn several_may_send_short_messages_at_once(ctx: Context) {
        let (r, w) = Pipe::simplex().unwrap();
        let send = |w: Connection<WriteOnly>, n: u8| (0..500).try_for_each(|_| w.send(&[n; 32]));
        let mut senders: Vec<_> = (0..4).map(|n| ctx.process(send, (w.clone(), n))).collect();
        senders.iter_mut().for_each(|p| p.start().unwrap());
        w.close();
        let mut counts = [0; 4];
        while let Ok(message) = r.recv::<[u8; 32]>() {
            assert!(message.iter().all(|byte| *byte == message[0]));
            counts[usize::from(message[0])] += 1;
        }
        assert_eq!(counts, [500; 4]);
        senders.iter().for_each(|p| p.join().unwrap());
    }

    fn poll_says_whether_there_is_something(ctx: Context) {
        let (here, there) = ctx.pipe().unwrap();
        assert!(!here.poll().unwrap());
        let began = Instant::now();
        assert!(!here.poll_timeout(BRIEFLY).unwrap());
        assert!(began.elapsed() >= BRIEFLY);
        there.send(&1).unwrap();
        assert!(here.poll().unwrap() && here.poll_timeout(PLENTY).unwrap());
        here.recv::<i32>().unwrap();
        let mut p = ctx.process(|there: &Connection| there.send(&2), (&there,));
        p.start().unwrap();
        assert!(here.poll_timeout(PLENTY).unwrap());
        p.join().unwrap();
        here.recv::<i32>().unwrap();
        there.close();
        // The end is something, too.
        assert!(here.poll().unwrap());
        assert!(matches!(here.recv::<i32>(), Err(Error::EndOfFile)));
    }

    fn a_closed_end_is_closed() {
        let (r, w) = Pipe::simplex().unwrap();
        assert!(!r.closed() && r.fileno().is_ok());
        r.close();
        r.close();
        assert!(r.closed() && r.clone().closed());
        assert_eq!(r.recv::<u8>().unwrap_err().to_string(), "handle is closed");
        assert!(matches!(r.poll(), Err(Error::Closed)) && matches!(r.fileno(), Err(Error::Closed)));
        let error = w.send(&1).unwrap_err();
        assert!(matches!(error, Error::BrokenPipe));
        assert_eq!(error.to_string(), "[Errno 32] Broken pipe");
    }

    fn a_killed_sender_is_the_end_of_file(ctx: Context) {
        let (r, w) = Pipe::simplex().unwrap();
        let mut p = ctx.process(|w: Connection<WriteOnly>| { w.send("last").unwrap(); time::sleep(100.0) }, (w,));
        p.start().unwrap();
        assert_eq!(r.recv::<String>().unwrap(), "last");
        assert!(!r.poll_timeout(BRIEFLY).unwrap());
        p.kill().unwrap();
        assert!(matches!(r.recv::<String>(), Err(Error::EndOfFile)));
        p.join().unwrap();
    }

    fn a_sender_killed_in_the_middle_of_a_message_is_told(ctx: Context) {
        let (r, w) = Pipe::simplex().unwrap();
        // Longer than a pipe holds: it waits for room.
        let mut p = ctx.process(|w: Connection<WriteOnly>| w.send_bytes(&[7; 1 << 20]), (w,));
        p.start().unwrap();
        assert!(r.poll_timeout(PLENTY).unwrap());
        p.kill().unwrap();
        p.join().unwrap();
        let error = r.recv_bytes().unwrap_err();
        assert!(matches!(error, Error::EndOfFileInMessage));
        assert_eq!(error.to_string(), "got end of file during message");
    }

    fn a_killed_receiver_breaks_the_pipe(ctx: Context) {
        let (r, w) = Pipe::simplex().unwrap();
        let mut p = ctx.process(|_r: Connection<ReadOnly>| time::sleep(100.0), (r,));
        p.start().unwrap();
        p.kill().unwrap();
        p.join().unwrap();
        assert!(matches!(w.send(&1), Err(Error::BrokenPipe)));
    }

    fn a_message_that_is_too_long_closes_the_end() {
        let (here, there) = Pipe::duplex().unwrap();
        there.send_bytes(b"12345").unwrap();
        there.send_bytes(b"123456").unwrap();
        assert_eq!(here.recv_bytes_within(5).unwrap(), b"12345");
        let error = here.recv_bytes_within(5).unwrap_err();
        assert!(matches!(error, Error::MessageTooLong));
        assert_eq!(error.to_string(), "bad message length");
        assert!(here.closed());
    }

    fn a_full_pipe_makes_the_sender_wait(ctx: Context) {
        let (r, w) = Pipe::simplex().unwrap();
        let mut p = ctx.process(|w: Connection<WriteOnly>| (0..100).try_for_each(|_| w.send_bytes(&[1; 2_000])), (w,));
        p.start().unwrap();
        assert!(!p.join_timeout(BRIEFLY).unwrap());
        (0..100).for_each(|_| assert_eq!(r.recv_bytes().unwrap().len(), 2_000));
        assert!(p.join_timeout(Duration::from_secs(60)).unwrap());
    }

    fn one_of_several_is_waited_for(ctx: Context) {
        let pipes = [ctx.pipe().unwrap(), ctx.pipe().unwrap()];
        let files = [pipes[0].0.file().unwrap(), pipes[1].0.file().unwrap()];
        let ends = [files[0].as_fd(), files[1].as_fd()];
        assert!(wait(&ends, Some(BRIEFLY)).unwrap().is_empty());
        let mut p = ctx.process(|conn: &Connection| conn.send(&1), (&pipes[1].1,));
        p.start().unwrap();
        assert_eq!(wait(&ends, Some(PLENTY)).unwrap(), [1]);
        assert_eq!(pipes[1].0.recv::<i32>().unwrap(), 1);
        p.join().unwrap();
    }

    fn a_signal_s_handler_runs_while_a_message_is_waited_for(ctx: Context) {
        let (here, there) = ctx.pipe().unwrap();
        let child = |conn: Connection| -> Result<()> {
            let answers = conn.clone();
            signal::signal(signal::SIGUSR1, move |number: i32| answers.send(&number).unwrap())?;
            conn.send(&0)?;
            assert_eq!(conn.recv::<String>()?, "go on");
            Ok(())
        };
        let mut p = ctx.process(child, (there,));
        p.start().unwrap();
        assert_eq!(here.recv::<i32>().unwrap(), 0);
        // As in CPython, one that comes just before the wait is noticed after it.
        while !here.poll_timeout(BRIEFLY).unwrap() {
            kill(p.pid().unwrap(), libc::SIGUSR1);
        }
        assert_eq!(here.recv::<i32>().unwrap(), libc::SIGUSR1);
        here.send("go on").unwrap();
        p.join().unwrap();
        assert_eq!(p.exitcode(), Some(0));
    }
}
