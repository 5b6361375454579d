//! What a run's processes leave where everybody's temporary things are, once none of them lives.
//!
//! Named semaphores and shared memory (`shm_overview(7)`) are files in `/dev/shm` and outlive their
//! makers. Who ends in peace unlinks them, and CPython has a process that does it for those who do
//! not; when all are killed at once nobody does.
//!
//! A run with a user of its own leaves nothing that is not its own: what that user has and was made since
//! the run began is removed. Where runs share the server's user, the owner of a file says nothing, and neither
//! does its name. There the filter of system calls asks whenever a file is given a name, and what is removed
//! are the names in `/dev/shm` that processes of this run gave, if they stand for the same file still and no
//! living process has it in its memory. Without ptrace(2) nobody knows, and they stay.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use protocol::Pid;

use crate::ptrace;

/// Where the C library keeps named semaphores and shared memory.
const SHARED_MEMORY: &str = "/dev/shm";

/// What may have to be removed.
pub enum Leftovers {
    /// Everything that a user has made since then.
    OfUser(OfUser),
    /// What processes of the run were seen to make.
    Seen(Names),
}

/// A run's own user, and when the run began.
pub struct OfUser {
    since: i64,
    user: u32,
}

/// Names in `/dev/shm` that processes of the run gave.
#[derive(Default)]
pub struct Names {
    /// Each with the file that it was given to.
    given: BTreeMap<PathBuf, File>,
    /// Those that a task is about to give to a file; it was nobody's before.
    coming: HashMap<Pid, PathBuf>,
}

/// A file, whatever it is called: device and number.
type File = (u64, u64);

impl Leftovers {
    /// Of a run that begins now, as `own_user` or as whoever runs the supervisor.
    pub fn begin(own_user: Option<u32>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        match own_user {
            Some(user) => Leftovers::OfUser(OfUser { since: now.as_secs() as i64, user }),
            None => Leftovers::Seen(Names::default()),
        }
    }

    /// A task is about to give a file the name at `address` of its memory. Whether it matters how that ends.
    pub fn will_be_made(&mut self, tid: Pid, address: u64) -> bool {
        match self {
            Leftovers::OfUser(_) => false,
            Leftovers::Seen(names) => read_name(tid, address).is_some_and(|path| names.come(tid, path)),
        }
    }

    /// A task left a system call, perhaps one that it was stopped in for a name.
    pub fn was_made(&mut self, tid: Pid, result: i64) {
        if let Leftovers::Seen(names) = self {
            names.came(tid, result >= 0);
        }
    }

    /// Removes them; nobody of the run lives any more.
    pub fn remove(&self) {
        match self {
            Leftovers::OfUser(of) => of.left().iter().for_each(|path| remove(path)),
            Leftovers::Seen(names) => {
                names.left().iter().filter(|path| !is_mapped(path)).for_each(|path| remove(path))
            }
        }
    }
}

impl OfUser {
    fn left(&self) -> Vec<PathBuf> {
        [PathBuf::from(SHARED_MEMORY), std::env::temp_dir()].iter().flat_map(|it| self.found_in(it)).collect()
    }

    fn found_in(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.metadata().is_ok_and(|it| self.is_ours(&it)))
            .map(|entry| entry.path())
            .collect()
    }

    fn is_ours(&self, it: &Metadata) -> bool {
        it.uid() == self.user && born(it) >= self.since
    }
}

impl Names {
    /// A task is about to give this name; one that a file has already is not its to give.
    fn come(&mut self, tid: Pid, path: PathBuf) -> bool {
        let is_free = file(&path).is_none();
        if is_free {
            self.coming.insert(tid, path);
        }
        is_free
    }

    fn came(&mut self, tid: Pid, done: bool) {
        let Some(path) = self.coming.remove(&tid).filter(|_| done) else { return };
        if let Some(file) = file(&path) {
            self.given.insert(path, file);
        }
    }

    /// The names that are still there, also of whoever was killed in the midst of giving one.
    fn left(&self) -> Vec<&Path> {
        let given = self.given.iter().filter(|(path, made)| file(path) == Some(**made)).map(|(path, _)| path);
        let coming = self.coming.values().filter(|path| file(path).is_some());
        given.chain(coming).map(PathBuf::as_path).collect()
    }
}

/// The file that has a name.
fn file(path: &Path) -> Option<File> {
    fs::symlink_metadata(path).ok().map(|it| (it.dev(), it.ino()))
}

