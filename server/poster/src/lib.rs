//! A run as one still picture: SVG that stands by itself, for readers without scripts, for cards,
//! feeds and slides.
//!
//! A pure function of the log. [`story`] folds the events into lanes and what lies on them, `scale`
//! turns time into places, `draw` makes the picture of both, and `svg` writes it down. It shows what
//! the page's timeline shows, less and larger: processes as a family from top to bottom, time from
//! left to right, what they did as bars, waits hatched, items as arrows from lane to lane.
//!
//! The picture is 400 units wide whatever the run was, so that it can be read on a phone, and it is
//! never large: what would be smaller than half a unit is one with its neighbour, and of many
//! processes the first are shown. Colours are the page's own ([`mod@style`]), light and dark.

mod draw;
mod lane;
mod scale;
mod story;
mod style;
mod svg;

use protocol::Event;

pub use story::{Exit, Lane, Story, Tally};

/// The words around the picture. Only numbers and what the run itself says stand within it.
pub struct Words<'a> {
    /// The language of all of them, as `zh-CN`.
    pub lang: &'a str,
    /// What ran.
    pub title: &'a str,
    /// The run in one line, beside the title.
    pub about: &'a str,
    /// The picture in a sentence or two, for who does not see it.
    pub description: &'a str,
    /// That there are more processes than fit, so many; empty where there are not.
    pub more: &'a str,
}

/// The picture's width; its height depends on the lanes.
const WIDTH: f64 = 400.0;

/// The most processes that are shown.
const LANES_MAX: usize = 14;

/// Draws a run, or as much of it as the log has.
pub fn draw(story: &Story<'_>, words: &Words<'_>) -> String {
    draw::picture(story, words)
}

/// The width and the height of a run's picture.
pub fn size(story: &Story<'_>) -> (u32, u32) {
    (WIDTH as u32, draw::height(story.tally()) as u32)
}

/// How many columns of a terminal a text takes: two for each letter of Chinese and its like.
pub fn columns(text: &str) -> usize {
    svg::columns(text)
}

/// Folds a log.
pub fn read(log: &[Event]) -> Story<'_> {
    Story::of(log)
}

#[cfg(test)]
mod tests;
