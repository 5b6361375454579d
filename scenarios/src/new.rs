//! A new scenario's folder: it passes `check` and runs, and waits to be rewritten.
//!
//! In this crate's folder it has both programs. Elsewhere it is an operator's, and Python's alone,
//! for nothing compiles it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::manifest::{self, MANIFEST, PYTHON, RUST, TEXT_EN, TEXT_ZH};

/// The files that every scenario has; `{order}` becomes its place in the catalogue.
const FILES: [(&str, &str); 4] = [
    (MANIFEST, include_str!("template/scenario.toml")),
    (PYTHON, include_str!("template/main.py")),
    (TEXT_ZH, include_str!("template/text.zh.md")),
    (TEXT_EN, include_str!("template/text.en.md")),
];

/// The program that is compiled into the playground.
const PROGRAM: (&str, &str) = (RUST, include_str!("template/main.rs"));

/// Why there is no new scenario.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder may not be called like that.
    #[error("{0:?} is no id; use a-z, 0-9 and -, beginning with a letter")]
    NoId(String),
    /// It is one of the playground's own.
    #[error("there is a scenario {0} already; choose another id")]
    Taken(String),
    /// Something is there; it is not touched.
    #[error("{} is there already; choose another id, or remove it", .0.display())]
    Exists(PathBuf),
    /// Scenarios stand side by side.
    #[error("{} is a scenario itself; name the folder that it is in", .0.display())]
    Inside(PathBuf),
    /// It cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// Where.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

/// Makes a folder `id` in `dir`, which is made, too, where it is missing. The files in it.
///
/// # Errors
/// Nothing is overwritten, and nothing made where the id will not do.
pub fn new(id: &str, dir: &Path) -> Result<Vec<PathBuf>, Error> {
    if !manifest::is_id(id) {
        return Err(Error::NoId(id.into()));
    }
    if crate::cards().iter().any(|card| card.id == id) {
        return Err(Error::Taken(id.into()));
    }
    if dir.join(MANIFEST).exists() {
        return Err(Error::Inside(dir.into()));
    }
    let folder = dir.join(id);
    let write = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::Write { path, error }
    };
    fs::create_dir_all(dir).map_err(write(dir))?;
    fs::create_dir(&folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists(folder.clone()),
        _ => Error::Write { path: folder.clone(), error },
    })?;
    let order = next_order(dir).to_string();
    let program = crate::is_own_folder(dir).then_some(PROGRAM);
    let mut made = Vec::new();
    for (file, text) in FILES.into_iter().chain(program) {
        let path = folder.join(file);
        fs::write(&path, text.replace("{order}", &order)).map_err(write(&path))?;
        made.push(path);
    }
    Ok(made)
}

/// The place after all others.
fn next_order(dir: &Path) -> i64 {
    let others = manifest::scenarios_in(dir).unwrap_or_default();
    let order = |dir: PathBuf| {
        let text = fs::read_to_string(dir.join(MANIFEST)).ok()?;
        Some(manifest::read(MANIFEST, &text).0.order)
    };
    others.into_iter().filter_map(order).max().unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_scenario_has_no_fault_be_it_ours_or_an_operators() {
        let scratch = std::env::temp_dir().join(format!("new-scenario-{}", std::process::id()));
        for ours in [true, false] {
            fs::create_dir_all(&scratch).unwrap();
            if ours {
                fs::write(scratch.join("Cargo.toml"), "[package]\nname = \"scenarios\"\n").unwrap();
            }
            let made = [new("first", &scratch).unwrap(), new("second", &scratch).unwrap()];
            assert_eq!(made[0].len(), if ours { 5 } else { 4 });
            let faults = crate::check(&scratch).unwrap();
            // Ours must be built before it can be recorded.
            let expected =
                if ours { vec!["first/recording.ndjson", "second/recording.ndjson"] } else { vec![] };
            assert_eq!(faults.iter().map(|fault| fault.file.as_str()).collect::<Vec<_>>(), expected);
            assert!(faults.iter().all(|fault| fault.level == manifest::Level::Warning));
            let order = |dir: &str| {
                manifest::read("", &fs::read_to_string(scratch.join(dir).join(MANIFEST)).unwrap()).0.order
            };
            assert_eq!((order("first"), order("second")), (1, 2));
            fs::remove_dir_all(&scratch).unwrap();
        }
    }

    #[test]
    fn the_templates_program_compiles() {
        let _: fn() -> multiprocessing::Result<()> = crate::template::program::main;
    }
}
