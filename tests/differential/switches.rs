//! One switch at a time: every other value of every yes or no and every choice, and the ends of
//! short ranges of whole numbers.
//!
//! A value that a case of the scenario has is not tried again: the case says what is left to
//! chance there, and nothing does so here. So a switch whose outcome is luck needs a case.

use protocol::scenario::ParamKind;
use protocol::{Card, Param, Params};
use serde_json::Value;

/// What random durations are made from.
pub const SEED: u64 = 7;

/// Durations are shorter by this, so that everything keeps its order and a run is soon over.
const FASTER: f64 = 2.0;

/// The longest range whose ends are tried: workers and tasks, not rounds of a calculation.
const SHORT: i64 = 20;

/// All parameters of a run, one of them not as usual.
pub struct Switch {
    /// As `size=16`.
    pub name: String,
    /// Every parameter.
    pub params: Params,
}

/// Every switch of a scenario that no case of it has.
pub fn of(card: &Card) -> Vec<Switch> {
    let cases = scenarios::expectations(&card.id);
    let mut switches = Vec::new();
    for param in &card.params {
        for value in others(param) {
            if cases.iter().all(|case| case.params[&param.name] != value) {
                let mut params = usual(card);
                params.insert(param.name.clone(), value.clone());
                switches.push(Switch { name: format!("{}={value}", param.name), params });
            }
        }
    }
    switches
}

/// The values that are worth a run, beside the usual one.
fn others(param: &Param) -> Vec<Value> {
    let values: Vec<Value> = match &param.kind {
        ParamKind::Boolean { default } => vec![(!default).into()],
        ParamKind::Choice { options, .. } => {
            options.iter().map(|option| option.value.clone().into()).collect()
        }
        ParamKind::Integer { min, max, .. } if max - min <= SHORT => vec![(*min).into(), (*max).into()],
        _ => Vec::new(),
    };
    values.into_iter().filter(|value| *value != param.kind.default()).collect()
}

/// The defaults, with shorter durations.
fn usual(card: &Card) -> Params {
    let value = |param: &Param| match &param.kind {
        ParamKind::Number { min, default, unit, .. } if unit == "s" => (default / FASTER).max(*min).into(),
        kind => kind.default(),
    };
    card.params.iter().map(|param| (param.name.clone(), value(param))).collect()
}
