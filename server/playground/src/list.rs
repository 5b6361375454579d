//! `list`: the scenarios that this host can run.

use std::process::ExitCode;

use protocol::Card;
use protocol::scenario::ParamKind;
use serde_json::json;

use crate::cli::{List, ListFormat};
use crate::run::print_or_exit;

/// Prints the scenarios on standard output.
pub fn list(arguments: &List) -> ExitCode {
    let text = match arguments.format {
        ListFormat::Table => scenarios::cards().iter().map(table_rows).collect(),
        ListFormat::Json => {
            format!("{:#}\n", scenarios::cards().iter().map(object).collect::<serde_json::Value>())
        }
    };
    print_or_exit(&text)
}

fn object(card: &Card) -> serde_json::Value {
    let runtimes: Vec<_> = card.sources.iter().map(|source| source.runtime).collect();
    json!({"id": card.id, "title": card.title, "params": card.params, "runtimes": runtimes})
}

fn table_rows(card: &Card) -> String {
    let head = format!("{:<16} {}  {}\n", card.id, card.title.en, card.title.zh);
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
