//! Every address of the server, on one screen.

use actix_web::web::{self, ServiceConfig, delete, get, post, resource};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, guard};

use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::security::open;
use crate::{api, assets, discovery, embed, exports, figure, live, oembed, pages, qr, recorded, still};

/// Puts a handler at each address.
pub fn routes(app: &mut ServiceConfig) {
    app.service(at("/", READ).route(read().to(pages::catalogue)))
        .service(at("/scenarios/{id}", READ).route(read().to(pages::scenario)))
        .service(at("/runs/{run}", READ).route(read().to(pages::run)))
        .service(at("/static/{path:.*}", READ).route(read().to(assets::file)))
        .service(at("/embed/v1/host.js", READ).wrap(open()).route(read().to(embed::host)))
        .service(at("/embed/v1/text.{lang}.json", READ).wrap(open()).route(read().to(embed::text)))
        .service(at("/embed/v1/{id}/pass", READ).wrap(open()).route(read().to(embed::pass)))
        .service(at("/embed/v1/{id}/poster.{lang}.svg", READ).route(read().to(embed::poster)))
        .service(at("/embed/v1/{id}{slash:/?}", READ).route(read().to(embed::page)))
        .service(at("/api/scenarios", READ).route(read().to(api::scenarios)))
        .service(at("/api/scenarios/{id}", READ).route(read().to(api::scenario)))
        .service(at("/api/scenarios/{id}/recording", READ).wrap(open()).route(read().to(recorded::recording)))
        .service(at("/api/scenarios/{id}/poster.svg", READ).route(read().to(still::of_scenario)))
        .service(
            at(&of("/api/scenarios/{id}/recording", exports::NAMES), READ)
                .route(read().to(exports::of_scenario)),
        )
        .service(
            at(&of("/api/scenarios/{id}/recording", figure::NAMES), READ)
                .route(read().to(figure::of_scenario)),
        )
        .service(at("/api/scenarios/{id}/recording/export.html", READ).route(read().to(embed::of_scenario)))
        .service(at("/api/runs/{run}/export.html", READ).route(read().to(embed::of_run)))
        .service(at("/api/runs", "POST").route(post().to(api::start_run)))
        .service(
            at("/api/runs/{run}", STOP)
                .wrap(open())
                .route(read().to(api::run))
                .route(delete().to(api::stop_run)),
        )
        .service(at("/api/runs/{run}/events", "GET").wrap(open()).route(get().to(api::events)))
        .service(at("/api/runs/{run}/poster.svg", READ).route(read().to(still::of_run)))
        .service(at(&of("/api/runs/{run}", exports::NAMES), READ).route(read().to(exports::of_run)))
        .service(at(&of("/api/runs/{run}", figure::NAMES), READ).route(read().to(figure::of_run)))
        .service(at("/api/qr.svg", READ).route(read().to(qr::code)))
        .service(at("/oembed", READ).route(read().to(oembed::oembed)))
        .service(at("/robots.txt", READ).route(read().to(discovery::robots)))
        .service(at("/sitemap.xml", READ).route(read().to(discovery::sitemap)))
        .service(at("/ws", "GET").route(get().to(live::socket)))
        .service(at("/healthz", READ).route(read().to(api::healthz)))
        .default_service(web::to(nothing));
}

const READ: &str = "GET, HEAD";
const STOP: &str = "GET, HEAD, DELETE";

/// What of the thing at this address can be taken along, by a pattern of names.
fn of(path: &str, names: &str) -> String {
    format!("{path}/{{export:{names}}}")
}

/// An address; to other methods than these it answers with what it takes.
fn at(path: &str, methods: &'static str) -> Resource {
    let refuse = move |request: HttpRequest| async move {
        Err::<HttpResponse, _>(Problem::of(&request, Refusal::MethodNotAllowed { methods }))
    };
    resource(path).default_service(web::to(refuse))
}

/// `GET`, and `HEAD` for its headers alone.
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

async fn nothing(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem::of(&request, Refusal::NotFound))
}
