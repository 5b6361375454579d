//! Scenarios as the API shows them, with a JSON Schema (2020-12) of their parameters.

use protocol::Lang;
use protocol::scenario::{Card, Choice, Missing, Param, ParamKind};
use serde_json::{Map, Value, json};

/// A scenario in a list.
pub fn brief(card: &Card, lang: Lang) -> Value {
    json!({
        "id": card.id,
        "chapter": card.chapter,
        "title": card.title.get(lang),
        "summary": card.summary.get(lang),
        "params": params(card, lang),
        "runtimes": card.sources.iter().map(|source| source.runtime).collect::<Vec<_>>(),
        "missing": card.missing.iter().map(|one| missing(one, lang)).collect::<Vec<_>>(),
    })
}

/// A scenario with its explanation and its programs.
pub fn full(card: &Card, lang: Lang) -> Value {
    let mut full = brief(card, lang);
    full["text"] = json!(card.text.get(lang));
    full["sources"] = json!(card.sources);
    full
}

fn missing(missing: &Missing, lang: Lang) -> Value {
    json!({"runtime": missing.runtime, "why": missing.why.get(lang)})
}

fn params(card: &Card, lang: Lang) -> Value {
    let properties: Map<String, Value> =
        card.params.iter().map(|param| (param.name.clone(), property(param, lang))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn property(param: &Param, lang: Lang) -> Value {
    let mut property = kind(&param.kind, lang);
    property["title"] = json!(param.title.get(lang));
    property["description"] = json!(param.help.get(lang));
    property["default"] = param.kind.default();
    property
}

fn kind(kind: &ParamKind, lang: Lang) -> Value {
    match kind {
        ParamKind::Integer { min, max, .. } => json!({"type": "integer", "minimum": min, "maximum": max}),
        ParamKind::Number { min, max, .. } => json!({"type": "number", "minimum": min, "maximum": max}),
        ParamKind::Boolean { .. } => json!({"type": "boolean"}),
        ParamKind::Choice { options, .. } => {
            let option = |option: &Choice| json!({"const": option.value, "title": option.title.get(lang)});
            json!({"type": "string", "oneOf": options.iter().map(option).collect::<Vec<_>>()})
        }
        ParamKind::Text { max_chars, .. } => {
            json!({"type": "string", "minLength": 1, "maxLength": max_chars, "pattern": "^\\P{Cc}*$"})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::tests::catalogue;

    #[test]
    fn a_parameter_has_its_range_its_default_and_its_words() {
        let shown = brief(&catalogue().cards[0], Lang::Zh);
        assert_eq!(shown["title"], "进程池");
        assert_eq!(shown["runtimes"], json!(["rust"]));
        assert_eq!(
            shown["params"]["properties"]["workers"],
            json!({"type": "integer", "minimum": 1, "maximum": 16, "default": 5, "title": "进程池", "description": "进程池"})
        );
    }
}
