//! Requests as commands and views: who asks, whether they may, then what the row of the table says.

pub(crate) mod ask; //     commands
pub(crate) mod audit; //   a person's record is shown only after that has been recorded
mod body; //               what was sent
pub(crate) mod params; //  what the address names
pub(crate) mod show; //               views, one by one
pub(crate) mod view; //    the closed list of views, and their shapes

use crate::App;
use crate::caller;
use crate::line;
use crate::problem::Problem;
use crate::routes::{BASE, Does, Method, ROUTES, Route};
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use http::{HeaderValue, header};
use params::Params;
use room::planted;
use serde::Serialize;
use std::sync::Arc;
use view::View;

/// The router of every row of the table.
pub(crate) fn router(app: &Arc<App>) -> Router {
    ROUTES.iter().fold(Router::new(), |router, route| {
        let filter = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
        };
        let app = app.clone();
        let handler = move |request: Request| async move {
            handle(app, route, request).await.unwrap_or_else(IntoResponse::into_response)
        };
        router.route(&format!("{BASE}{}", route.path), on(filter, handler))
    })
}

async fn handle(
    app: Arc<App>,
    route: &'static Route,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = caller::of_request(&app, &parts)?;
    if let Some(action) = route.action {
        let unscoped =
            planted("unscoped_query") && matches!(route.does, Does::View { view: View::Log, .. });
        if !unscoped {
            caller::allow(&caller.by, action)?;
        }
    }
    let params = RawPathParams::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| Problem::invalid("the address is not UTF-8 text: correct it"))?;
    let params = Params::new(&params);
    match &route.does {
        Does::Command { parse, creates, .. } => {
            let body = body::read(&app, &parts.headers, body).await?;
            ask::command(&app, caller, &parts.headers, params, body, *parse, *creates).await
        }
        Does::View { view, .. } => {
            let asked = if route.method == Method::Post {
                view::Asked::Body(body::object(&body::read(&app, &parts.headers, body).await?)?)
            } else {
                view::Asked::Address(parts.uri.clone())
            };
            show::show(app, *view, caller, parts, params, asked).await
        }
        Does::Line { .. } => {
            let body = body::read(&app, &parts.headers, body).await?;
            let asked: line::Asked = ask::from_fields(body::object(&body)?)?;
            let id = ask::idempotency_key(&parts.headers)?;
            json(&line::asked(&app, &caller, &asked, id).await?)
        }
    }
}

/// An answer as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "a view could not be written as JSON");
        Problem::new(crate::Kind::Fault, "this cannot be shown: tell support")
    })?;
    let mut response = Response::new(Body::from(body));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(response)
}
