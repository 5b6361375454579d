//! From the text of a client to a request, or to a refusal that names what is wrong.
//!
//! serde alone would say "data did not match": here every field is looked at by
//! name, and what is unknown, missing or of the wrong type is told, all at once.

use protocol::socket::{Request, Start};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::refusal::{FieldFault, Fields, Refusal};

/// A field that a request may have.
struct Field {
    name: &'static str,
    required: bool,
    /// The key of the sentence that says what it must be.
    wanted: &'static str,
    is: fn(&Value) -> bool,
}

const fn field(name: &'static str, required: bool, wanted: &'static str, is: fn(&Value) -> bool) -> Field {
    Field { name, required, wanted, is }
}

const ID: Field = field("id", true, "wanted.id", Value::is_u64);
const OP: Field = field("op", true, "wanted.op", Value::is_string);
const RUN: Field = field("run", true, "wanted.run", Value::is_string);
const TOKEN: Field = field("token", true, "wanted.token", Value::is_string);
const AFTER: Field = field("after", false, "wanted.after", Value::is_u64);
const PID: Field = field("pid", true, "wanted.pid", is_pid);
const SIGNAL: Field = field("signal", true, "wanted.signal", is_signal);
const SCENARIO: Field = field("scenario", true, "wanted.scenario", Value::is_string);
const RUNTIME: Field = field("runtime", false, "wanted.runtime", is_runtime);
const PARAMS: Field = field("params", false, "wanted.params", Value::is_object);
const SEED: Field = field("seed", false, "wanted.seed", is_seed);

/// The operations of the WebSocket and their fields.
const OPS: [(&str, &[Field]); 5] = [
    ("start", &[ID, OP, SCENARIO, RUNTIME, PARAMS, SEED]),
    ("follow", &[ID, OP, RUN, AFTER]),
    ("unfollow", &[ID, OP, RUN]),
    ("signal", &[ID, OP, RUN, TOKEN, PID, SIGNAL]),
    ("stop", &[ID, OP, RUN, TOKEN]),
];

/// The largest seed: what a JavaScript number holds exactly.
const SEED_MAX: u64 = (1 << 53) - 1;

/// The text of a WebSocket frame.
///
/// # Errors
/// What is wrong, with the request's id where there is one.
pub fn frame(text: &str) -> Result<Request, (Option<u64>, Refusal)> {
    let value = json(text.as_bytes()).map_err(|refusal| (None, refusal))?;
    let id = value.get("id").and_then(Value::as_u64);
    operation(&value).and_then(|fields| read(value, fields)).map_err(|refusal| (id, refusal))
}

/// The body of `POST /api/runs`.
///
/// # Errors
/// What is wrong.
pub fn start(body: &[u8]) -> Result<Start, Refusal> {
    read(json(body)?, &[SCENARIO, RUNTIME, PARAMS, SEED])
}

fn json(text: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(text).map_err(|error| {
        let (line, column, mut reason) = (error.line(), error.column(), error.to_string());
        if let Some(end) = reason.rfind(" at line ") {
            reason.truncate(end);
        }
        Refusal::MalformedJson { line, column, reason }
    })
}

fn operation(value: &Value) -> Result<&'static [Field], Refusal> {
    let object = value.as_object().ok_or_else(no_object)?;
    let Some(op) = object.get("op").and_then(Value::as_str) else {
        return Err(check(object, &[ID, OP]).err().unwrap_or_else(no_object));
    };
    let known = OPS.iter().find(|(name, _)| *name == op);
    known.map(|(_, fields)| *fields).ok_or_else(|| Refusal::UnknownOp { op: op.chars().take(40).collect() })
}

fn read<T: DeserializeOwned>(mut value: Value, fields: &[Field]) -> Result<T, Refusal> {
    let object = value.as_object_mut().ok_or_else(no_object)?;
    check(object, fields)?;
    // What may be left out may be null.
    object.retain(|_, value| !value.is_null());
    // The check leaves nothing for serde to refuse; if it does, that is said too.
    serde_json::from_value(value).map_err(|error| Refusal::MalformedJson {
        line: 1,
        column: 1,
        reason: error.to_string(),
    })
}

