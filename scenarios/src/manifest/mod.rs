//! `scenario.toml`: what a scenario says of itself and what must hold when it runs.
//!
//! The same reader serves three: `build.rs`, which generates each program's `Params` from
//! it; the catalogue, which makes cards; and `process-playground check`, which wants every
//! mistake with its line. It knows nothing of the programs beside the file.
//!
//! `build.rs` includes this folder by path, so nothing here may name the rest of the crate.

mod chapter;
mod fault;
mod folder;
mod own;
mod params;
mod predict;
mod program;
mod prose;
mod recording;
mod section;
mod selector;
mod story;
mod sweep;

use protocol::scenario::Chapter;
use protocol::{Param, Predict, Sweep, Text};
use toml::de::DeTable;

pub use fault::{Fault, Level};
pub use folder::{Folder, MANIFEST, PYTHON, RUST, TEXT_EN, TEXT_ZH, find, is_id, nothing_in, scenarios_in};
pub use own::{Own, read as read_own};
pub use program::{OwnProgram, own_file};
pub use recording::RECORDING;
pub use story::{Count, Exit, Expect, Overlap};

use section::{Page, Section};

/// What stands in a `scenario.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Where it stands in the catalogue.
    pub order: i64,
    /// The part of the catalogue it stands in.
    pub chapter: Chapter,
    /// A few words.
    pub title: Text,
    /// One sentence.
    pub summary: Text,
    /// What can be switched.
    pub params: Vec<Param>,
    /// How an operator's own program is started.
    pub program: Option<OwnProgram>,
    /// What the reader may predict.
    pub predict: Option<Predict>,
    /// What is worth sweeping.
    pub sweep: Option<Sweep>,
    /// What must hold, one case each.
    pub expects: Vec<Expect>,
}

/// Reads the file's text. The manifest is complete only if no fault is an error.
pub fn read(file: &str, text: &str) -> (Manifest, Vec<Fault>) {
    let page = Page::new(file, text);
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let what = error.message().lines().collect::<Vec<_>>().join(", ");
        page.fault(error.span().unwrap_or(0..0), what, "see https://toml.io for the syntax");
    }
    let section = Section::new(&page, 0..0, root.get_ref());
    let params = params::read(section.sections("params"));
    let predict = predict::read(&section);
    let sweep = sweep::read(&section, &params);
    let manifest = Manifest {
        order: section.required("order"),
        chapter: chapter::read(&section),
        title: params::read_text(&section, "title"),
        summary: params::read_text(&section, "summary"),
        expects: story::read(section.sections("expect"), &params, predict.as_ref()),
        params,
        predict,
        sweep,
        program: program::read(&section),
    };
    let unchecked =
        !manifest.expects.is_empty() && manifest.expects.iter().all(|case| case.predicts.is_none());
    if manifest.predict.is_some() && unchecked {
        section.fault_at(
            "predict",
            "no case says what the answer is",
            "add `predicts = …` to an `[[expect]]`",
        );
    }
    section.finish();
    (manifest, page.into_faults())
}

#[cfg(test)]
mod tests;
