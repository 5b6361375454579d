//! What can be run here: the catalogue, with the runtimes that this host has.
//!
//! Rust programs are in this very file. For Python an interpreter must be found and the programs
//! be published where runs can read them, which takes a tenth of a second: `serve` does it while
//! it begins to listen, and `run` only when the run is a Python one.

use std::io;
use std::path::Path;

use app::Catalogue;
use app::catalogue::Program;
use protocol::event::Runtime;
use protocol::scenario::Missing;
use protocol::{Card, Text};

use crate::cli::Sources;
use crate::programs::Programs;
use crate::python::{self, Python};

/// The folder of what Python programs import.
const LIBRARY: &str = "python";

/// What can be run here by this very file alone.
pub fn rust_only() -> Catalogue {
    Catalogue { cards: scenarios::cards().to_vec(), ..Catalogue::default() }
}

/// Where the programs are that are not in this very file, and who runs them.
pub struct Place {
    programs: Result<Programs, Text>,
}

impl Place {
    /// A new one; it must live as long as the programs are run.
    pub fn make() -> Self {
        Place { programs: Programs::make().map_err(no_place) }
    }

    /// The Python that runs the scenarios; why there is none, a sentence.
    ///
    /// # Errors
    /// There is none, or no place for what it runs.
    pub fn python(&self, sources: &Sources) -> Result<Python, Text> {
        let programs = self.programs.as_ref().map_err(Clone::clone)?;
        publish(programs).map_err(no_place)?;
        python::find(sources.python.as_deref(), &programs.path().join(LIBRARY))
    }

    /// Everything that can be run here.
    pub fn catalogue(&self, python: &Result<Python, Text>) -> Catalogue {
        let mut catalogue = rust_only();
        for card in &mut catalogue.cards {
            let Some(source) = scenarios::python(&card.id) else { continue };
            match (python, &self.programs) {
                (Ok(python), Ok(programs)) => {
                    let program = python_program(python, &programs.path().join(&card.id));
                    catalogue.programs.insert((card.id.clone(), Runtime::Python), program);
                    card.sources.push(source);
                }
                (Err(why), _) | (_, Err(why)) => missing(card, why),
            }
        }
        catalogue
    }

    /// Compiles what Python programs import.
    pub fn compile(&self, python: &Python) {
        if let Ok(programs) = &self.programs {
            python::compile(python, &programs.path().join(LIBRARY));
        }
    }
}

fn missing(card: &mut Card, why: &Text) {
    card.missing.push(Missing { runtime: Runtime::Python, why: why.clone() });
}

fn no_place(error: io::Error) -> Text {
    let place = std::env::temp_dir();
    let place = place.display();
    Text {
        zh: format!("程序没有地方放：{place}：{error}"),
        en: format!("there is no place for the programs: {place}: {error}"),
    }
}

/// Writes the Python programs and what they import.
fn publish(programs: &Programs) -> io::Result<()> {
    for (file, text) in scenarios::python_library() {
        programs.write(&Path::new(LIBRARY).join(file), text.as_bytes(), false)?;
    }
    for card in scenarios::cards() {
        if let Some(source) = scenarios::python(&card.id) {
            programs.write(&Path::new(&card.id).join(source.file), source.text.as_bytes(), false)?;
        }
    }
    Ok(())
}

fn python_program(python: &Python, folder: &Path) -> Program {
    let words = [&*python.file, &folder.join("main.py")];
    Program {
        argv: words.map(|word| word.to_string_lossy().into_owned()).into(),
        environment: python.environment.clone(),
    }
}
