//! The folder from which programs are run that are not in this very file.
//!
//! Runs are another user's where the server is root's, and the repository may lie where that user
//! cannot look. So the programs are written to a folder of their own, which all may read and
//! nobody but its owner may change. It is removed with the server. A server that was killed cannot
//! do that; its folder bears its pid, and the lock on it is gone with it, so the next one does.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What the folders are called; the pid of the server follows.
const NAME: &str = "process-playground-programs-";

/// The file in it that a living server holds a lock on.
const LOCK: &str = "lock";

/// A folder of programs, removed when this is dropped.
pub struct Programs {
    path: PathBuf,
    _lock: File,
}

impl Programs {
    /// An empty folder. Removes what servers left that are dead.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn make() -> io::Result<Self> {
        let base = std::env::temp_dir();
        remove_leftovers(&base);
        let path = make_folder(&base)?;
        let lock = File::create(path.join(LOCK))?;
        lock.try_lock().map_err(io::Error::from)?;
        Ok(Programs { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file, whatever the umask.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, file: &Path, content: &[u8], executable: bool) -> io::Result<()> {
        let path = self.path.join(file);
        let folders = file.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        let mut folders: Vec<&Path> = folders.collect();
        folders.reverse();
        for folder in folders.into_iter().map(|folder| self.path.join(folder)) {
            if !folder.exists() {
                fs::create_dir(&folder)?;
            }
            fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
        }
        fs::write(&path, content)?;
        fs::set_permissions(&path, Permissions::from_mode(if executable { 0o755 } else { 0o644 }))
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("process-playground: {} stays behind: {error}", self.path.display());
        }
    }
}

/// A new folder of this process. Another's of the same name is not touched: its owner may be
/// somebody who wants us to use it.
fn make_folder(base: &Path) -> io::Result<PathBuf> {
    let pid = std::process::id();
    let names = (0..100).map(|number| format!("{NAME}{pid}-{number}"));
    for path in names.map(|name| base.join(name)) {
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {
                fs::set_permissions(&path, Permissions::from_mode(0o755))?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// What cannot be removed is somebody else's, or is tried again by the next server.
fn remove_leftovers(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| is_leftover(path)) {
        let _ = fs::remove_dir_all(path);
    }
}

/// Whether it is ours, and neither the process lives that it is named after nor anybody holds its
/// lock. The pid alone may be that of a server in another container with the same `/tmp`.
fn is_leftover(path: &Path) -> bool {
    let pid =
        || -> Option<u32> { path.file_name()?.to_str()?.strip_prefix(NAME)?.split('-').next()?.parse().ok() };
    let Some(pid) = pid() else { return false };
    let own = fs::metadata("/proc/self").map(|own| own.uid());
    let is_ours =
        fs::symlink_metadata(path).is_ok_and(|it| it.is_dir() && own.is_ok_and(|own| own == it.uid()));
    let is_held = || File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_err());
    is_ours && !Path::new(&format!("/proc/{pid}")).exists() && !is_held()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pid that no process has: above the highest that Linux gives.
    const NOBODY: u32 = 1 << 23;

    #[test]
    fn everybody_can_read_what_is_written_and_it_is_gone_in_the_end() {
        let programs = Programs::make().unwrap();
        programs.write(Path::new("a/b/main.sh"), b"#!/bin/sh\n", true).unwrap();
        programs.write(Path::new("a/main.py"), b"pass\n", false).unwrap();
        let mode = |file: &str| fs::metadata(programs.path().join(file)).unwrap().mode() & 0o777;
        let modes = ["", "a", "a/b", "a/b/main.sh", "a/main.py"].map(mode);
        assert_eq!(modes, [0o755, 0o755, 0o755, 0o755, 0o644]);
        let path = programs.path().to_owned();
        drop(programs);
        assert!(!path.exists());
    }

    #[test]
    fn only_the_folder_of_a_dead_server_is_removed() {
        let base = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let path = base.path().join(name);
            fs::create_dir(&path).unwrap();
            (path.clone(), File::create(path.join(LOCK)).unwrap())
        };
        let (dead, _) = folder(&format!("{NAME}{NOBODY}-0"));
        let (alive, _) = folder(&format!("{NAME}{}-0", std::process::id()));
        let (held, lock) = folder(&format!("{NAME}{NOBODY}-1"));
        let (other, _) = folder("process-playground-programs");
        lock.try_lock().unwrap();
        remove_leftovers(base.path());
        assert_eq!([dead, alive, held, other].map(|path| path.exists()), [false, true, true, true]);
    }
}
