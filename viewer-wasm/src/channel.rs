//! The way between page and worker: `postMessage` with the message, its number, and what stands beside it.
//!
//! - page to worker: `{ ask: Uint8Array, number: n, file: Blob or undefined }`
//! - worker to page: `{ answer: Uint8Array, number: n, bytes: Uint8Array or undefined }`; the bytes are handed over, not copied.

use crate::message::{Answer, Ask, Joining, pack, unpack};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent, Worker};

/// Asks the worker. Its answers carry the same number.
pub fn ask(worker: &Worker, number: u32, ask: &Ask, file: Option<&Blob>) {
    let message = message("ask", number, ask);
    if let Some(file) = file {
        put(&message, "file", file);
    }
    let _ = worker.post_message(&message);
}

/// Calls the listener with every answer: its number, what it says, and the bytes beside it. Later calls replace the listener.
pub fn listen(worker: &Worker, mut listener: impl FnMut(u32, Answer, Option<Uint8Array>) + 'static) {
    let mut joining = Joining::default();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some((number, part_of)) = read(&event, "answer") else { return };
        if let Some(answer) = joining.take(number, part_of) {
            listener(number, answer, part(&event, "bytes").and_then(|bytes| bytes.dyn_into().ok()));
        }
    });
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

/// Answers the page, with bytes beside the last message where it has some.
pub(crate) fn answer(scope: &DedicatedWorkerGlobalScope, number: u32, answer: &Answer, bytes: Option<&[u8]>) {
    let parts = answer.parts();
    let Some((last, first)) = parts.split_last() else { return };
    for part in first {
        send(scope, number, part, None);
    }
    send(scope, number, last, bytes);
}

fn send(scope: &DedicatedWorkerGlobalScope, number: u32, answer: &Answer, bytes: Option<&[u8]>) {
    let message = message("answer", number, answer);
    let sent = if let Some(bytes) = bytes {
        let bytes = Uint8Array::from(bytes);
        put(&message, "bytes", &bytes);
        scope.post_message_with_transfer(&message, &Array::of1(&bytes.buffer()))
    } else {
        scope.post_message(&message)
    };
    let _ = sent;
}

/// What the page asked, with the file beside it.
pub(crate) fn asked(event: &MessageEvent) -> Option<(u32, Ask, Option<Blob>)> {
    let (number, ask) = read(event, "ask")?;
    Some((number, ask, part(event, "file").and_then(|file| file.dyn_into().ok())))
}

fn message(kind: &str, number: u32, said: &impl serde::Serialize) -> Object {
    let message = Object::new();
    put(&message, kind, &Uint8Array::from(pack(said).as_slice()));
    put(&message, "number", &number.into());
    message
}

fn put(message: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(message, &name.into(), value);
}

fn part(event: &MessageEvent, name: &str) -> Option<JsValue> {
    Reflect::get(&event.data(), &name.into()).ok()
}

fn read<T: serde::de::DeserializeOwned>(event: &MessageEvent, kind: &str) -> Option<(u32, T)> {
    let said: Uint8Array = part(event, kind)?.dyn_into().ok()?;
    let number = part(event, "number")?.as_f64()? as u32;
    Some((number, unpack(&said.to_vec())?))
}
