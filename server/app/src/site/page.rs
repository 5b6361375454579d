//! A page of the server's made relative, as it stands among plain files.

use protocol::Lang;

/// The same page with addresses relative to the folder that is `up` from it. What leads to something that only a server
/// has is left out where it is a `link`.
///
/// # Errors
/// An address that has no place among the files; it is named.
pub fn relative(html: &str, lang: Lang, up: &str) -> Result<String, String> {
    let (text, tags) = html.split_once('<').ok_or("a page begins with a tag")?;
    let mut page = text.to_owned();
    for tag in tags.split('<') {
        page += &rewritten(tag, lang, up)?;
    }
    Ok(page)
}

/// A tag and the text behind it; of a link that is left out the text alone.
fn rewritten(tag: &str, lang: Lang, up: &str) -> Result<String, String> {
    let other = match lang {
        Lang::Zh => (r#"href="?lang=en""#, r#"href="en/""#),
        Lang::En => (r#"href="?lang=zh""#, r#"href="../""#),
    };
    let start = ["href=\"/", "src=\"/"].iter().find_map(|start| Some(tag.find(start)? + start.len() - 1));
    let Some(start) = start else { return Ok(format!("<{}", tag.replace(other.0, other.1))) };
    let end = start + tag[start..].find('"').ok_or("a quotation mark is missing")?;
    let (before, address, after) = (&tag[..start], &tag[start..end], &tag[end..]);
    match place(address, lang) {
        Some(place) => Ok(format!("<{before}{up}{place}{after}")),
        None if tag.starts_with("link ") => Ok(after.split_once('>').map_or("", |(_, text)| text).to_owned()),
        None => Err(format!("{address} has no place among plain files")),
    }
}

/// Where it is in the site, from its top.
fn place(address: &str, lang: Lang) -> Option<String> {
    let own = format!("?lang={}", lang.tag());
    let path = address.strip_suffix(&own).unwrap_or(address);
    if path.starts_with("/static/") {
        return Some(path[1..].to_owned());
    }
    if path == "/" {
        return Some(match lang {
            Lang::Zh => "./".to_owned(),
            Lang::En => "en/".to_owned(),
        });
    }
    if let Some(id) = path.strip_prefix("/scenarios/").filter(|id| !id.contains('/')) {
        return Some(format!("embed/v1/{id}/{own}"));
    }
    let id = path.strip_prefix("/api/scenarios/")?.strip_suffix("/poster.svg")?;
    Some(format!("embed/v1/{id}/poster.{}.svg", lang.tag()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_relative() {
        let html = r#"<a href="/scenarios/pool?lang=en">x</a> < y <img src="/api/scenarios/pool/poster.svg?lang=en"><script src="/static/0a/a.js"></script><a href="/?lang=en"><a href="?lang=zh">"#;
        assert_eq!(
            relative(html, Lang::En, "../").unwrap(),
            r#"<a href="../embed/v1/pool/?lang=en">x</a> < y <img src="../embed/v1/pool/poster.en.svg"><script src="../static/0a/a.js"></script><a href="../en/"><a href="../">"#
        );
    }

    #[test]
    fn what_only_a_server_has_is_left_out_of_the_head_and_refused_elsewhere() {
        assert_eq!(
            relative("a<link rel=\"x\" href=\"/oembed?url=y\">\nb<br>", Lang::Zh, ""),
            Ok("a\nb<br>".into())
        );
        assert!(relative("<a href=\"/workshops/x\">", Lang::Zh, "").unwrap_err().contains("/workshops/x"));
    }
}
