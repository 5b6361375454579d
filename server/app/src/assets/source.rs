//! What the page's files say of each other: which modules a module imports, which sheets a sheet.
//!
//! It reads our own way of writing: an import is one line, a comment begins its line.

use std::collections::BTreeSet;

/// Gives the text of a file of `web/`.
pub type Read<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// All modules that a module needs before it can run, itself apart, in the order of their names. What it
/// imports only when it is wanted, by `import("…")`, is not among them.
pub fn needed(entry: &str, read: &Read<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![entry.to_owned()];
    while let Some(path) = open.pop() {
        let source = read(&path).unwrap_or_default();
        for name in source.lines().filter_map(from) {
            let module = resolve(&path, name);
            if module != entry && found.insert(module.clone()) {
                open.push(module);
            }
        }
    }
    found
}

/// The module's name in a line that imports one.
pub fn from(line: &str) -> Option<&str> {
    let line = line.strip_prefix("import ")?.strip_suffix("\";")?;
    line.split_once('"').map(|(_, name)| name)
}

/// A sheet with those that it imports in their places, so that none of them waits for another.
pub fn sheet(path: &str, read: &Read<'_>) -> Option<String> {
    let mut text = String::new();
    for line in read(path)?.lines() {
        match line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";")) {
            Some(from) => text += &sheet(&resolve(path, from), read)?,
            None => text += &format!("{line}\n"),
        }
    }
    Some(text)
}

/// The lines that are more than comment: nobody reads comments on the way.
pub fn without_comments(source: &str) -> String {
    let mut is_inside = false;
    let code = source.lines().filter_map(|line| {
        let mut rest = line;
        loop {
            let trimmed = rest.trim_start();
            if !is_inside && !trimmed.starts_with("/*") {
                let is_code = !trimmed.is_empty() && !trimmed.starts_with("//");
                return is_code.then(|| format!("{rest}\n"));
            }
            let end = rest.find("*/").map(|at| at + 2);
            is_inside = end.is_none();
            rest = &rest[end?..];
        }
    });
    code.collect()
}

/// The path in `web/` that an import means.
pub fn resolve(importer: &str, from: &str) -> String {
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
    fn a_module_needs_what_its_imports_need_and_not_what_it_may_want_later() {
        let read = files(&[
            (
                "pages/a.js",
                "import { b } from \"../model/b.js\";\nconst later = () => import(\"./later.js\");\n",
            ),
            (
                "model/b.js",
                " * import { x } from \"./x.js\";\nimport * as c from \"./c.js\";\nimport \"../pages/a.js\";\n",
            ),
            ("model/c.js", "export const c = 1;\n"),
        ]);
        assert_eq!(needed("pages/a.js", &read).into_iter().collect::<Vec<_>>(), ["model/b.js", "model/c.js"]);
    }

    #[test]
    fn a_sheet_stands_where_it_is_imported() {
        let read =
            files(&[("pages/a.css", "@import \"../style/b.css\";\np { d: e }\n"), ("style/b.css", "b {}\n")]);
        assert_eq!(sheet("pages/a.css", &read).as_deref(), Some("b {}\np { d: e }\n"));
        assert_eq!(sheet("pages/none.css", &read), None);
    }

    #[test]
    fn comments_stay_at_home_and_code_beside_them_does_not() {
        let source = "/** @type {X} */ (x).y();\n/*\n * a\n */\n\nf(\"/* no */\", 1 / 2); // b\n  // c\n/* d */ // e\n";
        assert_eq!(without_comments(source), " (x).y();\nf(\"/* no */\", 1 / 2); // b\n");
    }
}
