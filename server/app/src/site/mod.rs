//! The playground as plain files, for any host of files: the catalogue and an embed of each scenario that has a
//! recorded run, with the run in it.
//!
//! All addresses in it are relative, so it works below any path, and from a disk. The modules of the embed are one
//! classic script beside its pages: in a sandboxed frame a page has no origin, and hosts of files seldom allow
//! modules to such a page. Who runs things live is a server that may be named; none is asked before a reader
//! presses Run.
//!
//! A folder that it made has a list of its files in it ([`folder`]); it is written anew only into such a one.

mod folder;
mod page;

use std::io;
use std::path::Path;

use protocol::Lang;

use crate::assets;
use crate::catalogue::Catalogue;
use crate::embed::{self, Offline};
use crate::pages;
use crate::still;
use crate::text::Texts;

use folder::Folder;
pub use folder::NotOurs;

/// What was written.
pub struct Written {
    /// How many scenarios have an embed.
    pub scenarios: usize,
    /// How many files there are.
    pub files: usize,
}

/// Writes the site into a folder. `server` is the address of one that runs things, with a slash at its end.
///
/// # Errors
/// The folder has something else in it ([`NotOurs`]), or cannot be written.
pub fn write(catalogue: &Catalogue, dir: &Path, server: Option<&str>) -> io::Result<Written> {
    let texts = Texts::load();
    let mut folder = Folder::open(dir)?;
    catalogue_pages(catalogue, &texts, &mut folder)?;
    shared_files(&mut folder)?;
    let scenarios = embeds(catalogue, &texts, server, &mut folder)?;
    Ok(Written { scenarios, files: folder.close()? })
}

/// In Chinese at the top, in English beside it.
fn catalogue_pages(catalogue: &Catalogue, texts: &Texts, folder: &mut Folder) -> io::Result<()> {
    let with_recordings = Catalogue {
        cards: catalogue.cards.iter().filter(|card| has_recording(catalogue, &card.id)).cloned().collect(),
        recordings: catalogue.recordings.clone(),
        ..Catalogue::default()
    };
    for (lang, path, up) in [(Lang::Zh, "index.html", ""), (Lang::En, "en/index.html", "../")] {
        let html = pages::catalogue_page(&with_recordings, lang, texts.of(lang), None);
        folder.put(path, page::relative(&html, lang, up).map_err(io::Error::other)?)?;
    }
    Ok(())
}

fn has_recording(catalogue: &Catalogue, id: &str) -> bool {
    catalogue.recordings.contains_key(id)
}

/// What the pages load, below the version that is in their addresses, and the script for pages around an embed.
fn shared_files(folder: &mut Folder) -> io::Result<()> {
    let entry = "pages/catalogue.js";
    let modules =
        assets::needed(entry).into_iter().chain([assets::href(entry), assets::href("pages/theme.js")]);
    for href in modules {
        let path = assets::path(&href);
        folder.put(href.trim_start_matches('/'), assets::script(path))?;
    }
    for path in ["pages/catalogue.css", "pages/embed.css", "style/dark.css"] {
        folder.put(assets::href(path).trim_start_matches('/'), assets::sheet(path))?;
    }
    let icon = "style/icon.svg";
    folder.put(assets::href(icon).trim_start_matches('/'), assets::script(icon))?;
    let theme = "pages/embed/theme.js";
    folder.put(assets::href(theme).trim_start_matches('/'), assets::script(theme))?;
    folder.put(embed::script_href().trim_start_matches('/'), embed::script())?;
    folder.put("embed/v1/host.js", assets::script("pages/embed/host.js"))
}

/// A folder for each scenario: the embed, its recorded run, its pictures.
fn embeds(
    catalogue: &Catalogue,
    texts: &Texts,
    server: Option<&str>,
    folder: &mut Folder,
) -> io::Result<usize> {
    let recorded =
        catalogue.cards.iter().filter_map(|card| Some((card, catalogue.recordings.get(&card.id)?)));
    let mut written = 0;
    for (card, recording) in recorded {
        let at = format!("embed/v1/{}", card.id);
        let offline = Offline { card, recording, texts };
        folder.put(&format!("{at}/index.html"), offline.among_files(server))?;
        folder.put(&format!("{at}/recording.ndjson"), recording.log())?;
        for lang in [Lang::Zh, Lang::En] {
            let text = texts.of(lang);
            let picture = recording.poster(lang, |story| still::draw(story, card.title.get(lang), text));
            folder.put(&format!("{at}/poster.{}.svg", lang.tag()), picture)?;
        }
        written += 1;
    }
    Ok(written)
}
