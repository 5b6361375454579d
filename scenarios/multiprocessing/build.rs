//! Links the unwinder into the program, where that can be had, instead of loading it at each start.
//!
//! A child that is spawned loads the program anew, and a shared library more takes the dynamic
//! loader about a tenth of all that: `libgcc_s.so` is loaded for the code that unwinds a panicking
//! stack, and nothing else. The same code comes with every GCC as an archive, `libgcc_eh.a`; once it
//! is in the program, the linker leaves the library out (`--as-needed`). Where there is no such
//! archive (another C library, another compiler, a build for another machine) all stays as it is.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHIVE: &str = "libgcc_eh.a";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CC");
    if is_for_this_machine()
        && let Some(folder) = folder()
    {
        println!("cargo::rustc-link-search=native={}", folder.display());
        println!("cargo::rustc-link-lib=static:+whole-archive,-bundle,+verbatim={ARCHIVE}");
    }
}

/// Whether the program is to run here, with the GNU C library as a shared one.
fn is_for_this_machine() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    env::var("TARGET") == env::var("HOST")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && !features.split(',').any(|feature| feature == "crt-static")
}

/// Where the C compiler has the archive; it answers with the bare name when it has none.
fn folder() -> Option<PathBuf> {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".into());
    let answer = Command::new(compiler).arg(format!("-print-file-name={ARCHIVE}")).output().ok()?;
    let path = String::from_utf8(answer.stdout).ok()?;
    let path = Path::new(path.trim());
    (path.is_absolute() && path.is_file()).then(|| path.parent().map(Path::to_path_buf))?
}
