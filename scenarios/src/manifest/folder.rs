//! A scenario's folder in this repository: which files it has and whether they fit each other.

use std::path::{Path, PathBuf};
use std::{fs, io};

use protocol::event::Runtime;
use protocol::scenario::Source;

use super::recording::{self, RECORDING};
use super::{Fault, Level, Manifest, prose};

/// The card and the expectations.
pub const MANIFEST: &str = "scenario.toml";
/// The program that runs.
pub const RUST: &str = "main.rs";
/// The same program for CPython.
pub const PYTHON: &str = "main.py";
/// The explanation in Chinese.
pub const TEXT_ZH: &str = "text.zh.md";
/// The explanation in English.
pub const TEXT_EN: &str = "text.en.md";

/// Every scenario has exactly these.
const FILES: [&str; 5] = [MANIFEST, RUST, PYTHON, TEXT_ZH, TEXT_EN];

/// A visitor sees the whole program beside the picture; more lines do not fit.
pub const MAX_LINES: usize = 40;

/// What a text may have that is shown or read as a whole.
const MAX_TEXT_BYTES: u64 = 1 << 20;

/// One scenario's folder.
#[derive(Debug)]
pub struct Folder {
    /// The folder's name.
    pub id: String,
    /// Where it is.
    pub dir: PathBuf,
    /// What its `scenario.toml` says.
    pub manifest: Manifest,
    /// Whether it has a recorded run that is fit to be shown.
    pub is_recorded: bool,
}

/// Every scenario in a folder, or the one scenario that the folder is, in the order of the
/// catalogue, and everything that is wrong with them. A folder is a scenario's when it has
/// any of the five files; a crate's only by its `scenario.toml`.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn find(dir: &Path) -> io::Result<(Vec<Folder>, Vec<Fault>)> {
    let mut faults = Vec::new();
    let mut folders: Vec<Folder> = scenarios_in(dir)?.into_iter().map(|dir| read(dir, &mut faults)).collect();
    folders.sort_by(|a, b| (a.manifest.order, &a.id).cmp(&(b.manifest.order, &b.id)));
    for pair in folders.windows(2).filter(|pair| pair[0].manifest.order == pair[1].manifest.order) {
        let what = format!("`order` is {}, as in {}", pair[1].manifest.order, pair[0].id);
        faults.push(fault(
            &format!("{}/{MANIFEST}", pair[1].id),
            &what,
            "give each scenario a place of its own",
        ));
    }
    if folders.is_empty() {
        faults.push(nothing_in(dir));
    }
    Ok((folders, faults))
}

/// The folder itself, or every scenario's folder in it.
///
/// # Errors
/// When the folder cannot be read.
pub fn scenarios_in(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let dir = dir.canonicalize()?;
    if is_scenario(&dir) {
        return Ok(vec![dir]);
    }
    let entries = fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
    let mut dirs: Vec<PathBuf> =
        entries.iter().map(fs::DirEntry::path).filter(|dir| is_scenario(dir)).collect();
    dirs.sort();
    Ok(dirs)
}

/// That there is no scenario in a folder.
pub fn nothing_in(dir: &Path) -> Fault {
    let remedy = "name a folder with scenario.toml in it or in its subfolders";
    fault(&dir.display().to_string(), "no scenario here", remedy)
}

fn is_scenario(dir: &Path) -> bool {
    let is_crate = || dir.join("Cargo.toml").exists();
    dir.join(MANIFEST).is_file() || (FILES.iter().any(|file| dir.join(file).is_file()) && !is_crate())
}

