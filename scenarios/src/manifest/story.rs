//! `[[expect]]`: what must hold when the scenario runs, case by case.
//!
//! Siblings have no promised order and no promised speed, so a case never lists a whole
//! log. It says how many processes there are, how each ends, which lines each prints in
//! whatever order, and which events come before which. Durations are no expectation.
//!
//! A process is meant by its name (`MainProcess`, `小明`), where `*` stands for anything:
//! the lines of all processes that a pattern means are taken together, for nobody knows
//! which worker takes which task. In lines, `{pid}` and `{ppid}` are the printing process's,
//! `{pid NAME}` that of a process so named, `{s}` a number of seconds, `{n}` a whole number.

use std::collections::{BTreeMap, BTreeSet};

use protocol::event::Outcome;
use protocol::predict::Answer;
use protocol::{Card, Lang, Param, Params, Predict, Selector, Text};
use serde_json::Value;

use super::section::Section;
use super::{predict, selector};

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// What it shows, a sentence.
    pub name: String,
    /// Every parameter with its value.
    pub params: Params,
    /// What random durations are made from.
    pub seed: u64,
    /// The wall clock limit to run it with; unless told, the usual one.
    pub wall_ms: Option<u64>,
    /// How the run ends.
    pub outcome: Outcome,
    /// How many processes there are, the first one among them.
    pub processes: u64,
    /// How each process may end, by name; its own name counts before a pattern. Unless told, all with code 0.
    pub exits: BTreeMap<String, Vec<Exit>>,
    /// Exactly these lines on standard output, in any order.
    pub lines: BTreeMap<String, Vec<String>>,
    /// Each of these at least once, any of them more often, nothing else.
    pub repeats: BTreeMap<String, Vec<String>>,
    /// Each of these at most once, nothing else.
    pub may: BTreeMap<String, Vec<String>>,
    /// On standard error at least these. Who is not named writes nothing there.
    pub errors: BTreeMap<String, Vec<String>>,
    /// Every event of the first kind comes before every event of the second; both are there.
    pub before: Vec<(Selector, Selector)>,
    /// How many such events there are.
    pub counts: Vec<Count>,
    /// How many spans are open at once.
    pub overlaps: Vec<Overlap>,
    /// What the log must answer to the scenario's question, and where in it that stands.
    pub predicts: Option<(Answer, Value)>,
}

/// How a process ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// With an exit code.
    Code(i32),
    /// By a signal, as `SIGTERM`.
    Signal(String),
}

/// How many events there are of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Which.
    pub of: Selector,
    /// How many.
    pub is: u64,
}

/// How many spans, each from one event to another, are open at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Opens a span.
    pub from: Selector,
    /// Closes one.
    pub to: Selector,
    /// Never more than this.
    pub most: u64,
    /// At some moment as many as this.
    pub reaches: u64,
}

/// All cases, in the order of the file.
pub fn read(sections: Vec<Section<'_>>, params: &[Param], question: Option<&Predict>) -> Vec<Expect> {
    let mut names = BTreeSet::new();
    let mut cases = Vec::new();
    for section in sections {
        let case = read_case(&section, params, question);
        if !names.insert(case.name.clone()) {
            section.fault_at("name", format!("a second case `{}`", case.name), "give it another name");
        }
        section.finish();
        cases.push(case);
    }
    cases
}

fn read_case(section: &Section<'_>, params: &[Param], question: Option<&Predict>) -> Expect {
    let processes = section.required("processes");
    let mut exits = read_exits(section);
    if exits.is_empty() {
        exits.insert("*".into(), vec![Exit::Code(0)]);
    }
    Expect {
        name: section.required("name"),
        params: read_params(section, params),
        seed: section.optional("seed").unwrap_or_default(),
        wall_ms: section.optional("wall_ms"),
        outcome: read_outcome(section),
        processes,
        exits,
        lines: read_lines(section, "lines"),
        repeats: read_lines(section, "repeats"),
        may: read_lines(section, "may"),
        errors: read_lines(section, "errors"),
        before: read_before(section),
        counts: read_counts(section),
        overlaps: read_overlaps(section),
        predicts: predict::read_predicts(section, question),
    }
}