/// Looks at every field: unknown, missing, or not what it must be.
fn check(object: &Map<String, Value>, fields: &[Field]) -> Result<(), Refusal> {
    let mut faults = Fields::new();
    for name in object.keys().filter(|name| !fields.iter().any(|field| field.name == *name)) {
        let known = fields.iter().map(|field| field.name.to_owned()).collect();
        faults.insert(name.chars().take(40).collect(), FieldFault::Unknown { known });
    }
    for Field { name, required, wanted, is } in fields {
        match object.get(*name) {
            Some(Value::Null) if !required => {}
            Some(value) if is(value) => {}
            Some(value) => {
                drop(faults.insert((*name).into(), FieldFault::Wrong { value: value.clone(), wanted }))
            }
            None if *required => drop(faults.insert((*name).into(), FieldFault::Missing { wanted })),
            None => {}
        }
    }
    let of_a_scenario = faults.keys().all(|name| [SEED.name, RUNTIME.name].contains(&name.as_str()));
    match (faults.is_empty(), of_a_scenario) {
        (true, _) => Ok(()),
        (false, true) => Err(Refusal::InvalidParams(faults)),
        (false, false) => Err(Refusal::MalformedRequest(faults)),
    }
}

fn no_object() -> Refusal {
    Refusal::MalformedRequest(Fields::new())
}

fn is_pid(value: &Value) -> bool {
    value.as_i64().is_some_and(|pid| (1..=i64::from(i32::MAX)).contains(&pid))
}

fn is_signal(value: &Value) -> bool {
    ["SIGTERM", "SIGKILL", "SIGSTOP", "SIGCONT"].iter().any(|signal| value == signal)
}

fn is_runtime(value: &Value) -> bool {
    ["rust", "python", "program"].iter().any(|runtime| value == runtime)
}

fn is_seed(value: &Value) -> bool {
    value.as_u64().is_some_and(|seed| seed <= SEED_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::socket::RequestOp;
    use serde_json::json;

    fn refusal(text: &str) -> Refusal {
        frame(text).unwrap_err().1
    }

    fn faults(text: &str) -> Vec<String> {
        match refusal(text) {
            Refusal::MalformedRequest(fields) | Refusal::InvalidParams(fields) => {
                fields.into_keys().collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_operation_of_the_contract_is_read() {
        let start =
            r#"{"id":1,"op":"start","scenario":"pool","runtime":"rust","params":{"workers":5},"seed":null}"#;
        let RequestOp::Start(start) = frame(start).unwrap().op else { panic!("no start") };
        assert_eq!((start.scenario.as_str(), &start.params["workers"]), ("pool", &json!(5)));
        for text in [
            r#"{"id":2,"op":"follow","run":"0f","after":120}"#,
            r#"{"id":2,"op":"unfollow","run":"0f"}"#,
            r#"{"id":3,"op":"signal","run":"0f","token":"1e","pid":4713,"signal":"SIGKILL"}"#,
            r#"{"id":4,"op":"stop","run":"0f","token":"1e"}"#,
        ] {
            assert!(frame(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_with_its_position() {
        let expected = Refusal::MalformedJson { line: 1, column: 8, reason: "expected value".into() };
        assert_eq!(frame(r#"{"id": ,}"#).unwrap_err(), (None, expected));
    }

    #[test]
    fn an_unknown_operation_is_named_and_its_id_repeated() {
        let refused = frame(r#"{"id":7,"op":"dance"}"#).unwrap_err();
        assert_eq!(refused, (Some(7), Refusal::UnknownOp { op: "dance".into() }));
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(faults(r#"{"id":1}"#), ["op"]);
        assert_eq!(faults(r#"{"op":3}"#), ["id", "op"]);
        assert_eq!(faults(r#"{"id":-1,"op":"stop","run":5}"#), ["id", "run", "token"]);
        assert_eq!(
            faults(r#"{"id":1,"op":"signal","run":"","token":"","pid":0,"signal":"SIGHUP"}"#),
            ["pid", "signal"]
        );
        assert_eq!(faults(r#"{"id":1,"op":"start","scenario":"pool","parms":{}}"#), ["parms"]);
        assert_eq!(faults("[1]"), Vec::<String>::new());
    }

    #[test]
    fn null_is_what_is_left_out() {
        let text = br#"{"scenario":"pool","runtime":null,"params":null,"seed":null}"#;
        assert_eq!(start(text).unwrap(), start(br#"{"scenario":"pool"}"#).unwrap());
        assert!(frame(r#"{"id":1,"op":"follow","run":"0f","after":null}"#).is_ok());
    }

    #[test]
    fn a_bad_seed_is_a_bad_parameter() {
        for seed in ["-1", "1.5", "\"x\"", "9007199254740992"] {
            let text = format!(r#"{{"id":1,"op":"start","scenario":"pool","seed":{seed}}}"#);
            assert_eq!(refusal(&text).code(), "invalid_params", "{seed}");
            assert_eq!(faults(&text), ["seed"]);
        }
    }
}
