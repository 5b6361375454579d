//! The letters of CSV.

use std::fmt::Display;

/// Says to spreadsheets that the text is UTF-8.
const MARK: char = '\u{feff}';

/// A table that is written line by line.
pub struct Csv(String);

impl Csv {
    /// With the names of its columns.
    pub fn new(columns: &[&str]) -> Self {
        let mut csv = Csv(MARK.to_string());
        csv.line(&columns.iter().map(|name| Some((*name).to_owned())).collect::<Vec<_>>());
        csv
    }

    /// One more line, of as many cells as there are columns.
    pub fn line(&mut self, cells: &[Option<String>]) {
        for (number, cell) in cells.iter().enumerate() {
            self.0 += if number > 0 { "," } else { "" };
            self.0 += &quoted(cell.as_deref().unwrap_or_default());
        }
        self.0 += "\r\n";
    }

    /// The whole file.
    pub fn finish(self) -> String {
        self.0
    }
}

/// A cell with a number, if there is one.
pub fn number(number: Option<impl Display>) -> Option<String> {
    number.map(|number| number.to_string())
}

/// A cell with words. Spreadsheets take what begins with one of these letters for a formula, whoever wrote it;
/// an apostrophe before it says that it is none (OWASP, "CSV Injection").
pub fn words(words: &str) -> Option<String> {
    let is_formula = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    (!words.is_empty()).then(|| if is_formula { format!("'{words}") } else { words.to_owned() })
}

/// In quotes where something in it means anything to the format; quotes in it are doubled.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n', ';', '\t']) || cell.trim() != cell {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut csv = Csv::new(&["a", "b"]);
        csv.line(&[words("x,y"), words("say \"hi\"\r\nand go")]);
        csv.line(&[number(Some(-3)), number(None::<u64>)]);
        assert_eq!(csv.finish(), "\u{feff}a,b\r\n\"x,y\",\"say \"\"hi\"\"\r\nand go\"\r\n-3,\r\n");
    }

    #[test]
    fn words_are_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            let cell = words(text).unwrap();
            assert_eq!(cell, format!("'{text}"));
        }
        assert_eq!(words("小明 = 1").unwrap(), "小明 = 1");
        assert_eq!(words(""), None);
    }
}
