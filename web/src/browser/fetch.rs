//! The one place that asks the network for anything, for the page and for its worker.
//!
//! Only the origin that the page came from is asked, unless the reader pressed a button that named another host: that
//! host then comes along as [`Reach::Host`].

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ReferrerPolicy, RequestCredentials, RequestInit, RequestMode, Response, Url, Window,
    WorkerGlobalScope,
};

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("{address} could not be fetched: {cause}")]
    Unreachable { address: String, cause: String },
    #[error("{address}: the server answered with status {status}")]
    Status { address: String, status: u16 },
}

/// Who may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach<'a> {
    /// Where the page came from.
    Site,
    /// The host, with its port if it has one, that the button the reader pressed was labelled with.
    Host(&'a str),
}

/// The parts of an address that decide, as the browser's `URL` writes them.
#[derive(Clone, Copy, Debug)]
struct Target<'a> {
    origin: &'a str,
    protocol: &'a str,
    host: &'a str,
    hostname: &'a str,
}

impl Reach<'_> {
    fn allows(self, target: Target<'_>, own_origin: &str) -> bool {
        match self {
            // Files opened from a disk all have the origin `null`, and are not each other's.
            Self::Site => target.origin == own_origin && own_origin != "null",
            Self::Host(host) => {
                let safe = match target.protocol {
                    "https:" => true,
                    "http:" => is_this_machine(target.hostname),
                    _ => false,
                };
                safe && !host.is_empty() && target.host == host
            }
        }
    }
}

fn is_this_machine(hostname: &str) -> bool {
    matches!(hostname, "localhost" | "127.0.0.1")
}

/// Starts a request; relative addresses begin at the page or, in the worker, at its script, which lies beside it.
///
/// # Errors
/// If the address is none, or not one that `reach` allows: then nothing is sent.
pub(crate) fn start(
    address: &str,
    init: &RequestInit,
    reach: Reach<'_>,
) -> Result<Promise, JsValue> {
    let asker = Asker::here()?;
    let (own_address, own_origin) = asker.address()?;
    let url = Url::new_with_base(address, &own_address)?;
    let (origin, protocol) = (url.origin(), url.protocol());
    let (host, hostname) = (url.host(), url.hostname());
    let target = Target { origin: &origin, protocol: &protocol, host: &host, hostname: &hostname };
    if !reach.allows(target, &own_origin) {
        let message = format!("{} is not where this page may ask", url.href());
        return Err(js_sys::Error::new(&message).into());
    }
    match reach {
        // A server of the site that sends the browser elsewhere is not followed.
        Reach::Site => init.set_mode(RequestMode::SameOrigin),
        Reach::Host(_) => {
            init.set_mode(RequestMode::Cors);
            init.set_credentials(RequestCredentials::Omit);
        }
    }
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    Ok(asker.fetch(&url.href(), init))
}

/// The text at an address of the site.
pub(crate) async fn text(address: &str) -> Result<String, FetchError> {
    let unreachable = |cause: JsValue| FetchError::Unreachable {
        address: address.to_owned(),
        cause: describe(&cause),
    };
    let answer = start(address, &RequestInit::new(), Reach::Site).map_err(unreachable)?;
    let answer = JsFuture::from(answer).await.map_err(unreachable)?;
    let response: Response = answer.dyn_into().map_err(unreachable)?;
    if !response.ok() {
        return Err(FetchError::Status { address: address.to_owned(), status: response.status() });
    }
    let body = JsFuture::from(response.text().map_err(unreachable)?).await.map_err(unreachable)?;
    body.as_string().ok_or_else(|| unreachable(JsValue::from_str("not text")))
}

/// A JavaScript error in words.
pub(crate) fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_else(|| format!("{error:?}"))
}

/// Who asks: the page, or its worker.
enum Asker {
    Page(Window),
    Worker(WorkerGlobalScope),
}

impl Asker {
    fn here() -> Result<Self, JsValue> {
        match js_sys::global().dyn_into::<Window>() {
            Ok(window) => Ok(Self::Page(window)),
            Err(other) => Ok(Self::Worker(other.dyn_into::<WorkerGlobalScope>()?)),
        }
    }

    /// Its address, and the origin of that.
    fn address(&self) -> Result<(String, String), JsValue> {
        match self {
            Self::Page(window) => Ok((window.location().href()?, window.location().origin()?)),
            Self::Worker(scope) => Ok((scope.location().href(), scope.location().origin())),
        }
    }

    fn fetch(&self, address: &str, init: &RequestInit) -> Promise {
        match self {
            Self::Page(window) => window.fetch_with_str_and_init(address, init),
            Self::Worker(scope) => scope.fetch_with_str_and_init(address, init),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://example.org";

    /// The address `protocol//host/…`.
    fn target(origin: &'static str) -> Target<'static> {
        let (protocol, host) = origin.split_once("//").unwrap();
        let hostname = host.split(':').next().unwrap();
        Target { origin, protocol, host, hostname }
    }

    #[test]
    fn without_a_button_only_the_own_origin_is_asked() {
        assert!(Reach::Site.allows(target(OWN), OWN));
        for other in [
            "http://example.org",
            "https://example.org:8443",
            "https://example.com",
            "https://sub.example.org",
            "http://localhost",
            "http://127.0.0.1:11434",
        ] {
            assert!(!Reach::Site.allows(target(other), OWN), "{other}");
        }
        let data = Target { origin: "null", protocol: "data:", host: "", hostname: "" };
        assert!(!Reach::Site.allows(data, OWN) && !Reach::Site.allows(data, "null"));
    }

    #[test]
    fn a_button_opens_its_own_host_and_no_other() {
        let hub = Reach::Host("models.example.com");
        assert!(hub.allows(target("https://models.example.com"), OWN));
        for other in [
            "http://models.example.com",
            "https://models.example.com:444",
            "https://models.example.com.evil.net",
            "https://evil.net",
            OWN,
        ] {
            assert!(!hub.allows(target(other), OWN), "{other}");
        }
        assert!(
            !Reach::Host("")
                .allows(Target { origin: "null", protocol: "https:", host: "", hostname: "" }, OWN)
        );
    }

    #[test]
    fn unencrypted_only_on_this_machine() {
        for local in ["localhost:11434", "127.0.0.1:8080"] {
            let address: &'static str = format!("http://{local}").leak();
            assert!(Reach::Host(local).allows(target(address), OWN), "{local}");
        }
        let neighbour = Reach::Host("192.168.0.2:8080");
        assert!(!neighbour.allows(target("http://192.168.0.2:8080"), OWN));
        assert!(!Reach::Host("localhost").allows(target("ftp://localhost"), OWN));
    }
}
