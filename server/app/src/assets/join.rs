//! One script and one sheet for a page, of the many that it is written in.
//!
//! What stands in `web/` runs as it stands, module by module. A phone far away would have
//! to ask a hundred times, so for the trip they are joined: each module becomes a
//! function that runs once, before those that import it, and returns what it exports;
//! comments stay at home. No name changes, so errors and profiles still speak of the
//! source. It is written for the one way in which our modules import and export; what it
//! does not understand it refuses, with the line.

use std::fmt;

/// Gives the text of a file of `web/`.
pub type Read<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Why something cannot be joined.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such file.
    Missing(String),
    /// It imports itself, through others.
    Circle(String),
    /// This line of it is not understood.
    Line(String, String),
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing(path) => write!(to, "{path}: there is no such file"),
            Fault::Circle(path) => write!(to, "{path}: imports itself"),
            Fault::Line(path, line) => write!(to, "{path}: not understood: {line}"),
        }
    }
}

/// A module with all it imports, as one module.
///
/// # Errors
/// An import that leads nowhere or in a circle, or an import or export of an unknown form.
pub fn script(entry: &str, read: &Read<'_>) -> Result<String, Fault> {
    let mut modules = Modules { read, open: Vec::new(), done: Vec::new(), text: String::new() };
    let (body, _) = modules.module(entry)?;
    Ok(modules.text + &body)
}

/// A sheet with all it imports.
///
/// # Errors
/// An import that leads nowhere or in a circle.
pub fn sheet(path: &str, read: &Read<'_>) -> Result<String, Fault> {
    let source = read(path).ok_or_else(|| Fault::Missing(path.to_owned()))?;
    let mut text = String::new();
    for line in without_comments(&source) {
        match line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";")) {
            Some(from) if resolve(path, from) == path => return Err(Fault::Circle(path.to_owned())),
            Some(from) => text += &sheet(&resolve(path, from), read)?,
            None => text += &format!("{line}\n"),
        }
    }
    Ok(text)
}

struct Modules<'a> {
    read: &'a Read<'a>,
    /// Whose imports are being read.
    open: Vec<String>,
    /// Those that stand in the text; a module's place here is its number.
    done: Vec<String>,
    text: String,
}

impl Modules<'_> {
    /// The number of a module, which now stands in the text.
    fn number(&mut self, path: String) -> Result<usize, Fault> {
        if let Some(number) = self.done.iter().position(|one| *one == path) {
            return Ok(number);
        }
        let (body, exports) = self.module(&path)?;
        let (number, exports) = (self.done.len(), exports.join(", "));
        self.text +=
            &format!("const ${number} = (() => {{ // {path}\n{body}return {{ {exports} }};\n}})();\n");
        self.done.push(path);
        Ok(number)
    }

    /// What a module does, with its imports taken from their functions, and what it exports.
    fn module(&mut self, path: &str) -> Result<(String, Vec<String>), Fault> {
        if self.open.iter().any(|one| one == path) {
            return Err(Fault::Circle(path.to_owned()));
        }
        let source = (self.read)(path).ok_or_else(|| Fault::Missing(path.to_owned()))?;
        self.open.push(path.to_owned());
        let (mut body, mut exports) = (String::new(), Vec::new());
        for line in without_comments(&source) {
            let fault = || Fault::Line(path.to_owned(), line.to_owned());
            if line.starts_with("import ") {
                let import = Import::read(line).ok_or_else(fault)?;
                let number = self.number(resolve(path, import.from))?;
                body += &import.taken(number);
            } else if let Some(declaration) = line.strip_prefix("export ") {
                exports.push(declared(declaration).ok_or_else(fault)?.to_owned());
                body += &format!("{declaration}\n");
            } else {
                body += &format!("{}\n", self.at_hand(path, line)?);
            }
        }
        self.open.pop();
        Ok((body, exports))
    }

    /// A line that may import when it runs, `import("…")`: here that module is at hand.
    fn at_hand(&mut self, path: &str, line: &str) -> Result<String, Fault> {
        let Some((before, rest)) = line.split_once("import(\"") else { return Ok(line.to_owned()) };
        let Some((from, after)) = rest.split_once("\")") else {
            return Err(Fault::Line(path.to_owned(), line.to_owned()));
        };
        let number = self.number(resolve(path, from))?;
        Ok(format!("{before}Promise.resolve(${number}){}", self.at_hand(path, after)?))
    }
}

/// `import { a, b as c } from "…";`, `import * as all from "…";` or `import "…";`
struct Import<'a> {
    names: &'a str,
    from: &'a str,
}

