//! What is told of a folder with mistakes; the others are there all the same.

use crate::folder::{Folder, playground};

/// A program that does nothing.
const NOTHING: (&str, &str) = ("main.py", "pass\n");

/// A folder, what is wrong with it, and how bad that is.
type Mistake = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const MISTAKES: &[Mistake] = &[
    ("pool", &[("scenario.toml", ""), NOTHING], "pool: error: there is a scenario of this id already; give"),
    ("My-Own", &[("scenario.toml", ""), NOTHING], "My-Own: error: the folder's name is no id; use a-z"),
    ("none", &[NOTHING], "none/scenario.toml: error: the file is missing; add it; `process-playground new`"),
    (
        "idle",
        &[("scenario.toml", "")],
        "idle: error: there is nothing to run; add main.py, or a program in another",
    ),
    (
        "rust",
        &[("scenario.toml", ""), ("main.rs", "")],
        "rust/main.rs: warning: it is not run; Rust programs are compiled into the playground",
    ),
    ("sh", &[("scenario.toml", "[program]\n"), NOTHING], "sh/scenario.toml:4: error: `argv` is missing; add"),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = []\nsource = \"main.py\""), NOTHING],
        "sh/scenario.toml:5: error: `argv` is empty; name the program",
    ),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = [\"./../x\"]\nsource = \"main.py\""), NOTHING],
        "sh/scenario.toml:5: error: `./../x` is not in the folder; put",
    ),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = [\"sh\"]\nsource = \"/etc/passwd\""), NOTHING],
        "sh/scenario.toml:6: error: `/etc/passwd` is not in the folder; name a file",
    ),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = [\"./a.sh\"]\nsource = \"b.sh\""), NOTHING],
        "sh/a.sh: error: the file is missing; add it, or change `[program]`",
    ),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = [\"./a\"]\nsource = \"a\""), ("a", "")],
        "sh/a: error: the file is not executable; chmod +x a",
    ),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = [\"\"]\nsource = \"a.sh\""), ("a.sh", "")],
        "sh/scenario.toml:5: error: the program has no name; name it first",
    ),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = [\"sh\", \"a\\u0000\"]\nsource = \"a.sh\""), ("a.sh", "")],
        "sh/scenario.toml:5: error: a word of `argv` has a zero byte in it; take it away",
    ),
    (
        "sh",
        &[("scenario.toml", "[program]\nargv = [\"./.a.sh\"]\nsource = \"b\""), (".a.sh", ""), ("b", "")],
        "sh/.a.sh: error: a hidden file is not copied to where it runs; give it another name",
    ),
    (
        "py",
        &[("scenario.toml", ""), ("main.py", "from playground import params\nparams.x\n")],
        "py/main.py:2: error: the parameter `x` is not in scenario.toml; add it there",
    ),
    (
        "py",
        &[("scenario.toml", ""), NOTHING],
        "py/text.zh.md: warning: the file is missing; write what to look at",
    ),
    (
        "py",
        &[("scenario.toml", ""), NOTHING],
        "py/scenario.toml: warning: nothing says what must hold; describe",
    ),
];

#[test]
fn each_is_told_with_its_remedy_and_left_out() {
    for (id, files, sentence) in MISTAKES {
        let folder = Folder::new().with("good", &[("scenario.toml", ""), NOTHING]).with(id, files);
        let is_error = sentence.contains(" error: ");
        let checked = playground(folder.path(), &["check", folder.word()]);
        let told = String::from_utf8_lossy(&checked.stderr);
        assert!(told.lines().any(|line| line.starts_with(sentence)), "{sentence}\n{told}");
        assert!(!is_error || checked.status.code() == Some(1), "{sentence}");
        let listed =
            playground(folder.path(), &["list", "--scenarios", folder.word(), "--python", "/nonexistent"]);
        let (stdout, stderr) =
            (String::from_utf8_lossy(&listed.stdout), String::from_utf8_lossy(&listed.stderr));
        assert_eq!((stderr.contains(sentence), listed.status.code()), (is_error, Some(0)), "{stderr}");
        assert!(stdout.contains("\ngood "), "{stdout}");
        assert!(!is_error || *id == "pool" || !stdout.contains(&format!("\n{id} ")), "{stdout}");
    }
}

#[test]
fn a_link_is_no_file_of_the_folder() {
    let folder = Folder::new().with("good", &[("scenario.toml", ""), NOTHING]);
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("good/secret")).unwrap();
    let checked = playground(folder.path(), &["check", folder.word()]);
    let told = String::from_utf8_lossy(&checked.stderr);
    assert!(told.contains("good/secret: error: it is no plain file; put a copy there"), "{told}");
}

