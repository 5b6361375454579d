//! Which events are meant: `{ type = "output", process = "MainProcess", text = "over!!!" }`.

use protocol::{KernelEvent, ProgramEvent, Selector, SupervisorEvent};
use serde_json::{Value, json};

use super::section::Section;

/// The selector under that key; a fault if it is missing or means no event of the log.
pub fn read(section: &Section<'_>, key: &'static str) -> Selector {
    let Some(selector) = section.section(key) else {
        if !section.has(key) {
            section.fault(format!("`{key}` is missing"), format!("add `{key} = {{ type = \"…\" }}`"));
        }
        return Selector { kind: String::new(), process: None, fields: Default::default() };
    };
    let kind: String = selector.required("type");
    if selector.has("type") && !is_kind(&kind) {
        selector.fault_at("type", format!("there is no event `{kind}`"), "use a kind of the event log");
    }
    let process = selector.optional("process");
    let fields = selector.entries::<Value>().into_iter().map(|(name, _, value)| (name.to_owned(), value));
    Selector { kind, process, fields: fields.collect() }
}

/// Whether the log knows such an event: serde refuses an unknown `type` by that word.
fn is_kind(kind: &str) -> bool {
    fn knows<T: serde::de::DeserializeOwned>(kind: &str) -> bool {
        match serde_json::from_value::<T>(json!({ "type": kind })) {
            Ok(_) => true,
            Err(error) => !error.to_string().starts_with("unknown variant"),
        }
    }
    knows::<KernelEvent>(kind) || knows::<ProgramEvent>(kind) || knows::<SupervisorEvent>(kind)
}
