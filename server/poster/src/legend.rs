//! What stands below a figure: each sign that is in it and what it means, and where the run is from.

use crate::lane::BAR;
use crate::story::{Exit, Kind, Lane, Story};
use crate::svg::{N, Svg, Type, fitted, width};
use crate::{Notes, Sign};

/// The room that it takes.
pub const HEIGHT: f64 = 64.0;

const SIZE: f64 = 10.5;
/// The width of a sign, and the distance of two.
const SIGN: f64 = 22.0;
const APART: f64 = 18.0;

/// Draws it between `left` and `right`, below `top`.
pub fn draw(svg: &mut Svg, story: &Story<'_>, notes: &Notes<'_>, [left, top, right]: [f64; 3]) {
    let form = Type { class: "dim", size: SIZE, bold: false, anchor: "start" };
    let y = top + 14.0;
    let mut x = left;
    for (what, words) in notes.signs.iter().filter(|(what, _)| is_in(story, *what)) {
        let end = x + SIGN + 5.0 + width(words, SIZE);
        if end > right {
            break;
        }
        sign(svg, *what, x, y);
        svg.text(words, (x + SIGN + 5.0, y + 3.8), &form);
        x = end + APART;
    }
    for (line, words) in notes.source.iter().enumerate() {
        svg.text(&fitted(words, SIZE, right - left), (left, top + 38.0 + line as f64 * 15.0), &form);
    }
}

/// One sign as it is in the lanes, from `x` on around the height `y`.
fn sign(svg: &mut Svg, what: Sign, x: f64, y: f64) {
    let bar = [x, y - BAR / 2.0 + 2.0, SIGN, BAR - 4.0];
    match what {
        Sign::Task => svg.rect("p0", bar, 4.0, ""),
        Sign::Waits => svg.rect("wait", bar, 4.0, r#" style="fill:url(#waits)" stroke-width=".8""#),
        Sign::Stopped => svg.rect("stop", bar, 4.0, r#" style="fill:url(#stops)" stroke-width=".8""#),
        Sign::Output => svg.dot("p0", (x + SIGN - 6.0, y), 2.6),
        Sign::Way => {
            let path = format!("M{} {}H{}m-4 -2.5l4 2.5l-4 2.5", N(x), N(y), N(x + SIGN));
            svg.path("way", &path, r#" stroke-linejoin="round""#);
        }
        Sign::Zombie => {
            let path = format!("M{} {}H{}", N(x), N(y), N(x + SIGN));
            svg.path("gone", &path, r#" stroke-width="1.5" stroke-dasharray="1.5 3""#);
        }
        Sign::Killed => {
            let path = format!("M{} {}l7 7m0 -7l-7 7", N(x + SIGN - 9.0), N(y - 3.5));
            svg.path("gone", &path, r#" stroke-width="1.8""#);
        }
    }
}

/// Whether anything in the picture has the sign.
fn is_in(story: &Story<'_>, what: Sign) -> bool {
    let filled = |wanted: fn(&Kind<'_>) -> bool| {
        story.lanes.iter().any(|lane| lane.spans.iter().any(|span| wanted(&span.kind)))
    };
    match what {
        Sign::Task => filled(|kind| matches!(kind, Kind::Task(..))),
        Sign::Waits => filled(|kind| matches!(kind, Kind::Queue(..) | Kind::Sync(..))),
        Sign::Stopped => filled(|kind| matches!(kind, Kind::Stopped)),
        Sign::Output => story.lanes.iter().any(|lane| !lane.lines.is_empty()),
        Sign::Way => story.ways.iter().any(|way| way.from.0 != way.to.0),
        Sign::Zombie => story.lanes.iter().any(|lane| is_long_a_zombie(lane, story.end)),
        Sign::Killed => story.lanes.iter().any(|lane| matches!(lane.exit, Some((_, Exit::Signal(_))))),
    }
}

/// Long enough to be seen.
fn is_long_a_zombie(lane: &Lane<'_>, end: u64) -> bool {
    lane.exit.is_some_and(|(t, _)| lane.reaped.unwrap_or(end).saturating_sub(t) * 100 > end)
}
