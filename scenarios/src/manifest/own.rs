//! An operator's folder: what it needs at the least, and which files belong to it.
//!
//! It is read when the playground starts and not when it is built, so there can be no Rust
//! program in it. Explanation and expectations make it better, and it runs without them.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use protocol::event::Runtime;
use protocol::scenario::Source;
use protocol::{Card, Text};

use super::folder::{
    MANIFEST, MAX_LINES, PYTHON, RUST, TEXT_EN, TEXT_ZH, check_program, fault, is_id, read_file,
};
use super::program::{OwnProgram, own_file};
use super::recording::{self, RECORDING};
use super::{Fault, Level, Manifest, prose};

/// What all files of a folder may have together.
const MAX_BYTES: u64 = 16 << 20;

/// An operator's scenario.
#[derive(Debug)]
pub struct Own {
    /// The folder's name.
    pub id: String,
    /// Where it is.
    pub dir: PathBuf,
    /// What its `scenario.toml` says.
    pub manifest: Manifest,
    /// The explanation, as far as there is one.
    pub text: Text,
    /// Its programs, as the visitor reads them.
    pub sources: Vec<Source>,
    /// The log of a recorded run, if there is one that is fit to be shown.
    pub recording: Option<String>,
    /// Every file, by its path in the folder.
    pub files: Vec<PathBuf>,
    /// What is wrong with it; with an error among it, it cannot run.
    pub faults: Vec<Fault>,
}

impl Own {
    /// What the catalogue shows of it, before it is known which of its programs this host can run.
    pub fn card(&self) -> Card {
        Card {
            id: self.id.clone(),
            title: self.manifest.title.clone(),
            summary: self.manifest.summary.clone(),
            text: self.text.clone(),
            params: self.manifest.params.clone(),
            sources: Vec::new(),
            missing: Vec::new(),
            predict: self.manifest.predict.clone(),
            sweep: self.manifest.sweep.clone(),
            chapter: self.manifest.chapter,
        }
    }

    /// Whether it can run.
    pub fn is_good(&self) -> bool {
        self.faults.iter().all(|fault| fault.level != Level::Error)
    }
}

/// Reads a folder. `taken` are the ids that it may not have.
pub fn read(dir: PathBuf, taken: &[&str]) -> Own {
    let mut reading = Reading::new(dir);
    reading.check_id(taken);
    let manifest = reading.manifest();
    let text = reading.texts();
    let sources = reading.sources(&manifest);
    let recording = reading.recording(&manifest, &sources);
    let files = reading.files();
    let Reading { dir, id, faults } = reading;
    Own { id, dir, manifest, text, sources, recording, files, faults }
}

/// A folder that is being read, and what is wrong with it so far.
struct Reading {
    dir: PathBuf,
    id: String,
    faults: Vec<Fault>,
}

impl Reading {
    fn new(dir: PathBuf) -> Self {
        let id = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Reading { dir, id, faults: Vec::new() }
    }

    fn fault(&mut self, file: &str, what: &str, remedy: &str) {
        let name = if file.is_empty() { self.id.clone() } else { self.name(file) };
        self.faults.push(fault(&name, what, remedy));
    }

    fn warn(&mut self, file: &str, what: &str, remedy: &str) {
        self.faults.push(Fault { level: Level::Warning, ..fault(&self.name(file), what, remedy) });
    }

    fn name(&self, file: &str) -> String {
        format!("{}/{file}", self.id)
    }

    /// A file that must be there.
    fn file(&mut self, file: &str) -> Option<String> {
        read_file(&self.dir, &self.id, file, "add it; `process-playground new` makes one", &mut self.faults)
    }

    fn check_id(&mut self, taken: &[&str]) {
        if !is_id(&self.id) {
            self.fault("", "the folder's name is no id", "use a-z, 0-9 and -, beginning with a letter");
        }
        if taken.contains(&self.id.as_str()) {
            self.fault("", "there is a scenario of this id already", "give the folder another name");
        }
    }

    fn manifest(&mut self) -> Manifest {
        let text = self.file(MANIFEST).unwrap_or_default();
        let (manifest, found) = super::read(&self.name(MANIFEST), &text);
        if manifest.expects.is_empty() {
            self.warn(MANIFEST, "nothing says what must hold", "describe at least one case by `[[expect]]`");
        }
        self.faults.extend(found);
        manifest
    }

    fn texts(&mut self) -> Text {
        let [zh, en] = [TEXT_ZH, TEXT_EN].map(|file| {
            if !self.dir.join(file).exists() {
                self.warn(file, "the file is missing", "write what to look at and what to try");
                return None;
            }
            let text = self.file(file)?;
            self.faults.extend(prose::check(&self.name(file), &text));
            Some(text)
        });
        if let (Some(zh), Some(en)) = (&zh, &en) {
            self.faults.extend(prose::compare(&self.name(TEXT_ZH), zh, TEXT_EN, en));
        }
        Text { zh: zh.unwrap_or_default(), en: en.unwrap_or_default() }
    }

