//! Time in a worker, and making way for messages.

use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use super::js;

/// Milliseconds since the worker started.
pub(super) fn now() -> f64 {
    js::scope().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// Waits.
pub(super) async fn wait(milliseconds: u32) {
    TimeoutFuture::new(milliseconds).await;
}

/// Lets messages that have arrived be read. A message to oneself, since browsers stretch a repeated
/// timeout of 0 to 4 ms (HTML, timer initialisation steps), which is longer than a small model's token.
pub(super) async fn pause() {
    let Ok(channel) = MessageChannel::new() else { return wait(0).await };
    let (receiver, sender) = (channel.port1(), channel.port2());
    let arrived = Promise::new(&mut |resolve, _reject| receiver.set_onmessage(Some(&resolve)));
    if sender.post_message(&JsValue::NULL).is_err() {
        return wait(0).await;
    }
    // The promise is never rejected.
    JsFuture::from(arrived).await.ok();
    receiver.close();
}
