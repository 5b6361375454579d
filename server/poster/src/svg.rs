//! The letters of SVG: escaped text, numbers that are short, and how wide words will be.

use std::fmt::{Display, Write};

/// A text in which no character means anything to XML; characters that XML forbids are left out.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}

/// A place or length with one digit after the point, if it has one.
pub struct N(pub f64);

impl Display for N {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round();
        if tenths % 10.0 == 0.0 { write!(f, "{}", tenths / 10.0) } else { write!(f, "{:.1}", tenths / 10.0) }
    }
}

/// Elements that are written one after the other.
#[derive(Default)]
pub struct Svg(pub String);

/// How a text stands.
pub struct Type {
    /// Its colour.
    pub class: &'static str,
    /// Its height.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
}

impl Svg {
    /// A filled rectangle with round corners.
    pub fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4], radius: f64, more: &str) {
        let _ = write!(
            self.0,
            r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{}" rx="{}"{more}/>"#,
            N(x),
            N(y),
            N(width),
            N(height),
            N(radius.min(width / 2.0)),
        );
    }

    /// A line along a path.
    pub fn path(&mut self, class: &str, path: &str, more: &str) {
        let _ = write!(self.0, r#"<path class="{class}" d="{path}" fill="none"{more}/>"#);
    }

    /// A dot.
    pub fn dot(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let _ = write!(self.0, r#"<circle class="{class}" cx="{}" cy="{}" r="{}"/>"#, N(x), N(y), N(radius));
    }

    /// Words, as they are.
    pub fn text(&mut self, words: &str, (x, y): (f64, f64), form: &Type) {
        let Type { class, size, bold, anchor } = form;
        let weight = if *bold { r#" font-weight="600""# } else { "" };
        let anchor = if *anchor == "start" { String::new() } else { format!(r#" text-anchor="{anchor}""#) };
        let _ = write!(
            self.0,
            r#"<text class="{class}" x="{}" y="{}" font-size="{size}"{weight}{anchor}>{}</text>"#,
            N(x),
            N(y),
            escaped(words)
        );
    }
}

/// About how wide words will be in a system's sans-serif face: letters of the width of their height
/// (those of Chinese, and whatever is as wide), and all others at a bit more than half of it.
pub fn width(words: &str, size: f64) -> f64 {
    words.chars().map(|c| if is_wide(c) { 1.0 } else { 0.57 }).sum::<f64>() * size
}

/// How many columns of a terminal the words take.
pub fn columns(words: &str) -> usize {
    words.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// The words, or as many of their letters as fit, with a sign that there were more.
pub fn fitted(words: &str, size: f64, room: f64) -> String {
    if width(words, size) <= room {
        return words.to_owned();
    }
    let mut kept = String::new();
    for c in words.chars() {
        kept.push(c);
        if width(&kept, size) + size > room {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    if kept.is_empty() { kept } else { kept + "…" }
}

/// The same, but what is left out is in the middle: names often end in a number.
pub fn shortened(words: &str, size: f64, room: f64) -> String {
    const KEPT: usize = 4;
    let letters: Vec<char> = words.chars().collect();
    if width(words, size) <= room || letters.len() <= KEPT {
        return fitted(words, size, room);
    }
    let end: String = letters[letters.len() - KEPT..].iter().collect();
    let begin = fitted(words, size, room - width(&end, size));
    if begin.is_empty() { fitted(words, size, room) } else { begin + &end }
}

/// East Asian wide and full-width characters, as far as they occur in texts.
fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x1f300..=0x1faff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_become_markup() {
        assert_eq!(
            escaped("<a href=\"x\">&\u{1b}[31m\u{0}</a>"),
            "&lt;a href=&quot;x&quot;&gt;&amp;[31m&lt;/a&gt;"
        );
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [1.0, 1.04, 1.06, -0.5, 120.0].map(|n| N(n).to_string()),
            ["1", "1", "1.1", "-0.5", "120"]
        );
    }

    #[test]
    fn words_that_do_not_fit_are_cut_between_letters() {
        assert_eq!(fitted("听音乐", 10.0, 30.0), "听音乐");
        assert_eq!(fitted("听音乐和吃饭", 10.0, 30.0), "听音…");
        assert_eq!(fitted("听音乐", 10.0, 5.0), "");
        assert_eq!(shortened("ForkPoolWorker-12", 10.0, 60.0), "Fork…r-12");
        assert_eq!(shortened("小明", 10.0, 20.0), "小明");
        assert!(width(&fitted("ForkPoolWorker-12", 12.0, 60.0), 12.0) <= 60.0);
    }
}
