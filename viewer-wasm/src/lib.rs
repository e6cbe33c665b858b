//! The browser's side of sctpdump. One WebAssembly module is started twice, as the page and as the worker that reads captures:
//! [`message`] is all that these two say to each other. A second one, built with the feature `reports`, is started as a worker
//! of its own when somebody wants to see what a capture's associations and calls did: [`views`].

#[cfg(all(target_arch = "wasm32", not(feature = "reports")))]
pub mod channel;
#[cfg(all(target_arch = "wasm32", not(feature = "reports")))]
pub mod components;
pub mod engine;
#[cfg(target_arch = "wasm32")]
mod file;
pub mod message;
pub mod model;
pub mod state;
pub mod views;
#[cfg(all(target_arch = "wasm32", not(feature = "reports")))]
pub mod worker;

#[cfg(all(target_arch = "wasm32", not(feature = "reports")))]
pub mod start {
    //! What `boot.js` and `worker.js` call.

    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the page, with the worker that `boot.js` made, the function that loads what is needed later, the one that starts a
    /// further worker, and the capture to open first.
    #[wasm_bindgen]
    pub fn page(
        worker: web_sys::Worker,
        load: js_sys::Function,
        start: js_sys::Function,
        file: Option<web_sys::File>,
    ) {
        crate::components::run(worker, load, start, file);
    }

    /// Starts the worker.
    #[wasm_bindgen]
    pub fn worker() {
        crate::worker::run();
    }
}

#[cfg(all(target_arch = "wasm32", feature = "reports"))]
pub mod start {
    //! What `worker.js` calls.

    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the worker that makes reports.
    #[wasm_bindgen]
    pub fn worker() {
        crate::views::worker::run();
    }
}
