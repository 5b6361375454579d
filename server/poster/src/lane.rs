//! One process from birth to burial: the thin line of its life, what it did, waited for and printed, and its end.

use crate::scale::Scale;
use crate::story::{Exit, Kind, Lane, Span};
use crate::style::COLOURS;
use crate::svg::{N, Svg, Type, fitted, width};

/// Height of what fills a lane, and of the line of a life.
pub const BAR: f64 = 15.0;
const LINE: f64 = 3.0;
/// What is narrower than this is one with its neighbour.
const LEAST: f64 = 0.5;
/// The height of exit codes.
const SMALL: f64 = 10.0;
/// How far above the line of a life the middle of the words is that it prints.
pub const WORDS: f64 = 7.5;
/// Dots of output are at least so far apart.
const DOTS_APART: f64 = 5.0;
/// A line of output is shown where at least this part of it is.
const LEAST_PART: f64 = 0.6;

/// Where a lane is, and what else is there.
pub struct Room {
    /// The height of its middle.
    pub y: f64,
    /// The end of what is known, µs.
    pub edge: u64,
    /// The right edge of the picture.
    pub right: f64,
    /// Where arrows go through the height of what it prints, and would strike it out.
    pub struck: Vec<f64>,
}

/// Draws a lane.
pub fn draw(svg: &mut Svg, scale: Scale, lane: &Lane<'_>, room: &Room) {
    let Room { y, edge, .. } = *room;
    let own = format!("p{}", lane.number % COLOURS);
    let end = lane.exit.map_or(edge, |(t, _)| t);
    let (start, end) = (scale.x(lane.start), scale.x(end));
    svg.rect(&own, [start, y - LINE / 2.0, (end - start).max(1.0), LINE], 1.5, r#" opacity=".35""#);
    zombie(svg, scale, lane, y, edge);
    output(svg, scale, lane, room, end);
    spans(svg, scale, lane, y, edge);
    svg.rect(&own, [start - 0.8, y - 6.0, 1.6, 12.0], 0.0, "");
    exit(svg, scale, lane, room);
}

/// From the exit until somebody reads the status.
fn zombie(svg: &mut Svg, scale: Scale, lane: &Lane<'_>, y: f64, edge: u64) {
    let Some((t, _)) = lane.exit else { return };
    let (start, end) = (scale.x(t), scale.x(lane.reaped.unwrap_or(edge)));
    if end - start > 3.0 {
        let path = format!("M{} {}H{}", N(start), N(y), N(end));
        svg.path("gone", &path, r#" stroke-width="1.5" stroke-dasharray="1.5 3""#);
    }
}

/// Tasks filled, waits and stops hatched.
fn spans(svg: &mut Svg, scale: Scale, lane: &Lane<'_>, y: f64, edge: u64) {
    let mut drawn = f64::MIN;
    for span in &lane.spans {
        let (start, end) = (scale.x(span.start), scale.x(span.end.unwrap_or(edge)));
        if end - start < LEAST && end - drawn < LEAST {
            continue;
        }
        drawn = end;
        let at = [start, y - BAR / 2.0, (end - start).max(1.2), BAR];
        match span.kind {
            Kind::Task(_, name) => task(svg, lane, name, at),
            Kind::Queue(..) | Kind::Sync(..) => hatched(svg, "wait", "waits", at),
            Kind::Stopped => hatched(svg, "stop", "stops", at),
        }
    }
}

fn task(svg: &mut Svg, lane: &Lane<'_>, name: &str, [x, top, width, height]: [f64; 4]) {
    let gap = if width > 6.0 { 0.8 } else { 0.0 };
    svg.rect(&format!("p{}", lane.number % COLOURS), [x, top, width - gap, height], 4.0, "");
    let form = Type { class: "on", size: 10.5, bold: true, anchor: "start" };
    let words = fitted(name, form.size, width - 9.0);
    if !words.is_empty() {
        svg.text(&words, (x + 5.0, top + height / 2.0 + 3.8), &form);
    }
}

fn hatched(svg: &mut Svg, class: &str, pattern: &str, at: [f64; 4]) {
    svg.rect("paper", at, 4.0, "");
    svg.rect(class, at, 4.0, &format!(r#" style="fill:url(#{pattern})" stroke-width=".8""#));
}

/// Where it printed, and what, as far as there is room until the next thing.
fn output(svg: &mut Svg, scale: Scale, lane: &Lane<'_>, Room { y, right, struck, .. }: &Room, end: f64) {
    let form = Type { class: "dim", size: 9.5, bold: false, anchor: "start" };
    let dots = dots(scale, lane);
    // The word of the end may stand above the line, too.
    let end = exit_word(lane)
        .filter(|word| !fits_right(word, end, *right))
        .map_or(end, |word| end - width(&word, SMALL) - 6.0);
    for (place, (x, words)) in dots.iter().enumerate() {
        svg.dot(&format!("p{}", lane.number % COLOURS), (*x, *y), 2.6);
        let next = dots.get(place + 1).map_or(end.max(*x), |(x, _)| *x);
        let held = lane.spans.iter().map(|span| scale.x(span.start)).find(|start| start > x);
        let room = held.map_or(next, |held| held.min(next)) - x - 10.0;
        let words = (room >= LEAST_PART * width(words, form.size)).then(|| fitted(words, form.size, room));
        let Some(words) = words.filter(|_| !is_within(scale, &lane.spans, *x)) else { continue };
        let (start, end) = (x + 5.0, x + 5.0 + width(&words, form.size));
        if !struck.iter().any(|struck| (start..end).contains(struck)) {
            svg.text(&words, (start, y - 4.0), &form);
        }
    }
}

/// Where to put a dot, and the line that it stands for.
fn dots<'a>(scale: Scale, lane: &Lane<'a>) -> Vec<(f64, &'a str)> {
    let mut dots: Vec<(f64, &str)> = Vec::new();
    for (t, words) in &lane.lines {
        let x = scale.x(*t);
        if dots.last().is_none_or(|(last, _)| x - last >= DOTS_APART) {
            dots.push((x, words));
        }
    }
    dots
}

fn is_within(scale: Scale, spans: &[Span<'_>], x: f64) -> bool {
    spans.iter().any(|span| scale.x(span.start) <= x && span.end.is_none_or(|end| x < scale.x(end)))
}

/// A bar and the exit code; a cross and the signal's name.
fn exit(svg: &mut Svg, scale: Scale, lane: &Lane<'_>, Room { y, right, .. }: &Room) {
    let (Some((t, how)), Some(words)) = (lane.exit, exit_word(lane)) else { return };
    let x = scale.x(t);
    let class = if how == Exit::Code(0) { "dim" } else { "bad" };
    if let Exit::Signal(_) = how {
        let cross = format!("M{} {}l7 7m0 -7l-7 7", N(x - 3.5), N(y - 3.5));
        svg.path("gone", &cross, r#" stroke-width="1.8""#);
    } else {
        let own = format!("p{}", lane.number % COLOURS);
        svg.rect(if class == "bad" { "bad" } else { &own }, [x - 0.8, y - 6.0, 1.6, 12.0], 0.0, "");
    }
    // A word that has no room on the right stands on the left, above the line.
    let form = |anchor| Type { class, size: SMALL, bold: class == "bad", anchor };
    if fits_right(&words, x, *right) {
        let raised = if lane.reaped.is_some_and(|reaped| scale.x(reaped) - x > 8.0) { 8.0 } else { 0.0 };
        svg.text(&words, (x + 5.0, y + 3.5 - raised), &form("start"));
    } else {
        let width = width(&words, SMALL) + 4.0;
        svg.rect("paper", [x - 4.0 - width, y - 12.5, width, 10.0], 2.0, "");
        svg.text(&words, (x - 6.0, y - 4.0), &form("end"));
    }
}

fn exit_word(lane: &Lane<'_>) -> Option<String> {
    lane.exit.map(|(_, how)| match how {
        Exit::Code(code) => code.to_string(),
        Exit::Signal(signal) => signal.to_owned(),
    })
}

/// Whether a word has room between an end and the edge of the picture.
fn fits_right(word: &str, end: f64, right: f64) -> bool {
    end + 5.0 + width(word, SMALL) <= right
}
