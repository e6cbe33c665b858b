//! The browser's side of sctpdump: one WebAssembly module, started twice, as the page and as its worker.
//!
//! The page shows, the worker reads: [`message`] is all that they say to each other.

#[cfg(target_arch = "wasm32")]
pub mod channel;
#[cfg(target_arch = "wasm32")]
pub mod components;
pub mod engine;
pub mod message;
pub mod model;
pub mod state;
#[cfg(target_arch = "wasm32")]
pub mod worker;

#[cfg(target_arch = "wasm32")]
pub mod start {
    //! What `boot.js` and `worker.js` call.

    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the page, with the worker that `boot.js` made, the function that loads what is needed later, and the capture to
    /// open first.
    #[wasm_bindgen]
    pub fn page(worker: web_sys::Worker, load: js_sys::Function, file: Option<web_sys::File>) {
        crate::components::run(worker, load, file);
    }

    /// Starts the worker.
    #[wasm_bindgen]
    pub fn worker() {
        crate::worker::run();
    }
}
