//! As whom the program is started.

use std::process::Command;

use crate::program;

/// As whom the program is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// As the user who runs the tests, whoever that is.
    Own,
    /// As nobody, when root runs the tests.
    Nobody,
}

/// The user and group that own nothing, in Debian and elsewhere.
const NOBODY: &str = "65534";

impl Identity {
    /// All that the user who runs the tests can take on.
    pub fn all() -> Vec<Identity> {
        let root = rustix::process::geteuid().is_root();
        if root { vec![Identity::Own, Identity::Nobody] } else { vec![Identity::Own] }
    }

    /// The built program as this identity, without settings in its environment.
    pub fn command(self) -> Command {
        let program = program::path();
        let mut command = match self {
            Identity::Own => Command::new(program),
            Identity::Nobody => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--", program]);
                command
            }
        };
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAYGROUND_")) {
            command.env_remove(name);
        }
        command.current_dir("/");
        command
    }
}
