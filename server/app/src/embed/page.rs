//! The embed as a page, wherever it stands: on this server, among plain files, or alone in one file.
//!
//! What differs is its [`Ground`]: where files and logs are and whether a server is there to run anything.

use askama::Template;
use protocol::{Card, Lang};
use serde_json::{Value, json};

use crate::embed::Admission;
use crate::recorded::Recording;
use crate::still::{Line, Still};
use crate::text::{TextMap, Texts};
use crate::{assets, pages};

/// The page.
#[derive(Template)]
#[template(path = "embed.html")]
pub struct EmbedPage<'a> {
    lang: Lang,
    text: &'a TextMap,
    card: &'a Card,
    /// What readers without scripts find, in each language.
    told: Vec<Told<'a>>,
    ground: &'a Ground,
    boot: String,
}

/// The recorded run in a picture and in words.
struct Told<'a> {
    lang: Lang,
    text: &'a TextMap,
    still: Option<Still>,
    poster: &'a str,
}

/// Where an embed stands.
pub struct Ground {
    /// Its sheets and scripts, as HTML.
    pub head: String,
    /// Its scripts that come last, as HTML.
    pub tail: String,
    /// The address of the picture in each language that the page must have words in without scripts: among plain
    /// files nobody knows whose they will be.
    pub posters: Vec<(Lang, String)>,
    /// What its scripts begin with beside the scenario.
    pub boot: Value,
}

impl Ground {
    /// On this server.
    pub fn server(card: &Card, lang: Lang, recorded: bool, admission: &Admission) -> Self {
        let (id, tag) = (&card.id, lang.tag());
        let link = |href: &str| format!(r#"<link rel="modulepreload" crossorigin href="{href}">"#);
        let modules: String = assets::needed(ENTRY).iter().map(|href| link(href)).collect();
        Ground {
            head: linked(&assets::href) + &modules,
            tail: String::new(),
            posters: vec![(lang, format!("/api/scenarios/{id}/poster.svg?lang={tag}"))],
            boot: json!({
                "lang": lang,
                "texts": {"zh": "/embed/v1/text.zh.json", "en": "/embed/v1/text.en.json"},
                "recording": recorded.then(|| format!("/api/scenarios/{id}/recording")),
                "server": {"base": "/", "pass": admission.pass(id)},
                "page": format!("/scenarios/{id}"),
            }),
        }
    }
}

/// The module that all others are needed by.
pub const ENTRY: &str = "pages/embed.js";

/// The head of a page whose files lie beside it. Scripts of a page without an origin are asked for by CORS.
fn linked(href: &dyn Fn(&str) -> String) -> String {
    let (sheet, dark) = (href("pages/embed.css"), href("style/dark.css"));
    let (theme, entry) = (href("pages/embed/theme.js"), href(ENTRY));
    let icon = href("style/icon.svg");
    format!(
        r#"<link rel="icon" href="{icon}" type="image/svg+xml">
  <link rel="stylesheet" href="{sheet}">
  <link rel="stylesheet" href="{dark}" media="screen and (prefers-color-scheme: dark)" id="dark">
  <script src="{theme}"></script>
  <script type="module" crossorigin src="{entry}"></script>"#
    )
}

impl<'a> EmbedPage<'a> {
    /// The page of a scenario whose files are elsewhere.
    pub fn of(
        card: &'a Card,
        recording: Option<&Recording>,
        lang: Lang,
        texts: &'a Texts,
        ground: &'a Ground,
    ) -> Self {
        let mut more = ground.boot.clone();
        more["card"] = brief(card);
        let boot = pages::boot(lang, texts.of(lang).of_embed(), more);
        EmbedPage::with(card, recording, lang, texts, ground, boot)
    }

    /// The page with this for its scripts to begin with.
    pub fn with(
        card: &'a Card,
        recording: Option<&Recording>,
        lang: Lang,
        texts: &'a Texts,
        ground: &'a Ground,
        boot: String,
    ) -> Self {
        let told = |(lang, poster): &'a (Lang, String)| {
            let text = texts.of(*lang);
            let still = recording.map(|recording| Still::of(recording, text));
            Told { lang: *lang, text, still, poster }
        };
        EmbedPage {
            lang,
            text: texts.of(lang),
            card,
            told: ground.posters.iter().map(told).collect(),
            ground,
            boot,
        }
    }

    /// What was printed: the same in all languages.
    fn printed(&self) -> &[Line] {
        self.told.first().and_then(|told| told.still.as_ref()).map_or(&[], |still| &still.lines)
    }
}

/// What of a card an embed shows.
pub fn brief(card: &Card) -> Value {
    let Card { id, title, summary, params, sources, .. } = card;
    json!({"id": id, "title": title, "summary": summary, "params": params, "sources": sources})
}
