//! Messages between the fork server and its family: a value, and open files that go along, `unix(7)`.

use std::io;
use std::mem::{size_of, zeroed};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::process::child::interrupted;
use crate::signal;

/// How many files the kernel lets go along with one message (`SCM_MAX_FD`).
const FILES_MAX: usize = 253;
/// What may stand in a message; whatever is longer goes along as a file.
pub(super) const TEXT_MAX_BYTES: usize = 4 << 10;
/// No message is longer: a text, its length, and the little around it.
const MESSAGE_MAX_BYTES: usize = TEXT_MAX_BYTES + 16;

/// A buffer for one control message with that many files, aligned as `cmsghdr` wants it.
type Control = [u64; 3 + FILES_MAX.div_ceil(2)];

/// Two ends of a socket that keeps messages apart. Both close at `exec`.
pub(super) fn pair() -> Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: `ends` has room for two descriptors, which nobody else owns if the call succeeds.
    unsafe {
        match libc::socketpair(libc::AF_UNIX, libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC, 0, ends.as_mut_ptr())
        {
            0 => Ok((OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1]))),
            _ => Err(Error::last_os("socketpair")),
        }
    }
}

/// Sends a message; [`io::ErrorKind::BrokenPipe`] when the other end is closed, and
/// [`io::ErrorKind::ConnectionReset`] the first time when it was closed with something unread in it.
pub(super) fn send(socket: &OwnedFd, message: &impl Serialize, files: &[RawFd]) -> Result<()> {
    if files.len() > FILES_MAX {
        return Err(Error::TooManyFiles);
    }
    let mut bytes = postcard::to_stdvec(message)?;
    let mut control: Control = [0; _];
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    loop {
        // SAFETY: the header's pointers are to locals that outlive the call; the control buffer has room for the files.
        let sent = unsafe {
            let mut header = header(&mut part, &mut control, files.len());
            let first = libc::CMSG_FIRSTHDR(&header);
            match first.is_null() {
                true => header.msg_control = std::ptr::null_mut(),
                false => fill(first, files),
            }
            libc::sendmsg(socket.as_raw_fd(), &header, libc::MSG_NOSIGNAL)
        };
        match sent {
            -1 if interrupted() => signal::run_pending(),
            -1 => return Err(Error::last_os("sendmsg")),
            _ => return Ok(()),
        }
    }
}

/// Receives a message; `None` when the other end is closed.
pub(super) fn receive<T: DeserializeOwned>(
    socket: &OwnedFd,
    flags: i32,
) -> Result<Option<(T, Vec<OwnedFd>)>> {
    let mut bytes = [0u8; MESSAGE_MAX_BYTES];
    let mut control: Control = [0; _];
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    loop {
        // SAFETY: as in `send`; the files that came along are this process's own.
        let (got, files) = unsafe {
            let mut header = header(&mut part, &mut control, FILES_MAX);
            let got = libc::recvmsg(socket.as_raw_fd(), &mut header, flags | libc::MSG_CMSG_CLOEXEC);
            (got, if got >= 0 { files_of(&header) } else { Vec::new() })
        };
        match got {
            -1 if interrupted() => signal::run_pending(),
            // The other end was closed with something unread in it.
            -1 if io::Error::last_os_error().kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            -1 => return Err(Error::last_os("recvmsg")),
            0 => return Ok(None),
            got => return Ok(Some((postcard::from_bytes(&bytes[..got as usize])?, files))),
        }
    }
}

/// A header with room for so many files.
fn header(part: &mut libc::iovec, control: &mut Control, files: usize) -> libc::msghdr {
    // SAFETY: all zeroes is an empty header.
    let mut header: libc::msghdr = unsafe { zeroed() };
    header.msg_iov = part;
    header.msg_iovlen = 1;
    if files > 0 {
        header.msg_control = control.as_mut_ptr().cast();
        // SAFETY: computes a length.
        header.msg_controllen = unsafe { libc::CMSG_SPACE((files * size_of::<RawFd>()) as u32) } as _;
    }
    header
}

/// Writes the control message that lets files go along.
///
/// # Safety
/// `first` points to a control message with room for them.
unsafe fn fill(first: *mut libc::cmsghdr, files: &[RawFd]) {
    // SAFETY: as the caller says.
    unsafe {
        (*first).cmsg_level = libc::SOL_SOCKET;
        (*first).cmsg_type = libc::SCM_RIGHTS;
        (*first).cmsg_len = libc::CMSG_LEN(size_of_val(files) as u32) as _;
        libc::CMSG_DATA(first).cast::<RawFd>().copy_from_nonoverlapping(files.as_ptr(), files.len());
    }
}

/// The files that came along.
///
/// # Safety
/// `recvmsg` has just filled the header.
unsafe fn files_of(header: &libc::msghdr) -> Vec<OwnedFd> {
    // SAFETY: the kernel wrote whole control messages, and descriptors that nobody else owns yet.
    unsafe {
        let first = libc::CMSG_FIRSTHDR(header);
        if first.is_null() || (*first).cmsg_type != libc::SCM_RIGHTS {
            return Vec::new();
        }
        let bytes = (*first).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
        let data = libc::CMSG_DATA(first).cast::<RawFd>();
        (0..bytes / size_of::<RawFd>())
            .map(|place| OwnedFd::from_raw_fd(data.add(place).read_unaligned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_files_arrive_together_and_the_end_is_seen() {
        let (here, there) = pair().unwrap();
        let (one, other) = pair().unwrap();
        send(&here, &7i32, &[one.as_raw_fd(), other.as_raw_fd()]).unwrap();
        send(&here, &8i32, &[]).unwrap();
        drop((one, other));
        let (message, files) = receive::<i32>(&there, 0).unwrap().unwrap();
        assert_eq!((message, files.len()), (7, 2));
        // They are the two ends of what was sent.
        send(&files[0], &9i32, &[]).unwrap();
        assert_eq!(receive::<i32>(&files[1], 0).unwrap().unwrap().0, 9);
        assert_eq!(
            receive::<i32>(&there, 0).unwrap().map(|(message, files)| (message, files.len())),
            Some((8, 0))
        );
        assert!(matches!(receive::<i32>(&there, libc::MSG_DONTWAIT), Err(Error::Os { step: "recvmsg", .. })));
        drop(here);
        assert!(receive::<i32>(&there, 0).unwrap().is_none());
        assert!(send(&there, &1i32, &[]).is_err());
    }

    #[test]
    fn as_many_files_go_along_as_the_kernel_allows() {
        let (here, there) = pair().unwrap();
        send(&here, &1i32, &[here.as_raw_fd(); FILES_MAX]).unwrap();
        assert_eq!(receive::<i32>(&there, 0).unwrap().unwrap().1.len(), FILES_MAX);
        assert!(matches!(send(&here, &1i32, &[here.as_raw_fd(); FILES_MAX + 1]), Err(Error::TooManyFiles)));
    }
}
