//! The source tree: which files there are, and their text without comments.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of ours.
pub struct Source {
    /// From the repository's top, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl Source {
    /// The name's end, as `rs`; `d.ts` counts as `ts`.
    pub fn extension(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

/// The repository's top folder.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// One file's text.
pub fn read(path: &str) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files under a folder (`""` for all of the repository) whose name ends in one of the extensions,
/// in the order of their paths. What is built, installed or hidden is left out.
pub fn sources(folder: &str, extensions: &[&str]) -> Vec<Source> {
    let top = top();
    let mut found = Vec::new();
    walk(&top.join(folder), &mut |file| {
        let path = file.strip_prefix(&top).expect("under the top").to_string_lossy().into_owned();
        let ours = file.extension().is_some_and(|end| extensions.iter().any(|&wanted| end == wanted));
        if ours {
            found.push(Source { text: fs::read_to_string(file).expect("UTF-8"), path });
        }
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let foreign = name.starts_with('.') || ["target", "node_modules", "screenshots"].contains(&&*name);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !foreign => walk(&entry.path(), visit),
            Ok(kind) if kind.is_file() => visit(&entry.path()),
            _ => {}
        }
    }
}

/// The text with comments blanked out, lines kept. Comments are those of the file's language:
/// `//` and `/* */` in Rust and JavaScript, `/* */` in CSS, `<!-- -->` and `{# #}` in templates.
/// Strings are respected, regular expressions are not: a `//` inside one reads as a comment.
pub fn without_comments(source: &Source) -> String {
    let pairs: &[(&str, &str)] = match source.extension() {
        "css" => &[("/*", "*/")],
        "html" => &[("<!--", "-->"), ("{#", "#}")],
        _ => &[("//", "\n"), ("/*", "*/")],
    };
    let quotes: &[char] = if source.extension() == "html" { &[] } else { &['"', '\'', '`'] };
    let mut rest = source.text.as_str();
    let mut kept = String::new();
    let mut quote = None;
    while let Some(next) = rest.chars().next() {
        let opened = pairs.iter().find(|(open, _)| quote.is_none() && rest.starts_with(open));
        let taken = if let Some((open, close)) = opened {
            let inside = &rest[open.len()..];
            let end = inside.find(close).map_or(rest.len(), |at| open.len() + at + close.len());
            kept.extend(rest[..end].chars().filter(|&letter| letter == '\n'));
            end
        } else if next == '\\' && quote.is_some() {
            let end = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
            kept.push_str(&rest[..end]);
            end
        } else {
            quote = match quote {
                Some(open) if open == next || (next == '\n' && open != '`') => None,
                None if quotes.contains(&next) => Some(next),
                same => same,
            };
            kept.push(next);
            next.len_utf8()
        };
        rest = &rest[taken..];
    }
    kept
}

/// Where in a text a word stands as a word of its own: `line` numbers counted from 1.
pub fn lines_with_word(text: &str, word: &str) -> Vec<usize> {
    let part_of_name =
        |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '_' || l == '$');
    text.lines()
        .enumerate()
        .filter(|(_, line)| {
            line.match_indices(word).any(|(at, _)| {
                !part_of_name(line[..at].chars().next_back())
                    && !part_of_name(line[at + word.len()..].chars().next())
            })
        })
        .map(|(index, _)| index + 1)
        .collect()
}

#[test]
fn comments_are_blanked_and_strings_are_not() {
    let js = |text: &str| without_comments(&Source { path: "a.js".into(), text: text.into() });
    assert_eq!(js("a // b\nc /* d\ne */ f"), "a \nc \n f");
    assert_eq!(js(r#"x = "http://a" // http://b"#), r#"x = "http://a" "#);
    assert_eq!(js(r#"'\'//'"#), r#"'\'//'"#);
    assert_eq!(lines_with_word("a.innerHTML = b\nmyinnerHTML", "innerHTML"), [1]);
}
