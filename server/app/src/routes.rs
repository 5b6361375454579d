//! Every address of the server, on one screen.

use actix_web::web::{self, ServiceConfig, delete, get, post, resource};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, guard};

use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::{api, assets, live, pages};

/// Puts a handler at each address.
pub fn routes(app: &mut ServiceConfig) {
    app.service(at("/").route(read().to(pages::catalogue)))
        .service(at("/scenarios/{id}").route(read().to(pages::scenario)))
        .service(at("/runs/{run}").route(read().to(pages::run)))
        .service(at("/static/{path:.*}").route(read().to(assets::file)))
        .service(at("/api/scenarios").route(read().to(api::scenarios)))
        .service(at("/api/scenarios/{id}").route(read().to(api::scenario)))
        .service(at("/api/runs").route(post().to(api::start_run)))
        .service(at("/api/runs/{run}").route(read().to(api::run)).route(delete().to(api::stop_run)))
        .service(at("/api/runs/{run}/events").route(get().to(api::events)))
        .service(at("/ws").route(get().to(live::socket)))
        .service(at("/healthz").route(read().to(api::healthz)))
        .default_service(web::to(nothing));
}

/// An address; what it does not answer to is told.
fn at(path: &str) -> Resource {
    resource(path).default_service(web::to(wrong_method))
}

/// `GET`, and `HEAD` for its headers alone.
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

async fn nothing(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem::of(&request, Refusal::NotFound))
}

async fn wrong_method(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem::of(&request, Refusal::MethodNotAllowed))
}
