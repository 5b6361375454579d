//! The Markdown of the scenarios' texts as HTML: headings, paragraphs, lists, **bold**, `code`.
//!
//! Only this much is understood, as `check` says; all else is shown as it is written. A text is
//! an operator's or ours, and no visitor's, and still nothing in it can become markup.

/// The text as HTML. Its first heading is one of the third level.
pub fn html(source: &str) -> String {
    let mut html = String::new();
    for paragraph in source.trim().split("\n\n") {
        blocks(paragraph, &mut html);
    }
    html
}

/// What is open while lines are read.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Paragraph,
    List,
}

/// The blocks of one paragraph: a heading or a list may stand close to what comes before and after.
fn blocks(paragraph: &str, html: &mut String) {
    let mut open = Open::Nothing;
    for line in paragraph.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("## ") {
            close(&mut open, html);
            *html += &format!("<h3>{}</h3>", spans(title));
        } else if let Some(point) = line.strip_prefix("- ") {
            if open == Open::List {
                *html += "</li>";
            } else {
                close(&mut open, html);
                *html += "<ul>";
            }
            *html += &format!("<li>{}", spans(point));
            open = Open::List;
        } else if open == Open::Nothing {
            *html += &format!("<p>{}", spans(line));
            open = Open::Paragraph;
        } else {
            *html += &format!("{}{}", joint(html, line), spans(line.trim_start()));
        }
    }
    close(&mut open, html);
}

fn close(open: &mut Open, html: &mut String) {
    *html += match open {
        Open::Nothing => "",
        Open::Paragraph => "</p>",
        Open::List => "</li></ul>",
    };
    *open = Open::Nothing;
}

/// Between Chinese characters a line break is no space.
fn joint(before: &str, after: &str) -> &'static str {
    let is_wide =
        |c: char| matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    let both = before.ends_with(is_wide) && after.trim_start().starts_with(is_wide);
    if both { "" } else { " " }
}

/// **Bold** and `code`; a sign that begins and does not end is itself.
fn spans(mut text: &str) -> String {
    let mut html = String::new();
    while let Some(at) = text.find(['`', '*']) {
        let (sign, tag) = if text[at..].starts_with('`') { ("`", "code") } else { ("**", "b") };
        let rest = text[at..].strip_prefix(sign);
        let Some((inside, after)) =
            rest.and_then(|rest| rest.split_once(sign)).filter(|(inside, _)| !inside.is_empty())
        else {
            html += &escaped(&text[..=at]);
            text = &text[at + 1..];
            continue;
        };
        let inside = if tag == "b" { spans(inside) } else { escaped(inside) };
        html += &format!("{}<{tag}>{inside}</{tag}>", escaped(&text[..at]));
        text = after;
    }
    html + &escaped(text)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_of_a_text_is_kept() {
        let text = "A **bold `x`** word\nand `a * b`.\n\n## Try\n- this\n  goes on\n- that\n\nEnd.\n";
        assert_eq!(
            html(text),
            "<p>A <b>bold <code>x</code></b> word and <code>a * b</code>.</p>\
             <h3>Try</h3><ul><li>this goes on</li><li>that</li></ul><p>End.</p>"
        );
        assert_eq!(html("一行\n又一行"), "<p>一行又一行</p>");
        assert_eq!(html(""), "");
    }

    #[test]
    fn nothing_becomes_markup_that_is_none() {
        assert_eq!(html("2 * 3 ** 4 `x & <b>"), "<p>2 * 3 ** 4 `x &amp; &lt;b&gt;</p>");
        assert_eq!(html("`<i>`"), "<p><code>&lt;i&gt;</code></p>");
        assert_eq!(html("**** ``"), "<p>**** ``</p>");
    }
}
