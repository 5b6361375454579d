//! Which language to speak: `?lang=` of the address, else what the browser asks for.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use protocol::Lang;

/// The language of the answer to a request.
pub fn of(request: &HttpRequest) -> Lang {
    let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen(request.query_string()).unwrap_or_else(|| accepted.map(preferred).unwrap_or_default())
}

/// The language that a query string names.
fn chosen(query: &str) -> Option<Lang> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    language(value)
}

/// The language of an `Accept-Language` header, RFC 9110 section 12.5.4: the range with
/// the greatest weight that we speak, the first of equals.
fn preferred(header: &str) -> Lang {
    let mut best = (0.0, Lang::default());
    for range in header.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        if let Some(lang) = language(tag.trim()).filter(|_| weight > best.0) {
            best = (weight, lang);
        }
    }
    best.1
}

/// `zh`, `zh-CN`, `zh-Hant-TW` … and `en`, `en-GB` …
pub fn language(tag: &str) -> Option<Lang> {
    match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_has_the_last_word() {
        assert_eq!(chosen("workers=5&lang=zh"), Some(Lang::Zh));
        assert_eq!(chosen("lang=fr"), None);
        assert_eq!(chosen(""), None);
    }

    #[test]
    fn the_header_is_read_by_weight() {
        assert_eq!(preferred("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(preferred("zh;q=0.3, en-GB;q=0.7"), Lang::En);
        assert_eq!(preferred("de, fr;q=0.9, zh;q=0.1"), Lang::Zh);
        assert_eq!(preferred("zh;q=0, de"), Lang::En);
        assert_eq!(preferred("de"), Lang::En);
    }
}
