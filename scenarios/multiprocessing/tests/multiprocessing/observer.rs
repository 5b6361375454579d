//! The other end of the event socket: who said what, in which order.

use std::env;
use std::io;
use std::mem::{MaybeUninit, size_of, zeroed};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use protocol::event::{EVENTS_ENV, MESSAGE_MAX_BYTES, ProgramMessage};

/// A message and the pid that the kernel names as its sender.
pub type Heard = (i32, ProgramMessage);

static HEARD: OnceLock<Mutex<Receiver<Option<Heard>>>> = OnceLock::new();

/// Binds the socket that the environment names, if it does, and listens in a thread.
pub fn open() {
    let Some(path) = env::var_os(EVENTS_ENV) else { return };
    let socket = UnixDatagram::bind(path).expect("the folder is new");
    let on: libc::c_int = 1;
    // SAFETY: the option's value is a local of the size that is said.
    unsafe {
        let size = size_of::<libc::c_int>() as libc::socklen_t;
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_PASSCRED,
            (&raw const on).cast(),
            size,
        );
    }
    let (tell, heard) = channel();
    HEARD.get_or_init(|| Mutex::new(heard));
    thread::spawn(move || listen(&socket, &tell));
}

/// Everything that was said so far. All who speak must have ended, or be the caller.
pub fn heard() -> Vec<Heard> {
    let path = env::var_os(EVENTS_ENV).expect("an events test");
    UnixDatagram::unbound().and_then(|socket| socket.send_to(b"end", path)).expect("it is bound");
    let heard = HEARD.get().expect("an events test").lock().expect("one asker");
    std::iter::from_fn(|| heard.recv().expect("the listener lives")).collect()
}

fn listen(socket: &UnixDatagram, tell: &Sender<Option<Heard>>) {
    let mut buffer = vec![0; MESSAGE_MAX_BYTES + 1];
    loop {
        let (pid, len) = receive(socket, &mut buffer).expect("receiving works");
        assert!(len <= MESSAGE_MAX_BYTES);
        let message = &buffer[..len];
        let heard = match message {
            b"end" => None,
            message => Some((pid, serde_json::from_slice(message).expect("a message of the protocol"))),
        };
        if tell.send(heard).is_err() {
            return;
        }
    }
}

/// One datagram and its sender.
fn receive(socket: &UnixDatagram, buffer: &mut [u8]) -> io::Result<(i32, usize)> {
    let mut control = MaybeUninit::<[u64; 8]>::zeroed();
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: all zeroes is an empty header; its pointers are to locals that outlive the call; the control buffer is
    // aligned for `cmsghdr` and long enough for one `ucred`, which the kernel writes whole or not at all.
    unsafe {
        let mut header: libc::msghdr = zeroed();
        header.msg_iov = &mut part;
        header.msg_iovlen = 1;
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = size_of::<[u64; 8]>() as _;
        let len = libc::recvmsg(socket.as_raw_fd(), &mut header, 0);
        if len < 0 {
            return Err(io::Error::last_os_error());
        }
        let first = libc::CMSG_FIRSTHDR(&header);
        assert!(!first.is_null() && (*first).cmsg_type == libc::SCM_CREDENTIALS);
        let credentials = libc::CMSG_DATA(first).cast::<libc::ucred>().read_unaligned();
        Ok((credentials.pid, len as usize))
    }
}