#[test]
fn a_program_that_this_host_does_not_have_is_told_like_a_python_that_it_does_not_have() {
    let manifest = "[program]\nargv = [\"no-such-program\", \"./a\"]\nsource = \"a\"";
    let folder = Folder::new().with("far", &[("scenario.toml", manifest), ("a", "")]);
    let words = ["--scenarios", folder.word(), "--python", "/nonexistent"];
    let listed = playground(folder.path(), &[&["list", "--format", "json"][..], &words].concat());
    let cards: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let card = cards.as_array().unwrap().iter().find(|card| card["id"] == "far").unwrap();
    let why = "no-such-program was not found in /usr/local/bin, /usr/bin, /bin";
    assert_eq!((&card["runtimes"], &card["missing"][0]["why"]["en"]), (&serde_json::json!([]), &why.into()));
    let run = playground(folder.path(), &[&["run", "far"][..], &words].concat());
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.code() == Some(2) && told.contains(why), "{told}");
}

/// Whoever opens a pipe waits for somebody who writes, and a device may never end.
#[test]
fn what_has_no_end_is_not_read() {
    let folder = Folder::new().with("good", &[("scenario.toml", ""), NOTHING]);
    for (id, device) in [("pipe", None), ("device", Some("/dev/zero"))] {
        let folder = Folder::new().with(id, &[("scenario.toml", "")]);
        let file = folder.path().join(id).join("main.py");
        match device {
            Some(device) => std::os::unix::fs::symlink(device, file).unwrap(),
            None => rustix::fs::mknodat(
                rustix::fs::CWD,
                file,
                rustix::fs::FileType::Fifo,
                rustix::fs::Mode::RUSR,
                0,
            )
            .unwrap(),
        }
        let checked = playground(folder.path(), &["check", folder.word()]);
        let told = String::from_utf8_lossy(&checked.stderr);
        let sentence = format!("{id}/main.py: error: the file cannot be read: it is no plain file");
        assert!(told.contains(&sentence), "{told}");
    }
    let long = folder.path().join("good/text.en.md");
    std::fs::File::create(long).unwrap().set_len(1 << 40).unwrap();
    let checked = playground(folder.path(), &["check", folder.word()]);
    let told = String::from_utf8_lossy(&checked.stderr);
    assert!(
        told.contains("good/text.en.md: error: the file cannot be read: it is longer than 1024 KiB"),
        "{told}"
    );
}

/// A scenario may be a crate of its own, and the folder of scenarios may lie in one.
#[test]
fn a_crate_around_a_scenario_does_not_make_it_the_playgrounds() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"mine\"\n").unwrap();
    let made = playground(folder.path(), &["new", "mine", "--in", "own"]);
    assert!(!String::from_utf8_lossy(&made.stdout).contains("main.rs"), "{made:?}");
    std::fs::write(folder.path().join("own/mine/Cargo.toml"), "[package]\nname = \"mine\"\n").unwrap();
    let checked = playground(folder.path(), &["check", "own"]);
    assert_eq!((checked.status.code(), &*checked.stderr), (Some(0), &b""[..]));
}

#[test]
fn a_run_of_a_faulty_scenario_says_what_is_wrong_with_it() {
    let folder = Folder::new().with("idle", &[("scenario.toml", "")]);
    let output = playground(folder.path(), &["run", "idle", "--scenarios", folder.word()]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && told.contains("there is nothing to run"), "{told}");
}

#[test]
fn new_overwrites_nothing_and_says_why_it_does_not() {
    let folder = Folder::new();
    let new = |id: &str, dir: &str| {
        let output = playground(folder.path(), &["new", id, "--in", dir]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(new("mine", "a"), (Some(0), String::new()));
    for (id, dir, status, why) in [
        ("mine", "a", 1, "a/mine is there already; choose another id, or remove it"),
        ("pool", "a", 1, "there is a scenario pool already; choose another id"),
        ("yours", "a/mine", 1, "a/mine is a scenario itself; name the folder that it is in"),
        ("Mine", "a", 2, "\"Mine\" is no id; use a-z, 0-9 and -, beginning with a letter"),
        ("../b", "a", 2, "is no id"),
        ("b", "a/mine/main.py", 1, "a/mine/main.py: "),
    ] {
        let (code, told) = new(id, dir);
        assert!(code == Some(status) && told.contains(why), "{id} in {dir}: {code:?} {told}");
    }
}
