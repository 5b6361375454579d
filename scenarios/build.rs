//! Makes the catalogue: one module a scenario folder, found by itself.
//!
//! A module has the folder's `main.rs` as it stands, and beside it `PARAMS`, of a type that is
//! generated from `scenario.toml`. Program and schema cannot drift: a field that the schema
//! does not have does not compile, and one that the program does not use is a fault.
//!
//! The Python twins and the folder `python`, which they import from, are embedded as texts, and
//! so is the recorded run where there is one that is fit to be shown.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use protocol::Param;
use protocol::scenario::ParamKind;

#[path = "src/manifest/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "the expectations are for the catalogue; here they are only validated"
)]
mod manifest;

use manifest::{Folder, Level};

fn main() {
    let dir = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    println!("cargo::rerun-if-changed={dir}");
    let (folders, faults) = manifest::find(Path::new(&dir)).expect("the crate's own folder can be read");
    for fault in &faults {
        let level = if fault.level == Level::Error { "error" } else { "warning" };
        println!("cargo::{level}={fault}");
    }
    if faults.iter().all(|fault| fault.level != Level::Error) {
        let target = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("catalogue.rs");
        let code = catalogue(&folders) + &python_library(&Path::new(&dir).join("python"));
        fs::write(target, code).expect("cargo's OUT_DIR can be written");
    }
}

fn catalogue(folders: &[Folder]) -> String {
    let mut code = String::new();
    let mut list = String::new();
    for folder in folders {
        let module = folder.id.replace('-', "_");
        code += &scenario(folder, &module);
        list += &format!("    {module}::PROGRAM,\n");
    }
    code + "/// Every scenario, in the order of the catalogue.\n"
        + &format!("static PROGRAMS: &[crate::Program] = &[\n{list}];\n")
}

/// Every Python file below the folder, with its path in it.
fn python_library(dir: &Path) -> String {
    let mut list = String::new();
    for file in python_files(dir) {
        let path = file.strip_prefix(dir).expect("it was found there");
        let _ = writeln!(list, "    ({path:?}, include_str!({file:?})),");
    }
    format!("/// What the Python programs import.\nstatic PYTHON_LIBRARY: &[(&str, &str)] = &[\n{list}];\n")
}

fn python_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("the crate has a folder `python`");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    let is_python = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "py");
    let files = |path: PathBuf| if path.is_dir() { python_files(&path) } else { vec![path] };
    paths.into_iter().flat_map(files).filter(is_python).collect()
}

fn scenario(folder: &Folder, module: &str) -> String {
    let id = &folder.id;
    let path = |file: &str| format!("{:?}", folder.dir.join(file));
    let embed = |file: &str| format!("include_str!({})", path(file));
    format!(
        "mod {module} {{
    use crate::stage::*;
{params}
    #[path = {program}]
    mod program;

    pub const PROGRAM: crate::Program = crate::Program {{
        id: {id:?},
        manifest: {manifest},
        text_zh: {zh},
        text_en: {en},
        rust: {rust},
        python: {python},
        recording: {recording},
        begin: || {{
            std::sync::LazyLock::force(&PARAMS);
            program::main()
        }},
    }};
}}

",
        params = params(&folder.manifest.params),
        program = path(manifest::RUST),
        manifest = embed(manifest::MANIFEST),
        zh = embed(manifest::TEXT_ZH),
        en = embed(manifest::TEXT_EN),
        rust = embed(manifest::RUST),
        python = embed(manifest::PYTHON),
        recording = match folder.is_recorded {
            true => format!("Some({})", embed(manifest::RECORDING)),
            false => "None".into(),
        },
    )
}

/// The struct `Params`, its defaults, and an enum for each choice, which is also its word.
fn params(params: &[Param]) -> String {
    let (mut fields, mut defaults, mut enums) = (String::new(), String::new(), String::new());
    for Param { name, kind, .. } in params {
        let (ty, default) = typed(name, kind);
        let _ = writeln!(fields, "        pub {name}: {ty},");
        let _ = writeln!(defaults, "                {name}: {default},");
        if let ParamKind::Choice { options, .. } = kind {
            let variants = options.iter().map(|option| {
                format!("        #[serde(rename = {:?})]\n        {},\n", option.value, camel(&option.value))
            });
            let derive = "#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]";
            let _ =
                writeln!(enums, "    {derive}\n    pub enum {ty} {{\n{}    }}", variants.collect::<String>());
            let words = options.iter().map(|option| {
                format!("                {ty}::{} => {:?},\n", camel(&option.value), option.value)
            });
            let _ = writeln!(
                enums,
                "    impl AsRef<str> for {ty} {{
        fn as_ref(&self) -> &str {{
            match self {{\n{}            }}\n        }}\n    }}",
                words.collect::<String>()
            );
        }
    }
    format!(
        "    #[derive(Clone, Debug, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Params {{
{fields}    }}
    /// What the visitor chose.
    pub static PARAMS: std::sync::LazyLock<Params> = std::sync::LazyLock::new(params);
    impl Default for Params {{
        fn default() -> Self {{
            Params {{
{defaults}            }}
        }}
    }}
{enums}"
    )
}

/// The Rust type of a parameter, and its default as an expression.
fn typed(name: &str, kind: &ParamKind) -> (String, String) {
    match kind {
        ParamKind::Integer { min, default, .. } => {
            (if *min < 0 { "i64" } else { "usize" }.into(), default.to_string())
        }
        ParamKind::Number { default, .. } => ("f64".into(), format!("{default:?}")),
        ParamKind::Boolean { default } => ("bool".into(), default.to_string()),
        ParamKind::Choice { default, .. } => (camel(name), format!("{}::{}", camel(name), camel(default))),
        ParamKind::Text { default, .. } => ("String".into(), format!("{default:?}.into()")),
    }
}

/// `apply_async` as a type's name: `ApplyAsync`.
fn camel(word: &str) -> String {
    let parts = word.split(['_', '-']).filter(|part| !part.is_empty());
    parts.map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}