/// The name at `address` of a standing tracee, if it is one in `/dev/shm`.
fn read_name(tid: Pid, address: u64) -> Option<PathBuf> {
    const LONGEST: usize = SHARED_MEMORY.len() + 1 + libc::NAME_MAX as usize;
    let mut path = Vec::new();
    while path.len() <= LONGEST {
        let word = ptrace::peek(tid, address + path.len() as u64)?.to_ne_bytes();
        let end = word.iter().position(|byte| *byte == 0);
        path.extend(&word[..end.unwrap_or(word.len())]);
        if !SHARED_MEMORY.as_bytes().iter().zip(&path).all(|(expected, byte)| expected == byte) {
            return None;
        }
        if end.is_some() {
            return in_shared_memory(&path);
        }
    }
    None
}

/// The path, if it is that of a file in `/dev/shm` itself.
fn in_shared_memory(path: &[u8]) -> Option<PathBuf> {
    let path = Path::new(std::str::from_utf8(path).ok()?);
    (path.parent() == Some(Path::new(SHARED_MEMORY)) && path.file_name().is_some()).then(|| path.to_owned())
}

/// When it was made. Where the kernel does not say so, when it was changed: somebody else's, made before, may be
/// written to while the run goes on.
fn born(it: &Metadata) -> i64 {
    let made = it.created().ok().and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    made.map_or(it.ctime(), |made| made.as_secs() as i64)
}

/// Whether a process has it in its memory, `proc_pid_maps(5)`. By its number: `sem_open(3)` maps a new semaphore under
/// another name than it gets.
fn is_mapped(path: &Path) -> bool {
    let Ok(it) = fs::symlink_metadata(path) else { return false };
    let device = format!("{:02x}:{:02x}", libc::major(it.dev()), libc::minor(it.dev()));
    let inode = it.ino().to_string();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut maps = processes.filter_map(|entry| fs::read_to_string(entry.path().join("maps")).ok());
    maps.any(|maps| maps.lines().any(|line| line.split_whitespace().skip(3).take(2).eq([&*device, &*inode])))
}

fn remove(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
    let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    if let Err(error) = removed
        && error.kind() != std::io::ErrorKind::NotFound
    {
        eprintln!("process-playground: {} stays behind: {error}", path.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_since_the_run_began_and_is_its_users_is_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("psm_1");
        fs::write(&file, "x").unwrap();
        let made = fs::metadata(&file).unwrap();
        let of = |since, user| OfUser { since, user }.found_in(folder.path());
        assert_eq!(of(made.ctime(), made.uid()), [file]);
        assert_eq!(of(made.ctime() + 1, made.uid()), [] as [PathBuf; 0]);
        assert_eq!(of(made.ctime(), made.uid() + 1), [] as [PathBuf; 0]);
    }

    #[test]
    fn a_file_that_is_older_than_the_run_is_nobodys_to_remove_though_it_is_written_to() {
        let mut file = tempfile::NamedTempFile::new_in(SHARED_MEMORY).unwrap();
        let made = born(&file.as_file().metadata().unwrap());
        let moment = std::time::Duration::from_millis(10);
        while file.as_file().metadata().unwrap().ctime() == made {
            std::thread::sleep(moment);
            std::io::Write::write_all(&mut file, b"x").unwrap();
        }
        let metadata = file.as_file().metadata().unwrap();
        assert!(born(&metadata) == made && metadata.ctime() > made);
    }

    #[test]
    fn a_name_is_the_runs_while_it_stands_for_the_file_that_the_run_gave_it_to() {
        let folder = tempfile::tempdir().unwrap();
        let [mine, theirs, failed, killed] =
            ["mine", "theirs", "failed", "killed"].map(|it| folder.path().join(it));
        fs::write(&theirs, "x").unwrap();
        let mut names = Names::default();
        assert!(!names.come(1, theirs.clone()), "it has that name already");
        assert!(names.come(1, failed) && names.come(2, mine.clone()) && names.come(3, killed.clone()));
        names.came(1, false);
        fs::write(&mine, "x").unwrap();
        names.came(2, true);
        names.came(2, true);
        assert_eq!(names.left(), [&*mine]);
        fs::write(&killed, "x").unwrap();
        assert_eq!(names.left(), [&*mine, &*killed]);
        fs::rename(&theirs, &mine).unwrap();
        assert_eq!(names.left(), [&*killed], "another file has the name now");
    }

    #[test]
    fn names_of_files_in_shared_memory_are_taken_and_no_others() {
        let is = |path: &str| in_shared_memory(path.as_bytes()).is_some();
        assert!(is("/dev/shm/psm_1") && is("/dev/shm/sem.mp-1") && is("/dev/shm//sem.XXXXXX"));
        assert!(!is("/dev/shm") && !is("/dev/shm/..") && !is("/dev/shm/folder/file") && !is("/tmp/psm_1"));
    }

    #[test]
    fn what_this_very_process_maps_is_mapped() {
        assert!(is_mapped(&std::env::current_exe().unwrap()));
        assert!(!is_mapped(tempfile::NamedTempFile::new().unwrap().path()));
    }
}
