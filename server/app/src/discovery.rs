//! What tells others of a page: search engines, sites that show a card beside a link, players by oEmbed.
//!
//! Each page has one address for each language and one that leaves it to the reader. Parameters are a reader's own
//! affair and stand in none of them; runs are found by who has their address, and by no search engine.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use protocol::Lang;

use crate::origin;
use crate::raster;
use crate::state::State;

/// The head of a page, for those who only read heads.
pub struct Discovery {
    /// The page's own address.
    pub canonical: String,
    /// Language and address of the page in each, and `x-default`.
    pub languages: Vec<(&'static str, String)>,
    /// Where oEmbed tells of it; empty where nothing of it can be embedded.
    pub oembed: String,
    /// What it is called.
    pub title: String,
    /// What it is, in a sentence.
    pub description: String,
    /// A picture for a card, PNG; empty where there is none.
    pub image: String,
    /// As `zh_CN`.
    pub locale: &'static str,
    /// Whether search engines may show it.
    pub is_listed: bool,
}

/// A page that is told of.
pub struct Told<'a> {
    /// Its path.
    pub path: String,
    /// What it is called.
    pub title: &'a str,
    /// What it is, in a sentence.
    pub description: &'a str,
    /// The path of its picture, if it has one.
    pub image: Option<String>,
    /// Whether it can be embedded.
    pub has_player: bool,
    /// Whether search engines may show it.
    pub is_listed: bool,
}

impl Discovery {
    /// Of a page as it is answered to this request.
    pub fn of(asked: &HttpRequest, state: &State, lang: Lang, page: Told<'_>) -> Self {
        let own = origin::of(asked, state);
        let address = format!("{own}{}", page.path);
        let has_lang = asked.query_string().split('&').any(|pair| pair.starts_with("lang="));
        let canonical = if has_lang { in_language(&address, lang) } else { address.clone() };
        let picture = page.image.filter(|_| raster::can_write(lang));
        let oembed = format!("{own}/oembed?format=json&url={}", percent(&in_language(&address, lang)));
        Discovery {
            languages: languages(&address),
            oembed: if page.has_player { oembed } else { String::new() },
            image: picture.map(|path| in_language(&format!("{own}{path}"), lang)).unwrap_or_default(),
            canonical,
            title: page.title.to_owned(),
            description: page.description.to_owned(),
            locale: match lang {
                Lang::Zh => "zh_CN",
                Lang::En => "en_GB",
            },
            is_listed: page.is_listed,
        }
    }
}

fn languages(address: &str) -> Vec<(&'static str, String)> {
    let tagged = |lang: Lang| (lang.tag(), in_language(address, lang));
    vec![tagged(Lang::Zh), tagged(Lang::En), ("x-default", address.to_owned())]
}

fn in_language(address: &str, lang: Lang) -> String {
    format!("{address}?lang={}", lang.tag())
}

/// A text as the value of a query, RFC 3986 section 2.
pub fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let letter = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(letter).collect()
}

/// `GET /robots.txt`. Pages that are not to be listed say so themselves; who shows a card must be able to read them.
pub async fn robots(asked: HttpRequest, state: Data<State>) -> HttpResponse {
    let own = origin::of(&asked, &state);
    let text = format!("User-agent: *\nDisallow: /ws\n\nSitemap: {own}/sitemap.xml\n");
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(text)
}

/// `GET /sitemap.xml` (<https://www.sitemaps.org/protocol.html>), with each page in each language.
pub async fn sitemap(asked: HttpRequest, state: Data<State>) -> HttpResponse {
    let own = origin::of(&asked, &state);
    let scenarios = state.catalogue.cards.iter().map(|card| format!("{own}/scenarios/{}", card.id));
    let urls: String =
        [format!("{own}/")].into_iter().chain(scenarios).map(|address| entries(&address)).collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n{urls}</urlset>\n"
    );
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/xml; charset=utf-8")).body(text)
}

/// One entry a language, and each names all: so search engines want it.
fn entries(address: &str) -> String {
    let languages = languages(address);
    let links: String = languages
        .iter()
        .map(|(tag, href)| format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{href}\"/>"))
        .collect();
    languages.iter().map(|(_, href)| format!("<url><loc>{href}</loc>{links}</url>\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_no_letter_that_means_something() {
        assert_eq!(percent("https://x/a?b=c&d=小"), "https%3A%2F%2Fx%2Fa%3Fb%3Dc%26d%3D%E5%B0%8F");
    }
}
