//! `chapter`: the part of the catalogue that a scenario stands in.

use protocol::scenario::Chapter;

use super::section::Section;

/// The chapter; the last one unless told.
pub fn read(root: &Section<'_>) -> Chapter {
    let Some(word) = root.optional::<String>("chapter") else { return Chapter::default() };
    let found = Chapter::ALL.into_iter().find(|chapter| chapter.word() == word);
    if found.is_none() {
        let words: Vec<&str> = Chapter::ALL.into_iter().map(Chapter::word).collect();
        root.fault_at(
            "chapter",
            format!("there is no chapter `{word}`"),
            format!("use one of {}", words.join(", ")),
        );
    }
    found.unwrap_or_default()
}
