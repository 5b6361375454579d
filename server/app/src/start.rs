//! From what a visitor asks for to a job that can be run.

use protocol::event::Runtime;
use protocol::scenario::{Card, Params};
use protocol::socket::Start;
use protocol::{Job, Limits};
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::refusal::{FieldFault, Fields, Refusal};
use crate::tokens;

/// The job, with a new run id, every parameter and a seed.
///
/// # Errors
/// An unknown scenario, or everything that is wrong with parameters and runtime.
pub fn job(catalogue: &Catalogue, limits: &Limits, start: Start) -> Result<Job, Refusal> {
    let card = card(catalogue, &start.scenario)?;
    let runtime = start.runtime.unwrap_or_else(|| card.runtime());
    let mut faults = Fields::new();
    if !card.sources.iter().any(|source| source.runtime == runtime) {
        faults.insert("runtime".into(), not_here(card, runtime));
    }
    let params = checked(card, &start.params).unwrap_or_else(|wrong| {
        faults.extend(wrong);
        Params::new()
    });
    if !faults.is_empty() {
        return Err(Refusal::InvalidParams(faults));
    }
    let program = catalogue.program(&card.id, runtime);
    Ok(Job {
        run: tokens::id(),
        scenario: start.scenario,
        runtime,
        params,
        seed: start.seed.unwrap_or_else(tokens::seed),
        limits: limits.clone(),
        argv: program.argv,
        environment: program.environment,
        observe: Default::default(),
    })
}

/// Why a program cannot be run here.
fn not_here(card: &Card, runtime: Runtime) -> FieldFault {
    match card.missing.iter().find(|missing| missing.runtime == runtime) {
        Some(missing) => FieldFault::Told(missing.why.clone()),
        None => {
            let value = serde_json::to_value(runtime).unwrap_or(Value::Null);
            FieldFault::Wrong { value, wanted: "wanted.runtime_here" }
        }
    }
}

/// The card of a scenario.
///
/// # Errors
/// There is none; names those that there are.
pub fn card<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Card, Refusal> {
    catalogue.card(id).ok_or_else(|| Refusal::UnknownScenario {
        id: id.chars().take(60).collect(),
        known: catalogue.cards.iter().map(|card| card.id.clone()).collect(),
    })
}

/// The values of a query string: what it says of the card's parameters, and what is
/// wrong with them. `lang`, `seed`, `runtime`, `run` and the like are the page's own.
pub fn presets(card: &Card, query: &[(String, String)]) -> (Params, Fields) {
    let given = query.iter().filter(|(name, _)| card.param(name).is_some() || !is_page_word(name)).map(
        |(name, word)| {
            let value =
                card.param(name).map_or_else(|| Value::from(word.as_str()), |param| param.kind.parse(word));
            (name.clone(), value)
        },
    );
    let given: Params = given.collect();
    match card.check(&given) {
        Ok(_) => (given, Fields::new()),
        Err(faults) => {
            let good = given.into_iter().filter(|(name, _)| !faults.contains_key(name)).collect();
            (good, faults.into_iter().map(|(name, fault)| (name, FieldFault::Param(fault))).collect())
        }
    }
}

/// Words in a page's query string that are no parameters.
const PAGE_WORDS: [&str; 9] =
    ["lang", "seed", "runtime", "run", "theme", "t", "event", "marks", "experiment"];

/// An experiment's words have a point (`b.start=spawn`), which no parameter's name has.
fn is_page_word(name: &str) -> bool {
    PAGE_WORDS.contains(&name) || name.contains('.')
}

fn checked(card: &Card, given: &Params) -> Result<Params, Fields> {
    card.check(given)
        .map_err(|faults| faults.into_iter().map(|(name, fault)| (name, FieldFault::Param(fault))).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use protocol::Text;
    use protocol::scenario::{Missing, Param, ParamKind, Source};
    use serde_json::json;

    pub fn catalogue() -> Catalogue {
        let text = Text { zh: "进程池".into(), en: "Pool".into() };
        let kind = ParamKind::Integer { min: 1, max: 16, default: 5 };
        let python = Missing {
            runtime: Runtime::Python,
            why: Text { zh: "没有 Python".into(), en: "there is no Python".into() },
        };
        let card = Card {
            id: "pool".into(),
            title: text.clone(),
            summary: text.clone(),
            text: text.clone(),
            params: vec![Param { name: "workers".into(), title: text.clone(), help: text, kind }],
            sources: vec![Source { runtime: Runtime::Rust, file: "main.rs".into(), text: String::new() }],
            missing: vec![python],
            predict: None,
            sweep: None,
            chapter: Default::default(),
        };
        Catalogue { cards: vec![card], ..Catalogue::default() }
    }

    fn start(text: &str) -> Result<Job, Refusal> {
        job(&catalogue(), &Limits::default(), serde_json::from_str(text).unwrap())
    }

    #[test]
    fn defaults_are_filled_in() {
        let job = start(r#"{"scenario":"pool","seed":7}"#).unwrap();
        assert_eq!((job.seed, &job.params["workers"]), (7, &json!(5)));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let refused = start(r#"{"scenario":"pool","runtime":"python","params":{"workers":17,"x":1}}"#);
        let Err(Refusal::InvalidParams(fields)) = refused else { panic!("{refused:?}") };
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["runtime", "workers", "x"]);
        assert!(matches!(&fields["runtime"], FieldFault::Told(why) if why.en == "there is no Python"));
        assert_eq!(start(r#"{"scenario":"poll"}"#).unwrap_err().code(), "unknown_scenario");
    }

    #[test]
    fn a_query_string_presets_what_is_good_and_tells_what_is_not() {
        let query = |words: &[(&str, &str)]| {
            let words: Vec<_> = words.iter().map(|(name, word)| ((*name).into(), (*word).into())).collect();
            presets(&catalogue().cards[0], &words)
        };
        assert_eq!(
            query(&[("workers", "3"), ("lang", "zh"), ("experiment", "twin"), ("b.workers", "99")]),
            (Params::from([("workers".into(), json!(3))]), Fields::new())
        );
        let (params, faults) = query(&[("workers", "many"), ("worker", "1")]);
        assert!(params.is_empty());
        assert_eq!(faults.keys().collect::<Vec<_>>(), ["worker", "workers"]);
    }
}
