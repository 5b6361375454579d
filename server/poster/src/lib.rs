//! A run as one still picture: SVG that stands by itself, for readers without scripts, for cards,
//! feeds and slides.
//!
//! A pure function of the log. [`story`] folds the events into lanes and what lies on them, `scale`
//! turns time into places, `draw` makes the picture of both, and `svg` writes it down. It shows what
//! the page's timeline shows, less and larger: processes as a family from top to bottom, time from
//! left to right, what they did as bars, waits hatched, items as arrows from lane to lane.
//!
//! The poster is 400 units wide whatever the run was, so that it can be read on a phone; the figure is
//! wider, has a legend, and is for papers. Neither is ever large: what would be smaller than half a unit is one with its neighbour, and of many
//! processes the first are shown. Colours are the page's own ([`mod@style`]), light and dark.

mod draw;
mod lane;
mod legend;
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
    /// What a figure has below it.
    pub notes: Option<Notes<'a>>,
}

/// What stands below a figure: what its signs mean, and where it is from.
pub struct Notes<'a> {
    /// What each sign means; only those that are in the picture are explained.
    pub signs: [(Sign, &'a str); 7],
    /// Which run it was, when and where; and with which parameters.
    pub source: [&'a str; 2],
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A process does a task.
    Task,
    /// It waits for a queue, a lock or another process.
    Waits,
    /// A signal stopped it.
    Stopped,
    /// It printed a line.
    Output,
    /// An item or a message went from one to another.
    Way,
    /// It has ended, and its status is not read.
    Zombie,
    /// A signal ended it.
    Killed,
}

/// How large a picture is, and for what.
struct Paper {
    /// The height depends on the lanes.
    width: f64,
    /// The most processes that are shown.
    lanes: usize,
    has_legend: bool,
    /// Whether it is light where the reader's screen is dark.
    is_light_only: bool,
}

/// The most processes that a poster shows.
const LANES_MAX: usize = 14;

const POSTER: Paper = Paper { width: 400.0, lanes: LANES_MAX, has_legend: false, is_light_only: false };
const FIGURE: Paper = Paper { width: 720.0, lanes: 64, has_legend: true, is_light_only: true };

/// Draws a run, or as much of it as the log has, small.
pub fn draw(story: &Story<'_>, words: &Words<'_>) -> String {
    draw::picture(story, words, &POSTER)
}

/// Draws it as a figure for papers and slides: wider, all its processes, a legend, always light.
pub fn figure(story: &Story<'_>, words: &Words<'_>) -> String {
    draw::picture(story, words, &FIGURE)
}

/// The width and the height of a run's small picture.
pub fn size(story: &Story<'_>) -> (u32, u32) {
    rounded(draw::size(story, &POSTER))
}

/// The width and the height of its figure.
pub fn figure_size(story: &Story<'_>) -> (u32, u32) {
    rounded(draw::size(story, &FIGURE))
}

fn rounded((width, height): (f64, f64)) -> (u32, u32) {
    (width as u32, height as u32)
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
