//! The folder of one run: the program's working directory and home, with the event socket in it.
//!
//! Only the run's user may enter it, and it is removed with the run.

use std::io;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};

/// A folder that is removed when this is dropped.
pub struct RunDir(PathBuf);

impl RunDir {
    /// Makes the folder where the system keeps temporary files.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create() -> io::Result<Self> {
        let path = protocol::job::run_dir(std::process::id() as protocol::Pid);
        let make = || std::fs::DirBuilder::new().mode(0o700).create(&path);
        match make() {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Left by a supervisor of the same pid that was killed; it is dead, for we have its pid.
                std::fs::remove_dir_all(&path)?;
                make()?;
            }
            made => made?,
        }
        Ok(RunDir(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where the event socket is.
    pub fn events(&self) -> PathBuf {
        self.0.join("events")
    }

    /// Gives the folder and the socket to the user that the program will be.
    ///
    /// # Errors
    /// When the supervisor is not root.
    pub fn give_to(&self, user: u32) -> io::Result<()> {
        chown(self.events(), Some(user), Some(user))?;
        chown(&self.0, Some(user), Some(user))
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        // Whoever started us removes it too, should it learn of our end first.
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            eprintln!("process-playground: {} stays behind: {error}", self.0.display());
        }
    }
}
