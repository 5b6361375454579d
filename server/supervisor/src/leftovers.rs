//! What a run's processes leave where everybody's temporary things are, once none of them lives.
//!
//! Named semaphores and shared memory (`shm_overview(7)`) are files in `/dev/shm` and outlive their
//! makers. Who ends in peace unlinks them, and CPython has a process that does it for those who do
//! not; when all are killed at once nobody does. Only what was made since the run began is touched.
//!
//! A run with a user of its own leaves nothing that is not its own. Where runs share the server's
//! user, only what `multiprocessing` names so and no living process has mapped is taken for left;
//! shared memory moreover only while no other run goes on, for that may be about to map it.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the C library keeps named semaphores and shared memory.
const SHARED_MEMORY: &str = "/dev/shm";

/// How `multiprocessing` calls its semaphores there.
const SEMAPHORE: &str = "sem.mp-";

/// How it calls its shared memory.
const MEMORY: &str = "psm_";

/// Whose things they would be, and since when.
pub struct Leftovers {
    since: i64,
    user: u32,
    is_own_user: bool,
}

impl Leftovers {
    /// Of a run that begins now, as `own_user` or as whoever runs the supervisor.
    pub fn since_now(own_user: Option<u32>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // SAFETY: cannot fail and touches no memory.
        let user = own_user.unwrap_or_else(|| unsafe { libc::geteuid() });
        Leftovers { since: now.as_secs() as i64, user, is_own_user: own_user.is_some() }
    }

    /// Removes them; nobody of the run lives any more.
    pub fn remove(&self) {
        let memory = self.found_in(Path::new(SHARED_MEMORY));
        if self.is_own_user {
            memory.iter().chain(&self.found_in(&std::env::temp_dir())).for_each(|path| remove(path));
        } else if !memory.is_empty() {
            let alone = !self.another_run_goes_on();
            let left = memory.iter().filter(|path| is_multiprocessings(path, alone));
            left.filter(|path| !is_mapped(path)).for_each(|path| remove(path));
        }
    }

    fn found_in(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.metadata().is_ok_and(|it| self.is_ours(&it)))
            .map(|entry| entry.path())
            .collect()
    }

    /// Whether another supervisor lives whose processes are this user, too; its folder bears its pid.
    fn another_run_goes_on(&self) -> bool {
        let entries = fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
        let theirs = entries.filter(|entry| entry.metadata().is_ok_and(|it| it.uid() == self.user));
        let mut pids = theirs.filter_map(|entry| {
            entry.file_name().to_str()?.strip_prefix("process-playground-")?.parse::<u32>().ok()
        });
        pids.any(|pid| pid != std::process::id() && Path::new(&format!("/proc/{pid}")).exists())
    }

    fn is_ours(&self, it: &Metadata) -> bool {
        it.uid() == self.user && born(it) >= self.since
    }
}

/// When it was made. Where the kernel does not say so, when it was changed: somebody else's, made before, may be
/// written to while the run goes on.
fn born(it: &Metadata) -> i64 {
    let made = it.created().ok().and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    made.map_or(it.ctime(), |made| made.as_secs() as i64)
}

/// Whether it is called as CPython and our library call theirs.
fn is_multiprocessings(path: &Path, with_memory: bool) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(SEMAPHORE) || (with_memory && name.starts_with(MEMORY))
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
        let of = |since, user| Leftovers { since, user, is_own_user: true }.found_in(folder.path());
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
    fn another_programs_files_and_memory_that_may_be_wanted_are_not_multiprocessings() {
        let is = |name: &str, alone| is_multiprocessings(&Path::new(SHARED_MEMORY).join(name), alone);
        assert!(is("sem.mp-abc", false) && is("psm_1", true));
        assert!(!is("psm_1", false) && !is("sem.other", true) && !is("pulse-shm-1", true));
    }

    #[test]
    fn what_this_very_process_maps_is_mapped() {
        assert!(is_mapped(&std::env::current_exe().unwrap()));
        assert!(!is_mapped(tempfile::NamedTempFile::new().unwrap().path()));
    }
}
