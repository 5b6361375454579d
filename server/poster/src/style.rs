//! The colours of the page, read from its own style sheets, so that a process has one colour
//! everywhere, and light and dark are what they are there.
//!
//! Each class has its light colour, and its dark one under `prefers-color-scheme`. There are no
//! variables, because many who draw SVG outside of a browser know none.

use std::fmt::Write;

const LIGHT: &str = include_str!("../../../web/style/tokens.css");
const DARK: &str = include_str!("../../../web/style/dark.css");

/// How many colours there are for processes.
pub const COLOURS: usize = 12;

/// Classes, what they colour, and the name of the colour in the style of the page.
const CLASSES: [(&str, &str, &str); 12] = [
    ("paper", "fill", "panel"),
    ("ink", "fill", "ink"),
    ("dim", "fill", "dim"),
    ("grid", "stroke", "line"),
    ("wait", "stroke", "hatch"),
    ("hatch", "stroke", "hatch"),
    ("way", "stroke", "dim"),
    ("stop", "stroke", "stop"),
    ("stopped", "stroke", "stop"),
    ("bad", "fill", "bad"),
    ("gone", "stroke", "bad"),
    ("on", "fill", "on-process"),
];

const FONTS: &str = "text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"PingFang SC\",\"Hiragino Sans GB\",\
    \"Microsoft YaHei\",\"Noto Sans SC\",\"Noto Sans CJK SC\",sans-serif}";

/// The style sheet of a picture in which so many processes are shown; paper is always light.
pub fn sheet(processes: usize, is_light_only: bool) -> String {
    let mut sheet = FONTS.to_owned();
    sheet += &classes(LIGHT, processes);
    if is_light_only {
        return sheet;
    }
    let _ = write!(sheet, "@media(prefers-color-scheme:dark){{{}}}", classes(DARK, processes));
    sheet
}

fn classes(tokens: &str, processes: usize) -> String {
    let mut css = String::new();
    for (class, property, name) in CLASSES {
        let _ = write!(css, ".{class}{{{property}:{}}}", colour(tokens, name));
    }
    for number in 0..processes.min(COLOURS) {
        let colour = colour(tokens, &format!("process-{number}"));
        let _ = write!(css, ".p{number}{{fill:{colour}}}.s{number}{{stroke:{colour}}}");
    }
    css
}

/// The value of `--name` in a style sheet of the page.
fn colour<'a>(tokens: &'a str, name: &str) -> &'a str {
    let rest = tokens.split_once(&format!("--{name}:")).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split_once(';')).map_or("gray", |(value, _)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_is_in_both_of_the_pages_style_sheets() {
        let processes = (0..COLOURS).map(|number| format!("process-{number}"));
        for name in CLASSES.iter().map(|(_, _, name)| (*name).to_owned()).chain(processes) {
            for tokens in [LIGHT, DARK] {
                assert!(colour(tokens, &name).starts_with('#'), "{name}: {}", colour(tokens, &name));
            }
        }
        assert_ne!(colour(LIGHT, "panel"), colour(DARK, "panel"));
        assert_eq!(colour(LIGHT, "nothing"), "gray");
    }
}