fn read(dir: PathBuf, faults: &mut Vec<Fault>) -> Folder {
    let id = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !is_id(&id) {
        faults.push(fault(&id, "the folder's name is no id", "use a-z, 0-9 and -, beginning with a letter"));
    }
    let remedy = format!("a scenario has {}", FILES.join(", "));
    let [manifest, rust, python, zh, en] = FILES.map(|file| read_file(&dir, &id, file, &remedy, faults));
    if let (Some(zh), Some(en)) = (zh, en) {
        let (file_zh, file_en) = (format!("{id}/{TEXT_ZH}"), format!("{id}/{TEXT_EN}"));
        faults.extend(prose::check(&file_zh, &zh));
        faults.extend(prose::check(&file_en, &en));
        faults.extend(prose::compare(&file_zh, &zh, TEXT_EN, &en));
    }
    let (manifest, found) = super::read(&format!("{id}/{MANIFEST}"), manifest.as_deref().unwrap_or_default());
    faults.extend(found);
    let name = format!("{id}/{MANIFEST}");
    if manifest.expects.is_empty() {
        faults.push(fault(&name, "no `[[expect]]`", "say what must hold in at least one case"));
    }
    if manifest.predict.is_none() {
        let remedy = "ask the reader what will happen, by `[predict]`";
        faults.push(Fault { level: Level::Warning, ..fault(&name, "there is no question", remedy) });
    }
    if manifest.program.is_some() {
        let remedy = "take it away; the programs are main.rs and main.py";
        faults.push(fault(&name, "`[program]` is for operators' own scenarios", remedy));
    }
    let source = |runtime, file: &str, text: Option<String>| Source {
        runtime,
        file: file.into(),
        text: text.unwrap_or_default(),
    };
    let sources = [source(Runtime::Rust, RUST, rust), source(Runtime::Python, PYTHON, python)];
    for Source { file, text, .. } in &sources {
        faults.extend(check_program(&format!("{id}/{file}"), text, &manifest));
    }
    let found = check_recording(&dir, &id, &manifest, &sources);
    let is_recorded = found.is_empty();
    faults.extend(found);
    Folder { id, dir, manifest, is_recorded }
}

/// What is wrong with the recorded run. That there is none is a warning, too: a new scenario must
/// be built before it can be recorded.
fn check_recording(dir: &Path, id: &str, manifest: &Manifest, sources: &[Source]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let text = read_file(dir, id, RECORDING, "make it: scenarios/record", &mut faults);
    faults.iter_mut().for_each(|fault| fault.level = Level::Warning);
    let name = format!("{id}/{RECORDING}");
    faults.extend(text.into_iter().flat_map(|text| recording::check(&name, &text, id, manifest, sources)));
    faults
}

/// A file's text; a fault if it is missing or cannot be read.
pub fn read_file(dir: &Path, id: &str, file: &str, remedy: &str, faults: &mut Vec<Fault>) -> Option<String> {
    match read_plain(&dir.join(file)) {
        Ok(text) => Some(text),
        Err(error) => {
            let what = match error.kind() {
                io::ErrorKind::NotFound => "the file is missing".into(),
                _ => format!("the file cannot be read: {error}"),
            };
            faults.push(fault(&format!("{id}/{file}"), &what, remedy));
            None
        }
    }
}

/// A text that ends, and is there without waiting for anybody: what is opened is no pipe and no device.
fn read_plain(path: &Path) -> io::Result<String> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    if metadata.len() > MAX_TEXT_BYTES {
        return Err(io::Error::other(format!("it is longer than {} KiB", MAX_TEXT_BYTES >> 10)));
    }
    fs::read_to_string(path)
}

/// Whether a program uses every parameter and no other, and is short enough to be read.
pub fn check_program(file: &str, text: &str, manifest: &Manifest) -> Vec<Fault> {
    let mut faults = Vec::new();
    if text.lines().count() > MAX_LINES {
        let what = format!("{} lines", text.lines().count());
        let remedy = format!("a visitor reads at most {MAX_LINES} beside the picture");
        faults.push(Fault { level: Level::Warning, ..fault(file, &what, &remedy) });
    }
    let used: Vec<(usize, &str)> = text.lines().enumerate().flat_map(params_in).collect();
    for (line, name) in &used {
        if !manifest.params.iter().any(|param| param.name == *name) {
            let what = format!("the parameter `{name}` is not in {MANIFEST}");
            faults.push(Fault { line: Some(line + 1), ..fault(file, &what, "add it there or take it away") });
        }
    }
    for param in &manifest.params {
        if !text.is_empty() && !used.iter().any(|(_, name)| *name == param.name) {
            let what = format!("the parameter `{}` is never used", param.name);
            faults.push(fault(file, &what, "a switch must change what the program does"));
        }
    }
    faults
}

/// The names after `params.` (Python) or `PARAMS.` (Rust) in one line.
fn params_in((number, line): (usize, &str)) -> impl Iterator<Item = (usize, &str)> {
    let end = |name: &str| name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    let after = |word| line.split(word).skip(1).map(move |name: &str| (number, &name[..end(name)]));
    after("params.").chain(after("PARAMS."))
}

/// Whether a folder may be called like that.
pub fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// A mistake of a file as a whole.
pub fn fault(file: &str, what: &str, remedy: &str) -> Fault {
    let (file, what, remedy) = (file.into(), what.into(), remedy.into());
    Fault { file, line: None, level: Level::Error, what, remedy }
}
