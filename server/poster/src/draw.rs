//! The picture: heading, axis, the family's lines, one lane below the other, items from lane to lane.

use std::collections::HashMap;
use std::fmt::Write;

use crate::lane::Room;
use crate::scale::Scale;
use crate::story::{Lane, Story, Way};
use crate::svg::{N, Svg, Type, escaped, fitted, shortened};
use crate::{Paper, Words, lane, legend, style};

/// Where the lanes begin.
const HEADING: f64 = 44.0;

const MARGIN: f64 = 10.0;
/// Where the time begins, right of the names.
const LEFT: f64 = 148.0;
/// Where it ends, left of the last exit codes: so far from the edge.
const RIGHT: f64 = 26.0;
const LANE: f64 = 24.0;
const AXIS: f64 = 24.0;
/// How far a child's name stands right of its parent's.
const INDENT: f64 = 9.0;
/// Deeper families stand as if they were no deeper.
const DEEPEST: usize = 4;
/// The least distance of two marks of the axis, and of two arrows between the same lanes.
const MARKS_APART: f64 = 44.0;
const WAYS_APART: f64 = 4.0;

/// The whole file.
pub fn picture(story: &Story<'_>, words: &Words<'_>, paper: &Paper) -> String {
    let shown = &story.lanes[..story.lanes.len().min(paper.lanes)];
    let (width, height) = size(story, paper);
    let bottom = height - foot(paper);
    let scale = Scale::new(story.end, LEFT, width - RIGHT);
    let mut svg = Svg(head(words, (width, height), shown, paper));
    svg.rect("paper", [0.0, 0.0, width, height], 0.0, "");
    heading(&mut svg, words, width);
    axis(&mut svg, scale, bottom - AXIS);
    for (place, lane) in shown.iter().enumerate() {
        fork(&mut svg, scale, (place, lane));
    }
    for (place, lane) in shown.iter().enumerate() {
        name(&mut svg, lane, middle(place));
        let room = Room {
            y: middle(place),
            edge: story.end,
            right: width,
            struck: struck(scale, &story.ways, place),
        };
        lane::draw(&mut svg, scale, lane, &room);
    }
    ways(&mut svg, scale, &story.ways, shown);
    if story.lanes.len() > shown.len() {
        let form = Type { class: "dim", size: 11.0, bold: false, anchor: "start" };
        svg.text(words.more, (MARGIN + 11.0, middle(shown.len()) + 4.0), &form);
    }
    if let Some(notes) = &words.notes {
        legend::draw(&mut svg, story, notes, [MARGIN, bottom, width - MARGIN]);
    }
    svg.0 + "</svg>\n"
}

/// The width and the height of the picture. Processes that are not shown have one line for all.
pub fn size(story: &Story<'_>, paper: &Paper) -> (f64, f64) {
    let lanes = story.lanes.len().min(paper.lanes + 1);
    (paper.width, HEADING + lanes as f64 * LANE + AXIS + foot(paper))
}

/// The room for the legend.
fn foot(paper: &Paper) -> f64 {
    if paper.has_legend { legend::HEIGHT } else { 0.0 }
}

/// The middle of a lane, from the top.
fn middle(place: usize) -> f64 {
    HEADING + (place as f64 + 0.5) * LANE
}

fn head(words: &Words<'_>, (width, height): (f64, f64), shown: &[Lane<'_>], paper: &Paper) -> String {
    let colours = shown.iter().map(|lane| lane.number + 1).max().unwrap_or(0);
    let mut head = String::new();
    let _ = write!(
        head,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title about" lang="{}"><title id="title">{}</title><desc id="about">{}</desc><style>{}</style>"#,
        escaped(words.lang),
        escaped(words.title),
        escaped(words.description),
        style::sheet(colours, paper.is_light_only),
    );
    // Stripes are as wide as on the page.
    for (id, class) in [("waits", "hatch"), ("stops", "stopped")] {
        let _ = write!(
            head,
            r#"<pattern id="{id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="{class}" d="M2.5 0v5" stroke-width="1.6"/></pattern>"#
        );
    }
    head
}

