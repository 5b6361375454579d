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
    let fits = |param: &&Param| can_be_swept(&param.kind, sweep);
    if params.iter().filter(fits).any(|param| param.name == sweep.parameter) {
        return;
    }
    let wanted = match (&sweep.times, sweep.ideal) {
        (Some(_), _) => "a whole number",
        (None, Some(_)) => "a number",
        (None, None) => "a number, a switch or a choice",
    };
    let names: Vec<&str> = params.iter().filter(fits).map(|param| param.name.as_str()).collect();
    let what = format!("`{}` is no parameter that is {wanted}", sweep.parameter);
    section.fault_at("parameter", what, format!("use one of: {}", names.join(", ")));
}

/// A list has a first, a second … element, so its numbers are whole; an ideal is computed of numbers.
fn can_be_swept(kind: &ParamKind, sweep: &Sweep) -> bool {
    match kind {
        ParamKind::Integer { .. } => true,
        ParamKind::Number { .. } => sweep.times.is_none(),
        ParamKind::Boolean { .. } | ParamKind::Choice { .. } => {
            sweep.times.is_none() && sweep.ideal.is_none()
        }
        ParamKind::Text { .. } => false,
    }
}
