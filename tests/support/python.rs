//! The CPython programs of the tests, where any user can read and run them.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Somebody without rights: `nobody` of every distribution.
pub const NOBODY: u32 = 65534;

/// The command line of one of the programs in `tests/supervisor/programs`.
pub fn program(name: &str, args: &[&str]) -> Vec<String> {
    let file = folder().join(name).to_string_lossy().into_owned();
    let words = [interpreter(), &file].into_iter().chain(args.iter().copied());
    words.map(str::to_owned).collect()
}

/// The command line of a program given as text.
pub fn text(program: &str) -> Vec<String> {
    [interpreter(), "-c", program].map(str::to_owned).to_vec()
}

/// A CPython that an unprivileged user can run; one below /root is none.
fn interpreter() -> &'static str {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(|| {
        let folders = ["/usr/bin", "/usr/local/bin", "/bin"];
        let found = folders.iter().map(|folder| format!("{folder}/python3")).find(|path| runs(path));
        found.expect("these tests need a python3 that every user can run: apt-get install python3")
    })
}

fn runs(path: &str) -> bool {
    let mut command = Command::new(path);
    command.args(["-c", "import multiprocessing, ctypes"]).stderr(Stdio::null());
    if super::job::is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.status().is_ok_and(|status| status.success())
}

/// Copies of the programs outside the source tree, which may lie where only its owner can read.
fn folder() -> &'static Path {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    COPY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/supervisor/programs");
        let copy = std::env::temp_dir().join(format!("playground-test-programs-{}", super::job::user_id()));
        std::fs::create_dir_all(&copy).unwrap();
        std::fs::set_permissions(&copy, PermissionsExt::from_mode(0o755)).unwrap();
        for entry in std::fs::read_dir(source).unwrap().map(Result::unwrap) {
            let (from, to) = (entry.path(), copy.join(entry.file_name()));
            if from.extension().is_some_and(|extension| extension == "py") {
                // Complete at once: another test may be reading the former copy.
                let half = to.with_extension(format!("{}", std::process::id()));
                std::fs::copy(from, &half).unwrap();
                std::fs::set_permissions(&half, PermissionsExt::from_mode(0o644)).unwrap();
                std::fs::rename(half, to).unwrap();
            }
        }
        copy
    })
}
