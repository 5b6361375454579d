//! A clean environment: nothing of the server's reaches the program, so no secret can.

use std::collections::BTreeMap;
use std::ffi::CString;

/// Where programs are looked for.
pub const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The environment of a run, `NAME=VALUE` each: the few fixed ones and `added`, of which a later
/// one replaces an earlier one of its name.
/// Entries with a NUL byte are left out; the kernel could not carry them.
pub fn clean(home: &str, added: &[(&str, &str)]) -> Vec<CString> {
    // PYTHONUNBUFFERED: standard output is a socket, and what CPython holds back
    // in a buffer would be lost with a killed process. Who flushes by line replaces it.
    // TMPDIR: temporary files of a killed program go with its home.
    let fixed =
        [("PATH", PATH), ("LANG", "C.UTF-8"), ("HOME", home), ("TMPDIR", home), ("PYTHONUNBUFFERED", "1")];
    let entries: BTreeMap<&str, &str> = fixed.iter().chain(added).copied().collect();
    entries.iter().filter_map(|(name, value)| CString::new(format!("{name}={value}")).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_replaces_what_every_program_finds() {
        let added = [("PYTHONUNBUFFERED", ""), ("SEED", "1"), ("SEED", "2"), ("BAD", "a\0b")];
        let found = clean("/home", &added);
        let found: Vec<&str> = found.iter().filter_map(|entry| entry.to_str().ok()).collect();
        let path = format!("PATH={PATH}");
        assert_eq!(
            found,
            ["HOME=/home", "LANG=C.UTF-8", &path, "PYTHONUNBUFFERED=", "SEED=2", "TMPDIR=/home"]
        );
    }
}
