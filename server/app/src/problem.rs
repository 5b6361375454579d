//! A refusal on its way out by HTTP.
//!
//! It goes as `application/problem+json` (RFC 9457), or as a page where a person's
//! browser asked for one, in the reader's language.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use protocol::{Lang, socket};
use serde_json::{Value, json};

use crate::refusal::Refusal;
use crate::state::State;
use crate::{lang, pages};

/// A [`Refusal`] on its way out by HTTP, in the language and form that were asked for.
#[derive(Debug)]
pub struct Problem {
    refusal: Refusal,
    told: Box<socket::Problem>,
    lang: Lang,
    page: Option<String>,
}

impl Problem {
    /// The answer to a request: a page where it comes from a person's address bar.
    pub fn of(request: &HttpRequest, refusal: Refusal) -> Self {
        let lang = lang::of(request);
        let state = request.app_data::<web::Data<State>>().expect("every route has the state");
        let told = Box::new(refusal.told(state.texts.of(lang), lang));
        let page = wants_page(request).then(|| pages::problem(state, lang, refusal.status(), &told.message));
        Problem { refusal, told, lang, page }
    }

    fn json(&self) -> Value {
        let status = self.refusal.status();
        let mut json = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "code": self.told.code,
            "detail": self.told.message,
        });
        if !self.told.fields.is_empty() {
            json["fields"] = json!(self.told.fields);
        }
        json
    }
}

/// A browser's own navigation says that it would like HTML; the API never gives any.
fn wants_page(request: &HttpRequest) -> bool {
    let accepts = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    !request.path().starts_with("/api/") && accepts.is_some_and(|kinds| kinds.contains("text/html"))
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.told.message)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.refusal.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response
            .insert_header((CONTENT_LANGUAGE, self.lang.tag()))
            .insert_header((VARY, "Accept, Accept-Language"))
            .insert_header((CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.refusal.retry_after_s() {
            response.insert_header((RETRY_AFTER, seconds));
        }
        match self.refusal {
            Refusal::MethodNotAllowed { methods } => drop(response.insert_header((ALLOW, methods))),
            Refusal::MissingToken => drop(response.insert_header((WWW_AUTHENTICATE, "Bearer"))),
            _ => {}
        }
        match &self.page {
            Some(page) => response.content_type("text/html; charset=utf-8").body(page.clone()),
            None => response.content_type("application/problem+json").body(self.json().to_string()),
        }
    }
}
