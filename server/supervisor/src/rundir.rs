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
        let base = protocol::job::run_dir(std::process::id() as protocol::Pid);
        let others = (1..100).map(|number| base.with_extension(number.to_string()));
        let mut result = make(&base);
        for path in others {
            match result {
                // Somebody else's, who had this pid before and was killed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => result = make(&path),
                other => return other,
            }
        }
        result
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

/// A new folder, also where a killed supervisor of the same pid and user left one.
fn make(path: &Path) -> io::Result<RunDir> {
    let create = || std::fs::DirBuilder::new().mode(0o700).create(path);
    match create() {
        Err(error)
            if error.kind() == io::ErrorKind::AlreadyExists && std::fs::remove_dir_all(path).is_ok() =>
        {
            create()?
        }
        made => made?,
    }
    Ok(RunDir(path.to_owned()))
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
