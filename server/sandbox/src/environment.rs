//! A clean environment: nothing of the server's reaches the program, so no secret can.

use std::ffi::CString;

/// Where programs are looked for.
pub const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The environment of a run, `NAME=VALUE` each: the few fixed ones and `added`.
/// Entries with a NUL byte are left out; the kernel could not carry them.
pub fn clean(home: &str, added: &[(&str, &str)]) -> Vec<CString> {
    // PYTHONUNBUFFERED: standard output is a socket, and what CPython holds back
    // in a buffer would be lost with a killed process.
    let fixed = [("PATH", PATH), ("LANG", "C.UTF-8"), ("HOME", home), ("PYTHONUNBUFFERED", "1")];
    let entries = fixed.iter().chain(added);
    entries.filter_map(|(name, value)| CString::new(format!("{name}={value}")).ok()).collect()
}
