//! Serves the built page and the models on this machine only.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use anyhow::{Context, Result, bail};
use axum::{
    Router,
    handler::HandlerWithoutStateExt,
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use tower_http::services::ServeDir;

use crate::{build, cli::Selection, models, paths::Paths};

const FIRST_PORT: u16 = 8080;
const LAST_PORT: u16 = 8099;
/// The page's own policy (the one `index.html` has), and what only a header can say. Scripts, styles, pictures and
/// workers are the site's; requests may leave for `https:` and this machine, which the page does only after a button
/// that names the host.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
    style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self' https: http://localhost:* http://127.0.0.1:*; object-src 'none'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
const HEADERS: [(&str, &str); 3] = [
    // A browser may keep a file, but asks first whether it is still the same.
    ("cache-control", "no-cache"),
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
];

/// Sets up, builds and serves until it is stopped. The models that do not come with the site are fetched meanwhile.
///
/// # Errors
/// If one of the steps fails, a model is unknown, or the port is taken. A download that fails is only told.
pub(crate) fn run(
    paths: &Paths,
    port: Option<u16>,
    selection: &Selection,
    dev: bool,
) -> Result<()> {
    // What was typed wrong is better known before the build than after it.
    models::selected(paths, selection)?;
    if port.is_some() {
        drop(listen(port)?);
    }
    build::run(paths, dev)?;
    let listener = listen(port)?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let fetching = Arc::new(AtomicBool::new(true));
    let router = router(paths, Arc::clone(&fetching));
    println!("\nGlassbox is at http://{address}/ (Ctrl+C stops it)");
    thread::scope(|scope| {
        scope.spawn(|| fetch(paths, selection, &fetching));
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        })
    })?;
    Ok(())
}

/// Fetches models while the page is already served. `fetching` becomes false at the end.
fn fetch(paths: &Paths, selection: &Selection, fetching: &AtomicBool) {
    if let Err(error) = models::run(paths, selection) {
        eprintln!(
            "\nerror: {error:#}\nThe page works with the models that are there; `cargo xtask models` tries again."
        );
    }
    fetching.store(false, Ordering::Relaxed);
}

/// The page's files, and the fetched models beside them.
fn router(paths: &Paths, fetching: Arc<AtomicBool>) -> Router {
    let absent = move || {
        let response = absent(fetching.load(Ordering::Relaxed));
        async move { response }
    };
    let weights = ServeDir::new(paths.models().join("weights")).fallback(absent.into_service());
    Router::new()
        .nest_service("/weights", weights)
        .fallback_service(ServeDir::new(paths.site()))
        .layer(middleware::map_response(add_headers))
}

/// The answer for a model file that is not there: it may still come.
fn absent(fetching: bool) -> Response {
    if !fetching {
        return StatusCode::NOT_FOUND.into_response();
    }
    let text = "This file is not there yet: models are being fetched. The console shows how far they are.\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "10")], text).into_response()
}

async fn add_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Listens on the given port, or on the first free one.
fn listen(port: Option<u16>) -> Result<TcpListener> {
    let bind = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    if let Some(port) = port {
        return match bind(port) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                bail!(
                    "port {port} is taken: stop the program that uses it, or choose another with --port"
                )
            }
            listener => listener.with_context(|| format!("port {port} cannot be opened")),
        };
    }
    for port in FIRST_PORT..=LAST_PORT {
        match bind(port) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                println!("Port {port} is taken, trying the next one");
            }
            listener => return listener.with_context(|| format!("port {port} cannot be opened")),
        }
    }
    bail!("ports {FIRST_PORT} to {LAST_PORT} are all taken: choose another with --port")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told_plainly() {
        let taken = listen(Some(0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let message = listen(Some(port)).unwrap_err().to_string();
        assert!(message.starts_with(&format!("port {port} is taken")), "{message}");
    }

    #[test]
    fn a_model_that_is_being_fetched_is_not_denied() {
        let response = absent(true);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key(header::RETRY_AFTER));
        assert_eq!(absent(false).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn only_this_machine_is_served() {
        assert!(listen(Some(0)).unwrap().local_addr().unwrap().ip().is_loopback());
    }

    #[test]
    fn only_requests_may_leave_and_only_encrypted_or_to_this_machine() {
        for directive in POLICY.split(';') {
            let mut words = directive.split_whitespace();
            let name = words.next().unwrap();
            let outside = ["https:", "http://localhost:*", "http://127.0.0.1:*"];
            for source in words {
                let local = source.starts_with('\'') || ["data:", "blob:"].contains(&source);
                let leaves = name == "connect-src" && outside.contains(&source);
                assert!(local || leaves, "{directive}");
            }
        }
        assert!(!POLICY.contains("'unsafe-eval'") && !POLICY.contains("'unsafe-inline'"));
    }

    #[test]
    fn the_page_has_the_same_policy() {
        let page = include_str!("../../../index.html");
        let (own, ancestors) = POLICY.rsplit_once("; ").unwrap();
        assert!(ancestors.starts_with("frame-ancestors"), "a page cannot say who may frame it");
        assert!(page.contains(&format!("content=\"{own}\"")), "index.html lacks {own:?}");
    }
}
