//! What can be run here: the catalogue, with the runtimes that this host has.
//!
//! Rust programs are in this very file. For Python an interpreter must be found and the programs
//! be published where runs can read them, which takes a tenth of a second: `serve` does it while
//! it begins to listen, and `run` only where it must. An operator's own scenarios are published
//! likewise; those with mistakes are not, and are told.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use app::catalogue::Program;
use app::{Catalogue, Recording};
use protocol::event::Runtime;
use protocol::scenario::{Missing, Source};
use protocol::{Card, Text};
use scenarios::Own;
use scenarios::manifest::{Level, own_file};

use crate::cli::Sources;
use crate::programs::Programs;
use crate::python::{self, Python};

/// The folder of what Python programs import.
const LIBRARY: &str = "python";

/// The folder of the scenarios, one for each.
const SCENARIOS: &str = "scenarios";

/// What can be run here by this very file alone.
pub fn rust_only() -> Catalogue {
    Catalogue { cards: scenarios::cards().to_vec(), ..Catalogue::default() }
}

/// The recorded runs that are in this very file.
fn recordings() -> impl Iterator<Item = (String, Recording)> {
    let cards = scenarios::cards().iter();
    cards.filter_map(|card| Some((card.id.clone(), Recording::new(scenarios::recording(&card.id)?))))
}

/// Where the programs are that are not in this very file.
pub struct Place {
    programs: Result<Programs, Text>,
    own: Vec<Own>,
}

impl Place {
    /// A new one; it must live as long as the programs are run.
    ///
    /// # Errors
    /// The operator's folder cannot be read; a sentence with the remedy.
    pub fn make(sources: &Sources) -> Result<Self, String> {
        let own = sources.scenarios.as_deref().map_or_else(|| Ok(Vec::new()), own)?;
        let programs = Programs::make().map_err(no_place);
        let programs =
            programs.and_then(|programs| publish(&programs, &own).map(|()| programs).map_err(no_place));
        Ok(Place { programs, own })
    }

    /// What keeps scenarios of the operator's from running.
    pub fn faults(&self) -> impl Iterator<Item = &scenarios::Fault> {
        self.own.iter().flat_map(|own| &own.faults).filter(|fault| fault.level == Level::Error)
    }

    /// What keeps this one of them from running.
    pub fn errors_of(&self, id: &str) -> impl Iterator<Item = &scenarios::Fault> {
        let own = self.own.iter().filter(move |own| own.id == id);
        own.flat_map(|own| &own.faults).filter(|fault| fault.level == Level::Error)
    }

    /// The Python that runs the scenarios.
    ///
    /// # Errors
    /// Why there is none, a sentence.
    pub fn python(&self, sources: &Sources) -> Result<Python, Text> {
        let programs = self.programs.as_ref().map_err(Clone::clone)?;
        python::find(sources.python.as_deref(), &programs.path().join(LIBRARY))
    }

    /// Everything that can be run here.
    pub fn catalogue(&self, python: &Result<Python, Text>) -> Catalogue {
        let mut catalogue = Catalogue { recordings: recordings().collect(), ..Catalogue::default() };
        for card in scenarios::cards() {
            let mut card = card.clone();
            let sources = std::mem::take(&mut card.sources).into_iter().chain(scenarios::python(&card.id));
            self.add(&mut catalogue, card, sources.collect(), &[], python);
        }
        for own in self.own.iter().filter(|own| own.is_good()) {
            let argv = own.manifest.program.as_ref().map_or(&[][..], |program| &program.argv);
            let recording = own.recording.clone().map(|log| (own.id.clone(), Recording::new(log)));
            catalogue.recordings.extend(recording);
            self.add(&mut catalogue, own.card(), own.sources.clone(), argv, python);
        }
        catalogue
    }

    /// Compiles what Python programs import.
    pub fn compile(&self, python: &Python) {
        if let Ok(programs) = &self.programs {
            python::compile(python, &programs.path().join(LIBRARY));
        }
    }

    /// Adds a scenario with those of its programs that can run here.
    fn add(
        &self,
        catalogue: &mut Catalogue,
        mut card: Card,
        sources: Vec<Source>,
        argv: &[String],
        python: &Result<Python, Text>,
    ) {
        for source in sources {
            match self.program(&card.id, &source, argv, python) {
                Ok(program) => {
                    catalogue.programs.insert((card.id.clone(), source.runtime), program);
                    card.sources.push(source);
                }
                Err(why) => card.missing.push(Missing { runtime: source.runtime, why }),
            }
        }
        catalogue.cards.push(card);
    }

    /// How a program is executed.
    fn program(
        &self,
        id: &str,
        source: &Source,
        argv: &[String],
        python: &Result<Python, Text>,
    ) -> Result<Program, Text> {
        if source.runtime == Runtime::Rust {
            return Ok(Program::default());
        }
        let programs = self.programs.as_ref().map_err(Clone::clone)?;
        let folder = programs.path().join(SCENARIOS).join(id);
        if source.runtime == Runtime::Program {
            let argv: Vec<String> = argv.iter().map(|word| placed(word, &folder)).collect();
            return match argv.first().filter(|name| !supervisor::finds(name)) {
                Some(name) => Err(not_found(name)),
                None => Ok(Program { argv, environment: Default::default() }),
            };
        }
        let python = python.as_ref().map_err(Clone::clone)?;
        let argv = vec![text(&python.file), text(&folder.join(&source.file))];
        Ok(Program { argv, environment: python.environment.clone() })
    }
}

fn not_found(program: &str) -> Text {
    let folders = supervisor::PATH.split(':').collect::<Vec<_>>();
    Text {
        zh: format!("没有找到 {program}（找过 {}）", folders.join("、")),
        en: format!("{program} was not found in {}", folders.join(", ")),
    }
}

/// A word of `[program]`: a file of the folder by its path, any other as it is.
fn placed(word: &str, folder: &Path) -> String {
    own_file(word).map_or_else(|| word.to_owned(), |file| text(&folder.join(file)))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn own(dir: &Path) -> Result<Vec<Own>, String> {
    let found = scenarios::own(dir).map_err(|error| {
        format!("--scenarios {}: {error}; name a folder of scenarios, or one scenario's", dir.display())
    })?;
    match found.is_empty() {
        true => Err(format!(
            "--scenarios {}: no scenario there; `process-playground new ID --in {}` makes one",
            dir.display(),
            dir.display()
        )),
        false => Ok(found),
    }
}

fn no_place(error: io::Error) -> Text {
    let place = std::env::temp_dir();
    let place = place.display();
    Text {
        zh: format!("程序没有地方放：{place}：{error}"),
        en: format!("there is no place for the programs: {place}: {error}"),
    }
}

/// Writes the programs and what they import.
fn publish(programs: &Programs, own: &[Own]) -> io::Result<()> {
    for (file, text) in scenarios::python_library() {
        programs.write(&Path::new(LIBRARY).join(file), text.as_bytes(), false)?;
    }
    let folder = Path::new(SCENARIOS);
    for (id, source) in
        scenarios::cards().iter().filter_map(|card| Some((&card.id, scenarios::python(&card.id)?)))
    {
        programs.write(&folder.join(id).join(source.file), source.text.as_bytes(), false)?;
    }
    for own in own.iter().filter(|own| own.is_good()) {
        for file in &own.files {
            let path = own.dir.join(file);
            let executable = fs::metadata(&path)?.permissions().mode() & 0o111 != 0;
            programs.write(&folder.join(&own.id).join(file), &fs::read(&path)?, executable)?;
        }
    }
    Ok(())
}
