//! The catalogue: what people can run, and how it is run.
//!
//! Each folder beside this one that has a `scenario.toml` is a scenario. `build.rs` finds
//! them, validates them and embeds them; nobody edits a list. The pieces:
//!
//! - [`manifest`] reads a folder and tells every mistake in it with its line and a remedy;
//! - [`cards`] shows the catalogue to the command line and the page, and [`own`] what an operator adds;
//! - [`new()`] makes a folder to begin with;
//! - [`main`] is the role in which this binary *is* a scenario's first process;
//! - [`expect`] judges the event log of a run by what the scenario promises.
//!
//! The programs know neither server nor page. They speak the language of
//! [`multiprocessing`], and whoever observes them does so from outside.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::LazyLock;

use protocol::event::Runtime;
use protocol::scenario::Source;
use protocol::{Card, Text};

pub mod expect;
pub mod manifest;
mod new;
mod stage;
#[cfg(test)]
mod template;

pub use manifest::{Expect, Fault, Own};
pub use new::{Error as NewError, new};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// A scenario's files, and the way into its program.
struct Program {
    id: &'static str,
    manifest: &'static str,
    text_zh: &'static str,
    text_en: &'static str,
    rust: &'static str,
    python: &'static str,
    recording: Option<&'static str>,
    /// Reads the parameters and runs the program.
    begin: fn() -> multiprocessing::Result<()>,
}

static CARDS: LazyLock<Vec<Card>> = LazyLock::new(|| PROGRAMS.iter().map(card).collect());

/// Every scenario's card, in the order of the catalogue, with the program that is in this very file.
pub fn cards() -> &'static [Card] {
    &CARDS
}

/// The scenario's program for CPython; it imports from [`python_library`].
pub fn python(id: &str) -> Option<Source> {
    let program = PROGRAMS.iter().find(|program| program.id == id)?;
    Some(Source { runtime: Runtime::Python, file: manifest::PYTHON.into(), text: program.python.into() })
}

/// The log of a recorded run of the scenario, one event a line, as it was when the playground was built.
pub fn recording(id: &str) -> Option<&'static str> {
    PROGRAMS.iter().find(|program| program.id == id)?.recording
}

/// Files that must lie in one folder of `PYTHONPATH` when CPython runs a scenario: path and text.
pub fn python_library() -> &'static [(&'static str, &'static str)] {
    PYTHON_LIBRARY
}

/// What must hold when the scenario runs, case by case. None for a scenario that there is not.
pub fn expectations(id: &str) -> Vec<Expect> {
    let program = PROGRAMS.iter().find(|program| program.id == id);
    program.map(|program| manifest::read(program.id, program.manifest).0.expects).unwrap_or_default()
}

/// Everything that is wrong with the scenarios in a folder, or with the one scenario it is. In
/// this crate's folder they are its own and have all files; elsewhere they are an operator's.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn check(dir: &Path) -> io::Result<Vec<Fault>> {
    if is_own_folder(dir) {
        return manifest::find(dir).map(|(_, faults)| faults);
    }
    let found = own(dir)?;
    let nothing = found.is_empty().then(|| manifest::nothing_in(dir));
    Ok(found.into_iter().flat_map(|own| own.faults).chain(nothing).collect())
}

/// Whether it is the folder of this crate, or one of a scenario in it. An operator's may lie in any
/// other crate, or be one.
fn is_own_folder(dir: &Path) -> bool {
    let real = dir.canonicalize().unwrap_or_default();
    [Some(&*real), real.parent()].into_iter().flatten().any(is_this_crate)
}

fn is_this_crate(dir: &Path) -> bool {
    let name = format!("name = \"{}\"", env!("CARGO_PKG_NAME"));
    fs::read_to_string(dir.join("Cargo.toml")).is_ok_and(|text| text.lines().any(|line| line.trim() == name))
}

/// The scenarios in an operator's folder, or the one that it is, in the order of their catalogue.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn own(dir: &Path) -> io::Result<Vec<Own>> {
    let taken: Vec<&str> = PROGRAMS.iter().map(|program| program.id).collect();
    let dirs = manifest::scenarios_in(dir)?;
    let mut found: Vec<Own> = dirs.into_iter().map(|dir| manifest::read_own(dir, &taken)).collect();
    found.sort_by(|a, b| (a.manifest.order, &a.id).cmp(&(b.manifest.order, &b.id)));
    Ok(found)
}

/// In a process that a scenario has started anew (`spawn`, or a fork server): does what that
/// process is for, and ends. Does nothing in any other; to be called first of all in `main`.
pub fn freeze_support() {
    stage::freeze_support();
}

/// The scenario role: this process becomes the first process of the scenario named in the
/// arguments, with the parameters and the seed in the environment.
///
/// The exit code is CPython's: 0, or 1 when the program ends by an error or a panic;
/// 2 when there is no such scenario or a parameter is wrong.
pub fn main(arguments: &[String]) -> ExitCode {
    let Some(program) = arguments.first().and_then(|id| PROGRAMS.iter().find(|program| program.id == id))
    else {
        let known: Vec<&str> = PROGRAMS.iter().map(|program| program.id).collect();
        eprintln!("usage: process-playground scenario ID, where ID is one of: {}", known.join(", "));
        return ExitCode::from(2);
    };
    stage::perform(program)
}

fn card(program: &Program) -> Card {
    let (manifest, _) = manifest::read(program.id, program.manifest);
    Card {
        id: program.id.into(),
        title: manifest.title,
        summary: manifest.summary,
        text: Text { zh: program.text_zh.into(), en: program.text_en.into() },
        params: manifest.params,
        predict: manifest.predict,
        sweep: manifest.sweep,
        chapter: manifest.chapter,
        missing: vec![],
        sources: vec![Source {
            runtime: Runtime::Rust,
            file: manifest::RUST.into(),
            text: program.rust.into(),
        }],
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_catalogue_has_no_fault() {
        let faults = check(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(
            faults.is_empty(),
            "{}",
            faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        );
    }

    /// `cargo fmt` does not see them: only the generated catalogue names them as modules.
    #[test]
    fn the_programs_are_formatted() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for program in PROGRAMS {
            let file = root.join(program.id).join(manifest::RUST);
            let rustfmt = Command::new("rustfmt").args(["--check", "--edition", "2024"]).arg(&file).output();
            let output = rustfmt.expect("rustfmt is needed; rustup component add rustfmt");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
    }

    #[test]
    fn every_card_admits_its_own_defaults_and_has_cases() {
        assert!(!cards().is_empty());
        for card in cards() {
            assert!(card.check(&protocol::Params::new()).is_ok(), "{}", card.id);
            assert!(!expectations(&card.id).is_empty(), "{}", card.id);
        }
    }
}
