//! `[sweep]`: the parameter whose curve the page offers first, and what it is held against.

use protocol::scenario::ParamKind;
use protocol::sweep::Ideal;
use protocol::{Param, Sweep};

use super::section::Section;

/// What is worth sweeping, if anything is said of it.
pub fn read(root: &Section<'_>, params: &[Param]) -> Option<Sweep> {
    let section = root.section("sweep")?;
    let sweep = Sweep {
        parameter: section.required("parameter"),
        ideal: read_ideal(&section),
        times: section.optional("times"),
    };
    if section.has("parameter") {
        check_parameter(&section, &sweep, params);
    }
    section.finish();
    Some(sweep)
}

fn read_ideal(section: &Section<'_>) -> Option<Ideal> {
    let word: String = section.optional("ideal")?;
    if word != "inverse" {
        section.fault_at("ideal", format!("there is no ideal `{word}`"), "use inverse");
    }
    Some(Ideal::Inverse)
}

fn check_parameter(section: &Section<'_>, sweep: &Sweep, params: &[Param]) {
    let name = &sweep.parameter;
    let kind = params.iter().find(|param| param.name == *name).map(|param| &param.kind);
    // A list has a first, a second … element, so its numbers are whole.
    let whole = sweep.times.is_some();
    let numbers = params.iter().filter(|param| is_number(&param.kind, whole));
    let fits = kind.is_some_and(|kind| is_number(kind, whole));
    if !fits {
        let names: Vec<&str> = numbers.map(|param| param.name.as_str()).collect();
        let what = format!("`{name}` is no parameter that is a{} number", if whole { " whole" } else { "" });
        section.fault_at("parameter", what, format!("use one of: {}", names.join(", ")));
    }
}

fn is_number(kind: &ParamKind, whole: bool) -> bool {
    match kind {
        ParamKind::Integer { .. } => true,
        ParamKind::Number { .. } => !whole,
        _ => false,
    }
}
