//! `text.zh.md`, `text.en.md`: the explanation beside the picture.
//!
//! The page knows paragraphs, `-` lists, `## ` headings, **bold** and `code`, and nothing
//! else of Markdown. The two languages must say the same, which shows in their outline.

use super::{Fault, Level};

/// What a line would mean in Markdown that the page does not know.
const FOREIGN: [(&str, &str); 8] = [
    ("# ", "a first-level heading"),
    ("### ", "a third-level heading"),
    ("* ", "a list with `*`"),
    ("1. ", "a numbered list"),
    ("> ", "a quotation"),
    ("|", "a table"),
    ("<", "HTML"),
    ("```", "a block of code"),
];

/// What is wrong with one text.
pub fn check(file: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if text.trim().is_empty() {
        faults.push(fault(file, None, "the file is empty", "write the explanation"));
    }
    for (number, line) in text.lines().enumerate() {
        for (_, name) in FOREIGN.iter().filter(|(mark, _)| line.trim_start().starts_with(mark)) {
            let remedy = "use paragraphs, `-` lists, `## ` headings, **bold** and `code`";
            faults.push(fault(
                file,
                Some(number + 1),
                &format!("{name}, which the page does not show"),
                remedy,
            ));
        }
        for (mark, name) in [("**", "bold"), ("`", "code")] {
            if line.matches(mark).count() % 2 == 1 {
                let what = format!("{name} begins and does not end in this line");
                faults.push(fault(file, Some(number + 1), &what, &format!("close it with {mark}")));
            }
        }
    }
    faults
}

/// Whether a text and its translation have the same outline.
pub fn compare(file: &str, text: &str, original: &str, other: &str) -> Option<Fault> {
    let outline = |text: &str| text.lines().filter(|line| !line.is_empty()).map(kind).collect::<Vec<_>>();
    let (ours, theirs) = (outline(text), outline(other));
    let differs = ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(ours.len().min(theirs.len()));
    if ours.len() == theirs.len() && differs == ours.len() {
        return None;
    }
    let numbers = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
    let line = numbers.map(|(number, _)| number + 1).nth(differs);
    Some(fault(
        file,
        line,
        &format!("the outline differs from {original} from here on"),
        "translate all of it",
    ))
}

fn kind(line: &str) -> &'static str {
    ["## ", "- "].into_iter().find(|mark| line.starts_with(mark)).unwrap_or_default()
}

fn fault(file: &str, line: Option<usize>, what: &str, remedy: &str) -> Fault {
    Fault { file: file.into(), line, level: Level::Error, what: what.into(), remedy: remedy.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_page_shows_is_admitted() {
        assert_eq!(check("t", "A **bold** word and `a * b`.\n\n## Try\n\n- this\n- that\n"), []);
        for (text, line) in [("", None), ("a\n\n* b\n", Some(3)), ("a **b\n", Some(1)), ("<b>\n", Some(1))] {
            let faults = check("t", text);
            assert_eq!(
                faults.iter().map(|fault| fault.line).collect::<Vec<_>>(),
                [line],
                "{text}: {faults:?}"
            );
        }
    }

    #[test]
    fn a_translation_has_the_same_outline() {
        let en = "A.\n\n## Try\n\n- this\n- that\n";
        assert_eq!(compare("zh", "甲。\n\n## 试\n- 这\n\n- 那\n", "en", en), None);
        assert_eq!(compare("zh", "甲。\n\n## 试\n\n- 这\n", "en", en).map(|fault| fault.line), Some(None));
        assert_eq!(compare("zh", "甲。\n\n- 这\n\n- 那\n", "en", en).and_then(|fault| fault.line), Some(3));
    }
}
