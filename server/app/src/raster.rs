//! Our pictures as PNG, for cards and documents that take no SVG.
//!
//! Words are set in this host's faces, as the reader's browser does it with its own. A host without a face for a
//! language cannot draw it: [`can_write`] says so beforehand, and then no PNG is offered in that language.

use std::sync::{Arc, LazyLock};

use protocol::Lang;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

/// The faces of this host; looking for them takes a while.
static FACES: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut faces = Database::new();
    faces.load_system_fonts();
    if let Some(family) = plain_family(&faces) {
        faces.set_sans_serif_family(family);
    }
    Arc::new(faces)
});

/// What `sans-serif` means: what is usual for both languages, then what is usual at all, then whatever there is.
fn plain_family(faces: &Database) -> Option<String> {
    const USUAL: [&str; 8] = [
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei",
        "Noto Sans",
        "DejaVu Sans",
        "Liberation Sans",
    ];
    let there =
        |family: &&str| faces.faces().any(|face| face.families.iter().any(|(name, _)| name == family));
    let usual = USUAL.iter().find(|family| there(family)).map(|family| (*family).to_owned());
    usual.or_else(|| faces.faces().find_map(|face| face.families.first().map(|(name, _)| name.clone())))
}

/// A picture that is to fill a frame, with its edges left and right or above and below.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// What is around the picture, red, green and blue.
    pub ground: [u8; 3],
}

/// Whether this host has a face for the language: a letter of it looks other than one that nobody has.
pub fn can_write(lang: Lang) -> bool {
    static CAN: LazyLock<[bool; 2]> = LazyLock::new(|| [differs('进'), differs('P')]);
    CAN[usize::from(lang == Lang::En)]
}

fn differs(letter: char) -> bool {
    const NOBODYS: char = '\u{10fffe}';
    drawn(letter) != drawn(NOBODYS)
}

fn drawn(letter: char) -> Option<Vec<u8>> {
    let frame = Frame { width: 24, height: 24, ground: [255; 3] };
    let text = format!(r#"<text y="20" font-size="20" font-family="sans-serif">{letter}</text>"#);
    png(&format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">{text}</svg>"#), frame)
}

/// The width and the height of a picture of ours, pixels; `None` where it is none.
pub fn size(svg: &str) -> Option<(u32, u32)> {
    let size = tree(svg)?.size().to_int_size();
    Some((size.width(), size.height()))
}

fn tree(svg: &str) -> Option<Tree> {
    Tree::from_str(svg, &Options { fontdb: FACES.clone(), ..Options::default() }).ok()
}

/// Draws a picture of ours; `None` where it is none.
pub fn png(svg: &str, frame: Frame) -> Option<Vec<u8>> {
    let tree = tree(svg)?;
    let mut pixels = Pixmap::new(frame.width, frame.height)?;
    let [red, green, blue] = frame.ground;
    pixels.fill(Color::from_rgba8(red, green, blue, 255));
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = (frame.width as f32 / width).min(frame.height as f32 / height);
    let middle = |frame: u32, picture: f32| (frame as f32 - picture * scale) / 2.0;
    let place = Transform::from_scale(scale, scale)
        .post_translate(middle(frame.width, width), middle(frame.height, height));
    resvg::render(&tree, place, &mut pixels.as_mut());
    pixels.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_fills_its_frame_and_a_text_is_no_picture() {
        let red = r##"<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><rect width="2" height="1" fill="#f00"/></svg>"##;
        let file = png(red, Frame { width: 8, height: 8, ground: [0, 0, 255] }).unwrap();
        let pixels = Pixmap::decode_png(&file).unwrap();
        let colour = |x, y| pixels.pixel(x, y).map(|pixel| (pixel.red(), pixel.blue()));
        assert_eq!(
            (colour(4, 0), colour(4, 4), colour(4, 7)),
            (Some((0, 255)), Some((255, 0)), Some((0, 255)))
        );
        assert_eq!(png("no picture", Frame { width: 8, height: 8, ground: [0; 3] }), None);
    }

    #[test]
    fn what_no_face_has_looks_the_same_everywhere() {
        assert!(!differs('\u{10fffd}'));
    }
}