    fn sources(&mut self, manifest: &Manifest) -> Vec<Source> {
        let mut sources = Vec::new();
        if self.dir.join(PYTHON).exists() {
            sources.extend(self.source(Runtime::Python, PYTHON));
        }
        if let Some(program) = &manifest.program {
            self.check_files(program);
            sources.extend(self.source(Runtime::Program, &program.source));
        } else if !self.dir.join(PYTHON).exists() {
            let remedy = "add main.py, or a program in another language by `[program]` in scenario.toml";
            self.fault("", "there is nothing to run", remedy);
        }
        if self.dir.join(RUST).exists() {
            let remedy = "Rust programs are compiled into the playground; add main.py or `[program]`";
            self.warn(RUST, "it is not run", remedy);
        }
        for source in &sources {
            self.check_source(source, manifest);
        }
        sources
    }

    /// Nobody must have one.
    fn recording(&mut self, manifest: &Manifest, sources: &[Source]) -> Option<String> {
        let text = self.dir.join(RECORDING).exists().then(|| self.file(RECORDING)).flatten()?;
        let found = recording::check(&self.name(RECORDING), &text, &self.id, manifest, sources);
        let is_good = found.is_empty();
        self.faults.extend(found);
        is_good.then_some(text)
    }

    fn source(&mut self, runtime: Runtime, file: &str) -> Option<Source> {
        let text = self.file(file)?;
        Some(Source { runtime, file: file.to_owned(), text })
    }

    /// Whether the files are there that are to be executed.
    fn check_files(&mut self, program: &OwnProgram) {
        for file in program.argv.iter().filter_map(|word| own_file(word)) {
            if !self.dir.join(file).is_file() {
                self.fault(file, "the file is missing", "add it, or change `[program]`");
            } else if !Path::new(file).iter().all(belongs) {
                self.fault(file, "a hidden file is not copied to where it runs", "give it another name");
            }
        }
        let first = program.argv.first().and_then(|word| own_file(word));
        if let Some(file) = first.filter(|file| is_not_executable(&self.dir.join(file))) {
            self.fault(file, "the file is not executable", &format!("chmod +x {file}"));
        }
    }

    /// Whether a program uses every parameter. Only Python says it by `params.`.
    fn check_source(&mut self, source: &Source, manifest: &Manifest) {
        if source.runtime == Runtime::Python {
            let found = check_program(&self.name(&source.file), &source.text, manifest);
            return self.faults.extend(found);
        }
        let lines = source.text.lines().count();
        if lines > MAX_LINES {
            let remedy = format!("a visitor reads at most {MAX_LINES} beside the picture");
            self.warn(&source.file, &format!("{lines} lines"), &remedy);
        }
        for param in manifest.params.iter().filter(|param| !source.text.contains(&param.name)) {
            let what = format!("the parameter `{}` is nowhere in it", param.name);
            self.warn(&source.file, &what, "read it from PLAYGROUND_PARAMS, a JSON object");
        }
    }

    /// Every file of the folder. Hidden ones and what Python keeps for itself do not belong to it.
    fn files(&mut self) -> Vec<PathBuf> {
        let (dir, mut found) = (self.dir.clone(), Vec::new());
        if let Err(error) = walk(&dir, &mut found) {
            self.fault("", &format!("the folder cannot be read: {error}"), "make it readable");
        }
        let bytes: u64 = found.iter().fold(0, |sum, (_, metadata)| sum.saturating_add(metadata.len()));
        if bytes > MAX_BYTES {
            let remedy = format!("a scenario has at most {}", MAX_BYTES >> 20);
            self.fault("", &format!("{} MiB of files", bytes >> 20), &remedy);
        }
        let mut files = Vec::new();
        for (path, metadata) in found {
            let name = path.strip_prefix(&dir).expect("it was found there");
            let shown = name.display().to_string();
            if !metadata.is_file() {
                self.fault(&shown, "it is no plain file", "put a copy there");
            } else if let Err(error) = File::open(&path) {
                self.fault(&shown, &format!("the file cannot be read: {error}"), "make it readable");
            }
            files.push(name.to_owned());
        }
        files
    }
}

fn is_not_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 == 0)
}

/// Whether a file or folder of this name belongs to a scenario: not a hidden one, nor what Python keeps for itself.
fn belongs(name: &OsStr) -> bool {
    !name.to_string_lossy().starts_with('.') && name != "__pycache__"
}

fn walk(dir: &Path, found: &mut Vec<(PathBuf, Metadata)>) -> io::Result<()> {
    let mut entries = fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (name, metadata) = (entry.file_name(), entry.metadata()?);
        if !belongs(&name) {
            continue;
        }
        match metadata.is_dir() {
            true => walk(&entry.path(), found)?,
            false => found.push((entry.path(), metadata)),
        }
    }
    Ok(())
}
