//! A right manifest, and then one mistake at a time: each is found, with its line and a remedy.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

const RIGHT: &str = r#"order = 1
title = { zh = "池", en = "Pool" }
summary = { zh = "池", en = "A pool" }

[[params]]
name = "size"
type = "integer"
min = 1
max = 16
default = 5
title = { zh = "进程数", en = "Workers" }
help = { zh = "试试 1", en = "Try 1" }

[[params]]
name = "call"
type = "choice"
default = "apply"
title = { zh = "方式", en = "How" }
help = { zh = "试试", en = "Try" }
[[params.options]]
value = "apply"
title = { zh = "apply", en = "apply" }

[sweep]
parameter = "size"
ideal = "inverse"
times = "times"

[predict]
question = { zh = "几个？", en = "How many?" }
[[predict.options]]
value = "one"
title = { zh = "一", en = "one" }
first = { type = "task.started", name = "{*}" }
[[predict.options]]
value = "none"
title = { zh = "无", en = "none" }
otherwise = true

[[expect]]
name = "one"
params = { size = 3 }
processes = 4
predicts = "one"
exits = { "*" = ["0", "SIGTERM"] }
[[expect.count]]
of = { type = "task.started", process = "Worker-*", name = "a" }
is = 1
"#;

fn faults(text: &str) -> Vec<String> {
    read("pool/scenario.toml", text).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_right_manifest_is_read_as_it_stands() {
    let (manifest, faults) = read("pool/scenario.toml", RIGHT);
    assert_eq!(faults, []);
    assert_eq!(manifest.title.zh, "池");
    assert_eq!(
        manifest.params[0].kind,
        protocol::scenario::ParamKind::Integer { min: 1, max: 16, default: 5 }
    );
    let sweep = manifest.sweep.as_ref().map(|sweep| (sweep.parameter.as_str(), sweep.times.as_deref()));
    assert_eq!(sweep, Some(("size", Some("times"))));
    let case = &manifest.expects[0];
    assert_eq!((&case.params["size"], &case.params["call"]), (&3.into(), &"apply".into()));
    assert_eq!(case.exits["*"], [Exit::Code(0), Exit::Signal("SIGTERM".into())]);
    assert_eq!(case.counts[0].of.fields["name"], "a");
}

#[test]
fn each_mistake_has_its_line_and_a_remedy() {
    let mistakes = [
        (
            "max = 16",
            "max = 4",
            ":10: error: `default` is out of range: 5 is not a whole number from 1 to 4; change",
        ),
        ("max = 16", "max = 1.5", ":9: error: `max` is a number; give a whole number"),
        ("max = 16", "maximum = 16", ":5: error: `max` is missing; add `max = …`"),
        ("max = 16", "max = 16\nmaxi = 3", ":10: error: unknown key `maxi`; here may be: name, type, min"),
        ("type = \"integer\"", "type = \"int\"", ":7: error: there is no type `int`; use integer, number"),
        ("name = \"call\"", "name = \"size\"", ":15: error: a second parameter `size`; give it another name"),
        ("name = \"call\"", "name = \"async\"", ":15: error: `async` is no name for a variable"),
        (
            "default = \"apply\"",
            "default = \"map\"",
            ":17: error: `default` is out of range: \"map\" is not one of",
        ),
        ("value = \"apply\"", "value = \"Apply\"", ":21: error: `Apply` is no word for a choice"),
        ("en = \"Workers\"", "fr = \"Ouvriers\"", ":11: error: `en` is missing; add `en = …`"),
        ("en = \"Workers\"", "en = \" \"", ":11: error: `title.en` is empty; write the translation"),
        ("summary =", "sumary =", ":1: error: `summary` is missing; add `summary = {"),
        ("order = 1", "order = \"1\"", ":1: error: `order` is a text; give a whole number"),
        ("size = 3", "size = 30", ":42: error: `size`: 30 is not a whole number from 1 to 16"),
        ("size = 3", "sise = 3", ":42: error: `sise`: unknown parameter; this scenario has: size, call"),
        ("processes = 4", "outcome = \"done\"\nprocesses = 4", ":43: error: there is no outcome `done`"),
        ("\"SIGTERM\"]", "\"TERM\"]", ":45: error: `*` cannot end like that"),
        (
            "of = { type = \"task.started\"",
            "of = { type = \"task.begun\"",
            ":47: error: there is no event `task.begun`",
        ),
        ("is = 1", "is = -1", ":48: error: `is` is a whole number; give a whole number that is not negative"),
        ("title = {", "title = ", ":2: error: "),
        ("otherwise = true", "count = 3", ":35: error: nothing says when this option is right; add `first"),
        ("otherwise = true", "otherwise = true\nfirst = { type = \"output\" }", ":38: error: `first` and"),
        ("first = {", "otherwise = true # {", ":35: error: a second option for all else"),
        ("value = \"none\"", "value = \"one\"", ":36: error: a second option `one`; give it another"),
        ("value = \"none\"", "value = \"No\"", ":36: error: `No` is no word for an option; use a-z"),
        ("{*}", "{n}", ":34: error: `{n}` has a placeholder that a prediction does not know; use {*}"),
        (
            "first = { type = \"task.started\"",
            "first = { type = \"task\"",
            ":34: error: there is no event `task`",
        ),
        (
            "question",
            "count = 3\nquestion",
            ":29: error: count and options say where the answer is; give one",
        ),
        (
            "predicts = \"one\"",
            "predicts = \"two\"",
            ":44: error: \"two\" is no answer to the question; use one",
        ),
        ("ideal = \"inverse\"", "ideal = \"linear\"", ":26: error: there is no ideal `linear`; use inverse"),
        (
            "parameter = \"size\"",
            "parameter = \"call\"",
            ":25: error: `call` is no parameter that is a whole number; use one of: size",
        ),
        ("parameter = \"size\"", "", ":24: error: `parameter` is missing; add `parameter = …`"),
        ("predicts = \"one\"", "", ":29: error: no case says what the answer is; add `predicts = …`"),
    ];
    for (right, wrong, sentence) in mistakes {
        let found = faults(&RIGHT.replacen(right, wrong, 1));
        let sentence = format!("pool/scenario.toml{sentence}");
        assert!(found.iter().any(|fault| fault.starts_with(&sentence)), "{sentence}\n{found:#?}");
    }
}

#[test]
fn a_question_about_a_number_is_answered_by_a_number() {
    let (head, rest) = RIGHT.split_once("[[predict.options]]").unwrap();
    let (_, cases) = rest.split_once("[[expect]]").unwrap();
    let text = |predicts| {
        let cases = cases.replace("predicts = \"one\"", predicts);
        format!("{head}count = {{ type = \"process.started\" }}\n\n[[expect]]{cases}")
    };
    assert_eq!(faults(&text("predicts = 4")), Vec::<String>::new());
    let found = faults(&text("predicts = \"four\""));
    assert!(found[0].ends_with("\"four\" is no answer to the question; give a number"), "{found:#?}");
    let found = faults(&RIGHT.replace("predict", "forecast").replace("forecasts = ", "predicts = "));
    assert!(
        found.iter().any(|fault| fault.ends_with("no question to be answered; add `[predict]`")),
        "{found:#?}"
    );
}

#[test]
fn all_mistakes_are_found_in_one_pass() {
    let text = RIGHT.replace("max = 16", "max = 4").replace("order = 1", "").replace("is = 1", "is = \"1\"");
    assert_eq!(faults(&text).len(), 3, "{:#?}", faults(&text));
}

/// A folder that is gone after the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(dir.join("pool")).unwrap();
        let program = "use super::PARAMS;\npub fn main() { PARAMS.size; PARAMS.call }\n";
        let twin = "from playground import params\nprint(params.size, params.call)\n";
        let recording = recording::tests::right("pool", r#"{"size":5,"call":"apply"}"#);
        let files = [
            (MANIFEST, RIGHT),
            (RUST, program),
            ("main.py", twin),
            (TEXT_ZH, "池"),
            (TEXT_EN, "Pool"),
            (RECORDING, &recording),
        ];
        for (file, text) in files {
            fs::write(dir.join("pool").join(file), text).unwrap();
        }
        Scratch(dir)
    }

    fn faults(&self, dir: &Path) -> Vec<String> {
        find(&self.0.join(dir)).unwrap().1.iter().map(ToString::to_string).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn two_scenarios_cannot_have_one_place() {
    let scratch = Scratch::new("order");
    fs::create_dir(scratch.0.join("twin")).unwrap();
    for entry in fs::read_dir(scratch.0.join("pool")).unwrap().flatten() {
        fs::copy(entry.path(), scratch.0.join("twin").join(entry.file_name())).unwrap();
    }
    let recording = recording::tests::right("twin", r#"{"size":5,"call":"apply"}"#);
    fs::write(scratch.0.join("twin").join(RECORDING), recording).unwrap();
    let fault = "twin/scenario.toml: error: `order` is 1, as in pool; give each scenario a place of its own";
    assert_eq!(scratch.faults(Path::new("")), [fault]);
}

#[test]
fn a_folder_of_scenarios_and_one_scenario_are_both_read() {
    let scratch = Scratch::new("both");
    for dir in ["", "pool"] {
        assert_eq!(scratch.faults(Path::new(dir)), Vec::<String>::new());
    }
    fs::remove_dir_all(scratch.0.join("pool")).unwrap();
    assert!(scratch.faults(Path::new(""))[0].contains("no scenario here; name a folder with scenario.toml"));
}

#[test]
fn what_is_wrong_with_the_files_is_told() {
    type Change = fn(&Path);
    let changes: [(Change, &str); 8] = [
        (
            |dir| fs::remove_file(dir.join("main.py")).unwrap(),
            "pool/main.py: error: the file is missing; a scenario",
        ),
        (|dir| fs::write(dir.join(TEXT_EN), "\n").unwrap(), "pool/text.en.md: error: the file is empty"),
        (|dir| fs::write(dir.join(RUST), [0xff]).unwrap(), "pool/main.rs: error: the file cannot be read"),
        (
            |dir| fs::write(dir.join("main.py"), "print(params.size)\n").unwrap(),
            "pool/main.py: error: the parameter `call` is never used; a switch must",
        ),
        (
            |dir| fs::write(dir.join("main.py"), "\nprint(params.call, params.size, params.sice)\n").unwrap(),
            "pool/main.py:2: error: the parameter `sice` is not in scenario.toml",
        ),
        (
            |dir| fs::write(dir.join(RUST), "PARAMS.size PARAMS.call".to_owned() + &"\n".repeat(41)).unwrap(),
            "pool/main.rs: warning: 41 lines; a visitor reads at most 40",
        ),
        (
            |dir| fs::remove_file(dir.join(RECORDING)).unwrap(),
            "pool/recording.ndjson: warning: the file is missing; make it: scenarios/record",
        ),
        (
            |dir| fs::write(dir.join(RUST), "PARAMS.size PARAMS.call\n").unwrap(),
            "pool/recording.ndjson:3: warning: main.rs has nothing in line 2; record it anew",
        ),
    ];
    for (number, (change, sentence)) in changes.into_iter().enumerate() {
        let scratch = Scratch::new(&format!("files-{number}"));
        change(&scratch.0.join("pool"));
        let found = scratch.faults(Path::new(""));
        assert!(found.iter().any(|fault| fault.starts_with(sentence)), "{sentence}\n{found:#?}");
    }
}
