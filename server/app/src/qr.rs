//! `GET /api/qr.svg?url=…`: a QR code (ISO/IEC 18004) of one of our own addresses, made here, so that showing one
//! tells nobody else which.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;

use crate::origin;
use crate::problem::Problem;
use crate::recorded::tagged;
use crate::refusal::{FieldFault, Refusal};
use crate::state::State;

/// The white around a code that readers need, in modules (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;
/// As long as an address of ours ever is.
const LONGEST: usize = 1_000;

/// What is asked.
#[derive(Deserialize)]
pub struct Asked {
    url: String,
}

/// The code of an address of ours; that of another's is refused.
pub async fn code(
    asked: HttpRequest,
    query: Option<Query<Asked>>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let url = query.map(|query| query.into_inner().url).unwrap_or_default();
    let is_own = url.len() <= LONGEST && origin::path_here(&asked, &state, &url).is_some();
    let drawn = is_own.then(|| svg(&url)).flatten();
    let fault = || FieldFault::Wrong { value: url.clone().into(), wanted: "wanted.own_url" };
    let svg = drawn.ok_or_else(|| Problem::of(&asked, Refusal::field("url", fault())))?;
    Ok(tagged(&asked, "image/svg+xml", &svg))
}

/// Dark modules of a row that touch are one stroke. Black on white, for cameras do not care about themes.
fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colours) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                path += &format!("M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    let side = width + 2 * QUIET;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three finders stand in their corners, within the white that they need.
    #[test]
    fn a_code_has_its_finders_and_its_margin() {
        let svg = svg("https://playground.example/scenarios/pool").unwrap();
        assert!(svg.contains("viewBox=\"0 0 37 37\""), "{svg}");
        for finder in ["M4 4h7v1", "M26 4h7v1", "M4 26h7v1"] {
            assert!(svg.contains(finder), "{finder}: {svg}");
        }
    }
}