impl<'a> Import<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (names, from) = line.strip_prefix("import ")?.strip_suffix("\";")?.split_once('"')?;
        let names = names.strip_suffix(" from ").unwrap_or(names);
        let is_known = names.is_empty() || names.starts_with("* as ") || names.starts_with("{ ");
        is_known.then_some(Import { names, from })
    }

    /// The names, taken from what the module's function returned.
    fn taken(&self, number: usize) -> String {
        if let Some(all) = self.names.strip_prefix("* as ") {
            return format!("const {all} = ${number};\n");
        }
        match self.names {
            "" => String::new(),
            names => format!("const {} = ${number};\n", names.replace(" as ", ": ")),
        }
    }
}

/// The name that a declaration declares, if it is of a kind that cannot change later.
fn declared(declaration: &str) -> Option<&str> {
    const KINDS: [&str; 5] = ["async function* ", "async function ", "function ", "class ", "const "];
    let rest = KINDS.iter().find_map(|kind| declaration.strip_prefix(kind))?;
    let name = rest.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()?;
    (!name.is_empty()).then_some(name)
}

/// The lines that are more than comment. A comment is one that begins its line, which is
/// where ours stand, or follows on one.
fn without_comments(source: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    source.lines().filter_map(move |line| {
        let mut rest = line;
        loop {
            let trimmed = rest.trim_start();
            if is_inside || trimmed.starts_with("/*") {
                let end = rest.find("*/").map(|at| at + 2);
                is_inside = end.is_none();
                rest = &rest[end?..];
            } else {
                let is_code = !trimmed.is_empty() && !trimmed.starts_with("//");
                return is_code.then_some(rest);
            }
        }
    })
}

/// The path in `web/` that an import means.
fn resolve(importer: &str, from: &str) -> String {
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files<'a>(all: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |path| all.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned())
    }

    #[test]
    fn a_module_runs_once_and_before_those_that_import_it() {
        let read = files(&[
            (
                "pages/a.js",
                "import { b } from \"../model/b.js\";\nimport { c as d } from \"../model/c.js\";\nb(d);\n",
            ),
            ("model/b.js", "import * as all from \"./c.js\";\nexport function b() {}\n"),
            ("model/c.js", "/** Why. */\nexport const c = 1; // one\n  // what\n"),
        ]);
        assert_eq!(
            script("pages/a.js", &read).unwrap(),
            "const $0 = (() => { // model/c.js\nconst c = 1; // one\nreturn { c };\n})();\n\
             const $1 = (() => { // model/b.js\nconst all = $0;\nfunction b() {}\nreturn { b };\n})();\n\
             const { b } = $1;\nconst { c: d } = $0;\nb(d);\n"
        );
    }

    #[test]
    fn what_is_imported_later_is_at_hand() {
        let read = files(&[
            ("a.js", "const load = () => import(\"./b/c.js\");\n"),
            ("b/c.js", "export class C extends D {\n}\n"),
        ]);
        assert_eq!(
            script("a.js", &read).unwrap(),
            "const $0 = (() => { // b/c.js\nclass C extends D {\n}\nreturn { C };\n})();\n\
             const load = () => Promise.resolve($0);\n"
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let read = files(&[
            ("a.js", "import b from \"./c.js\";\n"),
            ("b.js", "export let b = 1;\n"),
            ("c.js", "import { d } from \"./d.js\";\n"),
            ("d.js", "import { c } from \"./c.js\";\n"),
            ("e.js", "import { f } from \"./f.js\";\n"),
        ]);
        assert!(matches!(script("a.js", &read), Err(Fault::Line(..))));
        assert!(matches!(script("b.js", &read), Err(Fault::Line(..))));
        assert_eq!(script("c.js", &read), Err(Fault::Circle("c.js".to_owned())));
        assert_eq!(script("e.js", &read), Err(Fault::Missing("f.js".to_owned())));
    }

    #[test]
    fn comments_stay_at_home_and_code_beside_them_does_not() {
        let source =
            "/** @type {X} */ (x).y();\n/*\n * a\n */\n\nf(\"/* no */\", 1 / 2);\n  // b\n/* c */ // d\n";
        assert_eq!(without_comments(source).collect::<Vec<_>>(), [" (x).y();", "f(\"/* no */\", 1 / 2);"]);
    }

    #[test]
    fn a_sheet_stands_where_it_is_imported() {
        let read = files(&[
            ("pages/a.css", "@import \"../style/b.css\";\n/* c */\np { d: e }\n"),
            ("style/b.css", "b {}\n"),
        ]);
        assert_eq!(sheet("pages/a.css", &read).unwrap(), "b {}\np { d: e }\n");
    }
}
