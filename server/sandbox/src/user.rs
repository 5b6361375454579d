//! From root to a user that nobody else is.
//!
//! The range is the one that systemd gives to its dynamic users: no account of a
//! distribution lies in it. Two runs at once must not share a user, or they could
//! signal each other; so a user is held by binding an abstract socket of its name,
//! which the kernel releases when the holder dies (`unix(7)`).

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;

use crate::{Failure, Layer};

const FIRST: u32 = 61184;
const LAST: u32 = 65519;

/// A user, and the group of the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User(
    /// The number of both.
    pub u32,
);

/// A user that belongs to this process as long as this lives.
#[derive(Debug)]
pub struct Held {
    /// The user.
    pub user: User,
    _socket: UnixDatagram,
}

/// Finds a user that no other run holds, from a place in the range that depends on `hint`.
///
/// # Errors
/// `EAGAIN` when all 4,336 are held.
pub fn hold(hint: u32) -> Result<Held, Failure> {
    let count = LAST - FIRST + 1;
    (0..count)
        .map(|step| FIRST + (hint + step) % count)
        .filter(|number| !is_held_by_systemd(*number))
        .find_map(|number| {
            let name = format!("process-playground-user-{number}");
            let address = SocketAddr::from_abstract_name(name).ok()?;
            let socket = UnixDatagram::bind_addr(&address).ok()?;
            Some(Held { user: User(number), _socket: socket })
        })
        .ok_or(Failure { layer: Layer::UnprivilegedUser, errno: libc::EAGAIN })
}

/// Whether a service with `DynamicUser=` has this user now; systemd keeps a file for each, systemd.exec(5).
fn is_held_by_systemd(number: u32) -> bool {
    Path::new("/run/systemd/dynamic-uid").join(number.to_string()).exists()
}

/// Whether the calling process is root and therefore has to become somebody else.
pub fn is_root() -> bool {
    // SAFETY: cannot fail and touches no memory.
    unsafe { libc::geteuid() == 0 }
}

impl User {
    /// Becomes this user with no other group. The kernel drops every capability with it
    /// (`capabilities(7)`), so `SCM_CREDENTIALS` cannot be forged any more.
    ///
    /// # Errors
    /// What `setgroups`, `setresgid` or `setresuid` report, for instance where a
    /// user namespace knows no other user than root.
    pub fn apply(self) -> Result<(), Failure> {
        let id = self.0;
        // SAFETY: these change credentials of the calling process; the list of groups is empty.
        let done = unsafe {
            libc::setgroups(0, std::ptr::null()) == 0
                && libc::setresgid(id, id, id) == 0
                && libc::setresuid(id, id, id) == 0
        };
        if done { Ok(()) } else { Err(Failure::last(Layer::UnprivilegedUser)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_never_hold_the_same_user() {
        let first = hold(7).unwrap();
        let second = hold(7).unwrap();
        assert_ne!(first.user, second.user);
        assert!((FIRST..=LAST).contains(&first.user.0));
    }
}
