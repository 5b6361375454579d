//! `export-site`: the catalogue and its embeds as plain files.

use std::process::ExitCode;

use app::site;

use crate::cli::ExportSite;
use crate::here::Place;
use crate::run::print_or_exit;
use crate::usage;

/// Writes the site; says how much there is. A program in Python is shown whether or not this host can run it.
pub fn export_site(arguments: &ExportSite) -> ExitCode {
    let ExportSite { dir, server, sources } = arguments;
    let place = match Place::make(sources) {
        Ok(place) => place,
        Err(message) => return usage(message),
    };
    place.faults().for_each(|fault| eprintln!("{fault}"));
    let catalogue = place.catalogue(&place.python(sources));
    match site::write(&catalogue, dir, server.as_deref()) {
        Ok(site::Written { scenarios, files }) => {
            let dir = dir.display();
            print_or_exit(&format!("{dir}: {scenarios} scenarios, {files} files\n"))
        }
        Err(error) if error.get_ref().is_some_and(|inner| inner.is::<site::NotOurs>()) => usage(error),
        Err(error) => {
            eprintln!("process-playground: {}: {error}", dir.display());
            ExitCode::FAILURE
        }
    }
}
