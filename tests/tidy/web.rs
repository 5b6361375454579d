//! The page: floors of its modules, and what no module may do.

use crate::none;
use crate::sources::{Source, lines_with_word, sources, without_comments};

/// Each floor and the floors it may import, itself apart.
const FLOORS: &[(&str, &[&str])] = &[
    ("pages", &["elements", "sources", "model", "base"]),
    ("elements", &["model", "base"]),
    ("sources", &["base"]),
    ("model", &["base"]),
    ("base", &[]),
];

/// What a floor leaves to others, and why.
const LEAVES: &[(&str, &str, &[&str])] = &[
    (
        "model",
        "is pure: the same log gives the same picture, anywhere and at any time",
        &[
            "document",
            "window",
            "fetch",
            "WebSocket",
            "Date",
            "performance",
            "Math.random",
            "crypto",
            "setTimeout",
            "setInterval",
            "requestAnimationFrame",
            "localStorage",
            "sessionStorage",
        ],
    ),
    ("sources", "knows no page: it runs under node too", &["document", "window", "HTMLElement"]),
    (
        "elements",
        "gets data by properties and sends wishes up by events",
        &["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "localStorage", "sessionStorage"],
    ),
];

/// Ways to make markup or code out of text.
const INJECTION: &[&str] =
    &["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval", "new Function", "srcdoc"];

/// The plugin for Hexo runs under node and knows nothing of the page.
const PLUGIN: &str = "web/hexo-tag-process-playground/";

fn modules() -> Vec<Source> {
    let mut modules = sources("web", &["js"]);
    modules.retain(|module| !module.path.starts_with(PLUGIN));
    modules
}

fn floor(path: &str) -> &str {
    path.trim_start_matches("web/").split('/').next().unwrap_or_default()
}

/// The module names in `import … from '…'`, `import '…'`, `import('…')`, `export … from '…'`.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("from ").chain(code.match_indices("import")) {
        let rest = code[at..].trim_start_matches("from").trim_start_matches("import");
        let rest = rest.trim_start_matches([' ', '(']);
        let Some(quote) = rest.chars().next().filter(|letter| "'\"".contains(*letter)) else { continue };
        if let Some(end) = rest[1..].find(quote) {
            found.push(rest[1..=end].to_owned());
        }
    }
    found
}

/// The path of a relative module name, seen from a file.
fn resolve(from: &str, name: &str) -> String {
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    path.join("/")
}

#[test]
fn modules_keep_to_their_floor() {
    let modules = modules();
    let mut faults = Vec::new();
    for module in &modules {
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == floor(&module.path)) else {
            faults.push(format!("{} is on no floor", module.path));
            continue;
        };
        for name in imports(&without_comments(module)) {
            let target = resolve(&module.path, &name);
            if !name.starts_with('.') || !modules.iter().any(|other| other.path == target) {
                faults.push(format!("{} imports {name}: no module of ours", module.path));
            } else if floor(&target) != floor(&module.path) && !allowed.contains(&floor(&target)) {
                faults.push(format!("{} imports {target}", module.path));
            }
        }
    }
    none("pages -> elements, sources, model, base; elements -> model, base; sources, model -> base:", faults);
}

#[test]
fn each_floor_leaves_to_others_what_is_theirs() {
    let mut faults = Vec::new();
    for module in modules() {
        let code = without_comments(&module);
        for (_, why, words) in LEAVES.iter().filter(|(name, ..)| *name == floor(&module.path)) {
            for word in *words {
                let used = lines_with_word(&code, word).into_iter().filter(|n| is_global(&code, *n, word));
                faults.extend(
                    used.map(|n| format!("{}:{n}: {word} ({} {why})", module.path, floor(&module.path))),
                );
            }
        }
    }
    none("a floor does only its own work:", faults);
}

/// Whether the word on that line is the global of that name: neither a member (`state.window`),
/// nor a property's name (`window: 3`), nor inside a string.
fn is_global(code: &str, line: usize, word: &str) -> bool {
    let line = code.lines().nth(line - 1).unwrap_or_default();
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        let quoted = "'\"`".chars().any(|quote| before.matches(quote).count() % 2 == 1);
        let member = before.ends_with('.') || before.ends_with('#');
        !quoted && !member && after.starts_with(['.', '(', ' ', ')', ';', ',', '['])
    })
}

#[test]
fn text_enters_the_page_as_text() {
    let mut faults = Vec::new();
    for module in modules() {
        let code = without_comments(&module);
        for word in INJECTION {
            faults
                .extend(lines_with_word(&code, word).iter().map(|n| format!("{}:{n}: {word}", module.path)));
        }
    }
    none("use textContent and elements, never markup made of text:", faults);
}

/// Pages must work where foreign hosts are blocked. Names of XML namespaces are no requests.
#[test]
fn nothing_comes_from_another_origin() {
    let mut faults = Vec::new();
    let pages = sources("web", &["js", "css", "html", "svg", "json"]);
    for source in pages.iter().filter(|source| !source.path.starts_with(PLUGIN)) {
        let code = without_comments(source);
        for (index, line) in code.lines().enumerate() {
            let line = line.replace("http://www.w3.org/", "");
            let foreign = ["http://", "https://", "url(//", "src=\"//", "href=\"//"];
            if foreign.iter().any(|start| line.contains(start)) {
                faults.push(format!("{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    none("no request to another origin, ever:", faults);
}

/// The content security policy forbids both; a template that has them is a page that is broken.
#[test]
fn templates_have_no_inline_script_or_style() {
    let mut faults = Vec::new();
    for source in sources("web/templates", &["html"]) {
        for (index, line) in without_comments(&source).lines().enumerate() {
            let script =
                line.contains("<script") && !line.contains("src=") && !line.contains("application/json");
            let handler = line.contains(" style=") || line.contains(" onclick=") || line.contains(" onload=");
            if script || handler || line.contains("<style") {
                faults.push(format!("{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    none("scripts and styles are files:", faults);
}

#[test]
fn imports_are_found_in_every_spelling() {
    let code =
        "import { a } from './a.js'\nimport \"../b.js\"\nexport * from './c.js'\nawait import('./d.js')";
    let mut found = imports(code);
    found.sort();
    assert_eq!(found, ["../b.js", "./a.js", "./c.js", "./d.js"]);
    assert_eq!(resolve("web/pages/a/b.js", "../../model/c.js"), "web/model/c.js");
}
