//! `list`: the scenarios that this host can run.

use std::process::ExitCode;

use protocol::scenario::ParamKind;
use protocol::{Card, Text};
use serde_json::{Value, json};

use crate::cli::{List, ListFormat};
use crate::here::Place;
use crate::python::Python;
use crate::run::print_or_exit;
use crate::usage;

/// Prints the scenarios on standard output.
pub fn list(arguments: &List) -> ExitCode {
    let place = match Place::make(&arguments.sources) {
        Ok(place) => place,
        Err(message) => return usage(message),
    };
    place.faults().for_each(|fault| eprintln!("{fault}"));
    let python = place.python(&arguments.sources);
    let cards = place.catalogue(&python).cards;
    let text = match arguments.format {
        ListFormat::Table => cards.iter().map(table_rows).collect::<String>() + &python_row(python),
        ListFormat::Json => format!("{:#}\n", cards.iter().map(object).collect::<Value>()),
    };
    print_or_exit(&text)
}

fn object(card: &Card) -> Value {
    let runtimes: Vec<_> = card.sources.iter().map(|source| source.runtime).collect();
    json!({"id": card.id, "title": card.title, "params": card.params, "runtimes": runtimes, "missing": card.missing})
}

/// Who runs `main.py`, or why nobody does.
fn python_row(python: Result<Python, Text>) -> String {
    match python {
        Ok(python) => format!("\nPython: CPython {}, {}\n", python.version, python.file.display()),
        Err(why) => format!("\nPython: not here; {}\n", why.en),
    }
}

fn table_rows(card: &Card) -> String {
    let runtimes: Vec<String> =
        card.sources.iter().map(|source| format!("{:?}", source.runtime).to_lowercase()).collect();
    let head = format!("{:<16} {}  {}  [{}]\n", card.id, card.title.en, card.title.zh, runtimes.join(" "));
    let params = card.params.iter().map(|param| {
        format!("{:16}   {:<16} {:<28} {}\n", "", param.name, range(&param.kind), param.title.en)
    });
    std::iter::once(head).chain(params).collect()
}

/// What `--set` takes, with the default first.
fn range(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Integer { min, max, default } => format!("{default}  ({min}..{max})"),
        ParamKind::Number { min, max, default, unit, .. } => format!("{default} {unit}  ({min}..{max})"),
        ParamKind::Boolean { default } => format!("{default}  (true|false)"),
        ParamKind::Choice { options, default } => {
            let words: Vec<_> = options.iter().map(|option| option.value.as_str()).collect();
            format!("{default}  ({})", words.join("|"))
        }
        ParamKind::Text { default, .. } => default.clone(),
    }
}