fn heading(svg: &mut Svg, words: &Words<'_>, width: f64) {
    let title = Type { class: "ink", size: 14.0, bold: true, anchor: "start" };
    svg.text(&fitted(words.title, title.size, width - 2.0 * MARGIN), (MARGIN, 20.0), &title);
    let about = Type { class: "dim", size: 11.0, bold: false, anchor: "start" };
    svg.text(&fitted(words.about, about.size, width - 2.0 * MARGIN), (MARGIN, 36.0), &about);
}

fn axis(svg: &mut Svg, scale: Scale, bottom: f64) {
    let form = Type { class: "dim", size: 10.5, bold: false, anchor: "middle" };
    let mut lines = String::new();
    for (x, words) in scale.marks(MARKS_APART) {
        let _ = write!(lines, "M{} {HEADING}V{}", N(x), N(bottom + 3.0));
        svg.text(&words, (x, bottom + 16.0), &form);
    }
    svg.path("grid", &lines, "");
}

/// The line from a parent to its child at the moment of birth.
fn fork(svg: &mut Svg, scale: Scale, (place, lane): (usize, &Lane<'_>)) {
    let Some(parent) = lane.parent.filter(|parent| *parent < place) else { return };
    let path = format!("M{} {}V{}", N(scale.x(lane.start)), N(middle(parent)), N(middle(place)));
    svg.path("wait", &path, r#" stroke-dasharray="1.5 2.5""#);
}

fn name(svg: &mut Svg, lane: &Lane<'_>, y: f64) {
    let x = MARGIN + 3.0 + lane.depth.min(DEEPEST) as f64 * INDENT;
    svg.dot(&format!("p{}", lane.number % style::COLOURS), (x, y), 3.0);
    let form = Type { class: "ink", size: 12.0, bold: false, anchor: "start" };
    let pid = lane.pid.to_string();
    let words = if lane.name.is_empty() { &pid } else { lane.name };
    svg.text(&shortened(words, form.size, LEFT - x - 12.0), (x + 8.0, y + 4.2), &form);
}

/// Where arrows go through the words of a lane, which stand above its line.
fn struck(scale: Scale, ways: &[Way], place: usize) -> Vec<f64> {
    let y = middle(place) - lane::WORDS;
    let through = |way: &Way| {
        let [(x, top), (end, tip)] = arrow(scale, way);
        let part = (y - top) / (tip - top);
        (0.0..=1.0).contains(&part).then_some(x + (end - x) * part)
    };
    ways.iter().filter(|way| way.from.0 != way.to.0).filter_map(through).collect()
}

/// From below or above one lane to the other.
fn arrow(scale: Scale, Way { from, to }: &Way) -> [(f64, f64); 2] {
    let down = if to.0 > from.0 { 1.0 } else { -1.0 };
    [(scale.x(from.1), middle(from.0) + 7.0 * down), (scale.x(to.1), middle(to.0) - 7.5 * down)]
}

/// Items from lane to lane. Of a crowd between the same two lanes some stand for all.
fn ways(svg: &mut Svg, scale: Scale, ways: &[Way], shown: &[Lane<'_>]) {
    let (mut lines, mut last) = (String::new(), HashMap::new());
    for way @ Way { from, to } in ways {
        let visible = from.0 != to.0 && from.0 < shown.len() && to.0 < shown.len();
        let [(x, top), (end, tip)] = arrow(scale, way);
        let apart = last.get(&(from.0, to.0)).is_none_or(|before| x - before >= WAYS_APART);
        if !visible || !apart {
            continue;
        }
        last.insert((from.0, to.0), x);
        let down = if to.0 > from.0 { 1.0 } else { -1.0 };
        let _ = write!(lines, "M{} {}L{} {}", N(x), N(top), N(end), N(tip));
        let _ = write!(
            lines,
            "M{} {}l2.5 {}l2.5 {}",
            N(end - 2.5),
            N(tip - 3.5 * down),
            N(3.5 * down),
            N(-3.5 * down)
        );
    }
    svg.path("way", &lines, r#" stroke-linejoin="round""#);
}
