//! `[program]`: how an operator's own program is started, in whatever language it is written.

use super::section::Section;

/// What stands in `[program]`.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnProgram {
    /// The file and its arguments. A word that begins with `./` is a file of the folder.
    pub argv: Vec<String>,
    /// The file that the visitor reads.
    pub source: String,
}

/// The program, if there is one.
pub fn read(root: &Section<'_>) -> Option<OwnProgram> {
    let section = root.section("program")?;
    let program = OwnProgram { argv: section.required("argv"), source: section.required("source") };
    if section.has("argv") && program.argv.is_empty() {
        section.fault_at("argv", "`argv` is empty", "name the program and its arguments, as [\"./main.sh\"]");
    }
    if program.argv.first().is_some_and(String::is_empty) {
        section.fault_at("argv", "the program has no name", "name it first, as [\"./main.sh\"]");
    }
    if program.argv.iter().any(|word| word.contains('\0')) {
        section.fault_at(
            "argv",
            "a word of `argv` has a zero byte in it",
            "take it away; no program can get it",
        );
    }
    for word in program.argv.iter().filter(|word| own_file(word).is_some_and(is_outside)) {
        section.fault_at("argv", format!("`{word}` is not in the folder"), "put the file into the folder");
    }
    if is_outside(&program.source) {
        let what = format!("`{}` is not in the folder", program.source);
        section.fault_at("source", what, "name a file of the folder, as \"main.sh\"");
    }
    section.finish();
    Some(program)
}

/// The file of the folder that a word means, if it means one.
pub fn own_file(word: &str) -> Option<&str> {
    word.strip_prefix("./")
}

fn is_outside(file: &str) -> bool {
    file.starts_with('/') || file.split('/').any(|part| part == "..")
}
