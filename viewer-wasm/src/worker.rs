//! The worker: reads captures and answers the page.

use crate::channel;
use crate::message::Answer;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Listens to the page.
pub fn run() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let ear = scope.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some((number, _, _)) = channel::asked(&event) {
            let sentence = "the worker can't do this yet".to_owned();
            channel::answer(&scope, number, &Answer::Failed { sentence }, None);
        }
    });
    ear.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}
