//! All modules of a page as one script, for a page that is one file.
//!
//! A page that was opened from a disk may load no module beside it. So each module becomes a function that is called
//! once, after all that it imports, and gives what it exports; the last one is the page's own. Names of one
//! module stay its own, as they do in a browser. The script needs no more of a policy than its own hash.
//!
//! It reads our own way of writing: an import is one line, `export` begins a declaration, modules do not import
//! each other in a circle, and no text in backquotes goes over a line's end.

use std::fmt::Write;

use super::source::{Read, from, resolve, without_comments};

/// The script of a page's module.
pub fn script(entry: &str, read: &Read<'_>) -> String {
    let mut order = Vec::new();
    visit(entry, read, &mut order);
    let mut script = String::from("\"use strict\";\n");
    for (n, path) in order.iter().enumerate() {
        let number = |path: &str| order.iter().position(|other| other == path).unwrap_or_default();
        let (body, names) = module(path, &read(path).unwrap_or_default(), &number);
        let written = if path == entry {
            writeln!(script, "(async () => {{\n{body}}})();")
        } else {
            writeln!(script, "const m{n} = (() => {{\n{body}return {{ {} }};\n}})();", names.join(", "))
        };
        written.expect("a text takes all that is written to it");
    }
    script
}

/// Puts what a module needs before it.
fn visit(path: &str, read: &Read<'_>, order: &mut Vec<String>) {
    if order.iter().any(|known| known == path) {
        return;
    }
    for line in read(path).unwrap_or_default().lines() {
        if let Some(name) = from(line) {
            visit(&resolve(path, name), read, order);
        }
    }
    order.push(path.to_owned());
}

/// A module's body, and what it exports.
fn module(path: &str, source: &str, number: &dyn Fn(&str) -> usize) -> (String, Vec<String>) {
    let mut names = Vec::new();
    let mut body = String::new();
    for line in without_comments(source).lines() {
        let line = line.trim_start();
        if let Some(name) = from(line) {
            body += &import(line, number(&resolve(path, name)));
            continue;
        }
        let declared = line.strip_prefix("export ");
        names.extend(declared.and_then(declares).map(str::to_owned));
        body += declared.unwrap_or(line);
        body.push('\n');
    }
    (body, names)
}

/// `import { a } from "…";` and `import * as a from "…";` as a constant; an import of nothing is nothing.
fn import(line: &str, number: usize) -> String {
    let Some((names, _)) = line.strip_prefix("import ").and_then(|line| line.split_once(" from ")) else {
        return String::new();
    };
    format!("const {} = m{number};\n", names.strip_prefix("* as ").unwrap_or(names))
}

/// The name that a declaration gives.
fn declares(declaration: &str) -> Option<&str> {
    let rest = declaration.strip_prefix("async ").unwrap_or(declaration);
    let (kind, rest) = rest.split_once(' ')?;
    let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'));
    ["function", "class", "const"].contains(&kind).then(|| &rest[..end.unwrap_or(rest.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_comes_after_what_it_imports_and_keeps_its_names() {
        let read = |path: &str| {
            let text = match path {
                "pages/a.js" => {
                    "/** A. */\nimport { f, B } from \"../model/b.js\";\nimport * as c from \"../model/c.js\";\nimport \"../model/d.js\";\nawait f(B, c.own);\n"
                }
                "model/b.js" => {
                    "import { own } from \"./c.js\";\n/** @x */\nexport async function f() {\n  return own;\n}\nexport class B extends C {}\n"
                }
                "model/c.js" => "const hidden = 1;\nexport const own = hidden;\n",
                _ => "side();\n",
            };
            Some(text.to_owned())
        };
        assert_eq!(
            script("pages/a.js", &read),
            "\"use strict\";\n\
            const m0 = (() => {\nconst hidden = 1;\nconst own = hidden;\nreturn { own };\n})();\n\
            const m1 = (() => {\nconst { own } = m0;\nasync function f() {\nreturn own;\n}\nclass B extends C {}\nreturn { f, B };\n})();\n\
            const m2 = (() => {\nside();\nreturn {  };\n})();\n\
            (async () => {\nconst { f, B } = m1;\nconst c = m0;\nawait f(B, c.own);\n})();\n"
        );
    }
}
