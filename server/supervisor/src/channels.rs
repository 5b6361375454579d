//! What processes write and say, with the kernel's word on who did.
//!
//! Standard output and standard error are stream sockets, the event channel is a
//! datagram socket in the run's folder; `SO_PASSCRED` (`unix(7)`) makes the kernel
//! add the sender's pid to each piece and never join pieces of two senders.
//! Descriptors that a program tries to pass are closed unseen.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use protocol::Pid;
use protocol::event::{MESSAGE_MAX_BYTES, Stream};
use rustix::net::{AddressFamily, SocketFlags, SocketType};

/// A piece of what was heard.
pub enum Heard {
    /// Bytes written to a standard stream.
    Output(Pid, Stream, Vec<u8>),
    /// A datagram on the event channel, and its true length: a longer one arrives cut.
    Message(Pid, Vec<u8>, usize),
}

/// The supervisor's ends.
pub struct Channels {
    /// Closed by all writers: `None`.
    outputs: [(Stream, Option<OwnedFd>); 2],
    events: OwnedFd,
    buffer: Vec<u8>,
    /// How many datagrams the kernel keeps at most.
    queue: usize,
}

/// The program's ends of its standard streams.
pub struct ProgramEnds {
    /// To become descriptor 1.
    pub stdout: OwnedFd,
    /// To become descriptor 2.
    pub stderr: OwnedFd,
}

impl Channels {
    /// Makes all three; the event socket is bound at `path`.
    ///
    /// # Errors
    /// When a socket cannot be made or bound.
    pub fn open(path: &Path) -> io::Result<(Self, ProgramEnds)> {
        let (out, stdout) = stream()?;
        let (err, stderr) = stream()?;
        let events = OwnedFd::from(UnixDatagram::bind(path)?);
        rustix::net::sockopt::set_socket_passcred(&events, true)?;
        let queue =
            std::fs::read_to_string("/proc/sys/net/unix/max_dgram_qlen")?.trim().parse().unwrap_or(512);
        let outputs = [(Stream::Stdout, Some(out)), (Stream::Stderr, Some(err))];
        let buffer = vec![0; 64 * 1024];
        Ok((Channels { outputs, events, buffer, queue }, ProgramEnds { stdout, stderr }))
    }

    /// Everything that can become readable.
    pub fn descriptors(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.outputs.iter().filter_map(|(_, fd)| fd.as_ref()).chain([&self.events]).map(AsFd::as_fd)
    }

    /// Hears what lies there now: standard output, standard error, then events.
    ///
    /// A process stands before it writes, so what lies in the event channel then was
    /// sent before, and what it wrote earlier was heard with the stop before that.
    /// Only what lies there when this begins is certain to be heard; a process that writes
    /// without end cannot hold this up.
    pub fn drain(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        for (stream, output) in &mut self.outputs {
            let Some(fd) = output else { continue };
            let mut left = rustix::io::ioctl_fionread(&*fd).unwrap_or(0);
            while left > 0 {
                let Ok(Some(piece)) = receive(fd.as_fd(), &mut self.buffer, 0) else { break };
                left = left.saturating_sub(piece.bytes as u64);
                heard.push(Heard::Output(piece.pid, *stream, self.buffer[..piece.bytes].to_vec()));
                if piece.bytes == 0 {
                    break;
                }
            }
        }
        for _ in 0..self.queue + 2 {
            let room = &mut self.buffer[..MESSAGE_MAX_BYTES];
            let Ok(Some(piece)) = receive(self.events.as_fd(), room, libc::MSG_TRUNC) else { break };
            let kept = piece.bytes.min(MESSAGE_MAX_BYTES);
            heard.push(Heard::Message(piece.pid, self.buffer[..kept].to_vec(), piece.bytes));
        }
        heard
    }

    /// Gives up a stream that every writer has closed, so that it does not wake anybody again.
    pub fn close_finished(&mut self) {
        for (_, output) in &mut self.outputs {
            output.take_if(|fd| {
                let mut byte = [0];
                // SAFETY: reads at most the one byte of the local; MSG_PEEK leaves it in place.
                let peeked = unsafe {
                    let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
                    libc::recv(fd.as_raw_fd(), byte.as_mut_ptr().cast(), 1, flags)
                };
                peeked == 0
            });
        }
    }
}

fn stream() -> io::Result<(OwnedFd, OwnedFd)> {
    let (ours, theirs) =
        rustix::net::socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    rustix::net::sockopt::set_socket_passcred(&ours, true)?;
    Ok((ours, theirs))
}

struct Piece {
    pid: Pid,
    bytes: usize,
}

/// One piece; `None` when nothing lies there. Descriptors that came with it are closed.
fn receive(fd: BorrowedFd, buffer: &mut [u8], flags: i32) -> io::Result<Option<Piece>> {
    let mut control = Control([0; 256]);
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: all zeroes is a valid msghdr.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &mut part;
    header.msg_iovlen = 1;
    header.msg_control = control.0.as_mut_ptr().cast();
    header.msg_controllen = control.0.len() as _;
    let flags = flags | libc::MSG_DONTWAIT | libc::MSG_CMSG_CLOEXEC;
    // SAFETY: the header names two live buffers with their true lengths.
    let bytes = unsafe { libc::recvmsg(fd.as_raw_fd(), &mut header, flags) };
    if bytes < 0 {
        let error = io::Error::last_os_error();
        return if error.kind() == io::ErrorKind::WouldBlock { Ok(None) } else { Err(error) };
    }
    Ok(Some(Piece { pid: attachments(&header), bytes: bytes as usize }))
}

/// Room for control messages, aligned as `cmsg(3)` wants it.
#[repr(align(8))]
struct Control([u8; 256]);

/// The sender's pid, 0 where the kernel knows none. Closes what else was attached.
fn attachments(header: &libc::msghdr) -> Pid {
    let mut pid = 0;
    // SAFETY: the kernel has filled the control buffer that the header names; the CMSG
    // macros stay within it, and each message's data is as long as its type says.
    unsafe {
        let mut message = libc::CMSG_FIRSTHDR(header);
        while let Some(found) = message.as_ref() {
            let data = libc::CMSG_DATA(found);
            match (found.cmsg_level, found.cmsg_type) {
                (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) => {
                    pid = data.cast::<libc::ucred>().read_unaligned().pid;
                }
                (libc::SOL_SOCKET, libc::SCM_RIGHTS) => {
                    let bytes = found.cmsg_len - libc::CMSG_LEN(0) as usize;
                    for index in 0..bytes / size_of::<i32>() {
                        libc::close(data.cast::<i32>().add(index).read_unaligned());
                    }
                }
                _ => {}
            }
            message = libc::CMSG_NXTHDR(header, message);
        }
    }
    pid
}