fn read_params(section: &Section<'_>, params: &[Param]) -> Params {
    let Some(given) = section.section("params") else { return check(section, params, Params::new()) };
    let values = given.entries::<Value>().into_iter().map(|(name, _, value)| (name.to_owned(), value));
    check(&given, params, values.collect())
}

/// The catalogue's own judgement on the values.
fn check(section: &Section<'_>, params: &[Param], given: Params) -> Params {
    let none = Text::default();
    let card = Card {
        id: String::new(),
        title: none.clone(),
        summary: none.clone(),
        text: none,
        params: params.to_vec(),
        sources: Vec::new(),
        missing: Vec::new(),
        predict: None,
        sweep: None,
        chapter: Default::default(),
    };
    card.check(&given).unwrap_or_else(|faults| {
        for (name, fault) in faults {
            section.fault_at(&name, format!("`{name}`: {}", fault.message(Lang::En)), "change the value");
        }
        given
    })
}

fn read_outcome(section: &Section<'_>) -> Outcome {
    let Some(word) = section.optional::<String>("outcome") else { return Outcome::Completed };
    serde_json::from_value(Value::from(word.clone())).unwrap_or_else(|_| {
        let remedy = "use completed, failed, stopped, time_limit, process_limit, memory_limit or crashed";
        section.fault_at("outcome", format!("there is no outcome `{word}`"), remedy);
        Outcome::Completed
    })
}

fn read_exits(section: &Section<'_>) -> BTreeMap<String, Vec<Exit>> {
    let Some(exits) = section.section("exits") else { return BTreeMap::new() };
    let words = |word: String| match word.parse::<i32>() {
        Ok(code) => Exit::Code(code),
        Err(_) => Exit::Signal(word),
    };
    let mut read = BTreeMap::new();
    for (who, _, endings) in exits.entries::<Vec<String>>() {
        let endings: Vec<Exit> = endings.into_iter().map(words).collect();
        if !endings.iter().all(is_possible) {
            let what = format!("`{who}` cannot end like that");
            exits.fault_at(who, what, "list codes from \"0\" to \"255\" and signals as \"SIGTERM\"");
        }
        read.insert(who.to_owned(), endings);
    }
    read
}

fn is_possible(exit: &Exit) -> bool {
    match exit {
        Exit::Code(code) => (0..=255).contains(code),
        Exit::Signal(name) => name.starts_with("SIG"),
    }
}

fn read_lines(section: &Section<'_>, key: &'static str) -> BTreeMap<String, Vec<String>> {
    let Some(lines) = section.section(key) else { return BTreeMap::new() };
    lines.entries::<Vec<String>>().into_iter().map(|(who, _, lines)| (who.to_owned(), lines)).collect()
}

fn read_before(section: &Section<'_>) -> Vec<(Selector, Selector)> {
    let read = |pair: Section<'_>| {
        let both = (selector::read(&pair, "first"), selector::read(&pair, "then"));
        pair.finish();
        both
    };
    section.sections("before").into_iter().map(read).collect()
}

fn read_counts(section: &Section<'_>) -> Vec<Count> {
    let read = |count: Section<'_>| {
        let read = Count { of: selector::read(&count, "of"), is: count.required("is") };
        count.finish();
        read
    };
    section.sections("count").into_iter().map(read).collect()
}

fn read_overlaps(section: &Section<'_>) -> Vec<Overlap> {
    let read = |overlap: Section<'_>| {
        let most = overlap.required("most");
        let reaches = overlap.optional("reaches").unwrap_or_default();
        let (from, to) = (selector::read(&overlap, "from"), selector::read(&overlap, "to"));
        overlap.finish();
        Overlap { from, to, most, reaches }
    };
    section.sections("overlap").into_iter().map(read).collect()
}
