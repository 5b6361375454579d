//! `[[params]]`: what can be switched.
//!
//! A parameter becomes a control on the page, a flag of the command line, a field of the
//! Rust program's `Params` and an attribute of the Python program's `params`; hence the
//! rules for its name.

use protocol::scenario::{Choice, ParamKind};
use protocol::{Lang, Param, Text};

use super::section::Section;

/// Words that Rust or Python keep for themselves.
const KEYWORDS: &str = "as async await break class const continue crate def del dyn elif else enum except \
    extern false finally fn for from global if impl import in is lambda let loop match mod move mut nonlocal \
    not or pass pub raise ref return self static struct super trait true try type union unsafe use where \
    while with yield and assert abstract become box do final macro override priv try typeof unsized virtual";

/// All parameters, in the order of the file.
pub fn read(sections: Vec<Section<'_>>) -> Vec<Param> {
    let mut params: Vec<Param> = Vec::new();
    for section in sections {
        let param = read_param(&section);
        if params.iter().any(|other| other.name == param.name) {
            section.fault_at("name", format!("a second parameter `{}`", param.name), "give it another name");
        }
        section.finish();
        params.push(param);
    }
    params
}

/// A text in both languages, neither empty.
pub fn read_text(section: &Section<'_>, key: &'static str) -> Text {
    let Some(both) = section.section(key) else {
        if !section.has(key) {
            section
                .fault(format!("`{key}` is missing"), format!("add `{key} = {{ zh = \"…\", en = \"…\" }}`"));
        }
        return Text::default();
    };
    let text = Text { zh: both.required("zh"), en: both.required("en") };
    for (lang, words) in [("zh", &text.zh), ("en", &text.en)] {
        if both.has(lang) && words.trim().is_empty() {
            both.fault_at(lang, format!("`{key}.{lang}` is empty"), "write the translation");
        }
    }
    both.finish();
    text
}

fn read_param(section: &Section<'_>) -> Param {
    let name: String = section.required("name");
    if section.has("name") && !is_name(&name) {
        let remedy = "use a-z, 0-9 and _, beginning with a letter, and no keyword of Rust or Python";
        section.fault_at("name", format!("`{name}` is no name for a variable"), remedy);
    }
    let kind = read_kind(section);
    if !kind.admits(&kind.default()) {
        let fault = protocol::scenario::Fault::Wrong(kind.clone(), kind.default());
        let what = format!("`default` is out of range: {}", fault.message(Lang::En));
        section.fault_at("default", what, "change `default` or the range");
    }
    Param { name, title: read_text(section, "title"), help: read_text(section, "help"), kind }
}

fn read_kind(section: &Section<'_>) -> ParamKind {
    match section.required::<String>("type").as_str() {
        "integer" => ParamKind::Integer {
            min: section.required("min"),
            max: section.required("max"),
            default: section.required("default"),
        },
        "number" => read_number(section),
        "choice" => read_choice(section),
        "text" => {
            let max_chars = section.required::<u64>("max_chars") as usize;
            ParamKind::Text { max_chars, default: section.required("default") }
        }
        other => {
            if other != "boolean" && section.has("type") {
                let remedy = "use integer, number, boolean, choice or text";
                section.fault_at("type", format!("there is no type `{other}`"), remedy);
            }
            ParamKind::Boolean { default: section.required("default") }
        }
    }
}

fn read_number(section: &Section<'_>) -> ParamKind {
    let step: f64 = section.required("step");
    if section.has("step") && step <= 0.0 {
        section.fault_at("step", format!("`step` is {step}"), "give a number above 0");
    }
    ParamKind::Number {
        min: section.required("min"),
        max: section.required("max"),
        default: section.required("default"),
        step,
        unit: section.optional("unit").unwrap_or_default(),
    }
}

fn read_choice(section: &Section<'_>) -> ParamKind {
    let mut options: Vec<Choice> = Vec::new();
    if !section.has("options") {
        section.fault("`options` is missing", "add `[[params.options]]` with `value` and `title`");
    }
    for option in section.sections("options") {
        let value: String = option.required("value");
        if option.has("value") && !is_word(&value) {
            option.fault_at("value", format!("`{value}` is no word for a choice"), "use a-z, 0-9, _ and -");
        }
        if options.iter().any(|other| other.value == value) {
            option.fault_at("value", format!("a second option `{value}`"), "give it another value");
        }
        options.push(Choice { value, title: read_text(&option, "title") });
        option.finish();
    }
    ParamKind::Choice { options, default: section.required("default") }
}

fn is_name(name: &str) -> bool {
    is_word(name) && !name.contains('-') && !KEYWORDS.split_whitespace().any(|keyword| keyword == name)
}

/// A word of lower case letters, digits, `_` and `-`.
pub fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}
