//! Memory that only the beginning needed.
//!
//! The kernel maps a file in blocks of 64 KiB around each page that is touched (`fault_around_bytes`), so
//! that a start which runs a little of everything leaves half the program mapped for good. Once all is
//! prepared those pages are given back; what is still wanted is mapped again at its next use, out of the
//! page cache.

use std::fs;
use std::ops::Range;

use rustix::mm::{Advice, madvise};

/// Gives back the pages of program and libraries, `MADV_DONTNEED` of `madvise(2)`.
///
/// Where the kernel will not, nothing is lost: they stay mapped until memory is short.
pub fn give_back_files() {
    let maps = fs::read_to_string("/proc/self/smaps").unwrap_or_default();
    for file in untouched(&maps) {
        // SAFETY: nobody can write there and nobody ever did, so each page reads the same from its file
        // when it is mapped again. Program and libraries are mapped for as long as the process lives.
        let _ = unsafe { madvise(file.start as *mut _, file.len(), Advice::LinuxDontNeed) };
    }
}

/// Where files are mapped that can only be read or run, and no page of which is a changed copy: `proc_pid_smaps(5)`.
fn untouched(smaps: &str) -> impl Iterator<Item = Range<usize>> {
    let mut mapped = None;
    smaps.lines().filter_map(move |line| match line.strip_prefix("Anonymous:") {
        Some(size) => mapped.take().filter(|_| size.trim() == "0 kB"),
        None => {
            mapped = file(line).or(mapped.take());
            None
        }
    })
}

/// The addresses in the first line of a mapping, if a file is what is mapped and nobody can write to it.
fn file(line: &str) -> Option<Range<usize>> {
    let mut fields = line.split_ascii_whitespace();
    let (addresses, rights) = (fields.next()?, fields.next()?);
    let is_file = fields.nth(3)?.starts_with('/');
    let (start, end) = addresses.split_once('-')?;
    let address = |digits| usize::from_str_radix(digits, 16).ok();
    (["r--p", "r-xp"].contains(&rights) && is_file).then_some(address(start)?..address(end)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMAPS: &str = "\
1000-2000 r--p 00000000 fe:00 7 /bin/x\nRss: 4 kB\nAnonymous:             0 kB\nVmFlags: rd
2000-3000 r-xp 00001000 fe:00 7 /bin/x\nAnonymous:             0 kB
3000-4000 r--p 00002000 fe:00 7 /bin/x\nAnonymous:             4 kB
4000-5000 rw-p 00003000 fe:00 7 /bin/x\nAnonymous:             0 kB
5000-6000 rw-p 00000000 00:00 0 [heap]\nAnonymous:             0 kB
6000-7000 r-xp 00000000 00:00 0 [vdso]\nAnonymous:             0 kB
7000-8000 r--p 00000000 00:00 0\nAnonymous:             0 kB\n";

    #[test]
    fn only_what_reads_the_same_from_its_file_is_given_back() {
        assert_eq!(untouched(SMAPS).collect::<Vec<_>>(), [0x1000..0x2000, 0x2000..0x3000]);
    }

    #[test]
    fn the_program_goes_on_with_fewer_pages() {
        // The third field of `proc_pid_statm(5)`: pages of files that are mapped.
        let mapped = || -> u64 {
            let sizes = fs::read_to_string("/proc/self/statm").expect("it lives");
            sizes.split(' ').nth(2).and_then(|pages| pages.parse().ok()).expect("a number")
        };
        let before = mapped();
        give_back_files();
        assert!(mapped() < before);
    }
}
