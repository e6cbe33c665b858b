//! The way between page and worker: `postMessage` with the message, its number, and what stands beside it.
//!
//! - page to worker: `{ ask: text, number: n, packed: true, file: Blob or undefined }`, the question as JSON
//! - worker to page: `{ answer: Uint8Array, number: n, bytes: Uint8Array or undefined }`, the answer packed; the bytes are handed
//!   over, not copied
//!
//! A program of another language that leaves `packed` out is answered in JSON text.

use crate::message::{Answer, Ask, Joining, pack, unpack};
use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent, Worker};

/// Asks the worker. Its answers carry the same number.
pub fn ask(worker: &Worker, number: u32, ask: &Ask, file: Option<&Blob>) {
    let message = message("ask", number, &json(ask));
    put(&message, "packed", &JsValue::TRUE);
    if let Some(file) = file {
        put(&message, "file", file);
    }
    let _ = worker.post_message(&message);
}

/// Calls the listener with every answer: its number, what it says, and the bytes beside it. Later calls replace the listener.
pub fn listen(worker: &Worker, mut listener: impl FnMut(u32, Answer, Option<Uint8Array>) + 'static) {
    let mut joining = Joining::default();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some((number, part_of)) = answered(&event) else { return };
        if let Some(answer) = joining.take(number, part_of) {
            listener(number, answer, part(&event, "bytes").and_then(|bytes| bytes.dyn_into().ok()));
        }
    });
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

/// What the worker is asked, and how it is to answer.
pub(crate) struct Asked {
    pub(crate) number: u32,
    pub(crate) ask: Ask,
    pub(crate) file: Option<Blob>,
    /// Whether answers are packed: else they are JSON.
    pub(crate) packed: bool,
}

/// Answers the page, with bytes beside the last message where it has some.
pub(crate) fn answer(
    scope: &DedicatedWorkerGlobalScope,
    packed: bool,
    number: u32,
    answer: &Answer,
    bytes: Option<&[u8]>,
) {
    let parts = answer.parts();
    let Some((last, first)) = parts.split_last() else { return };
    for part in first {
        send(scope, packed, number, part, None);
    }
    send(scope, packed, number, last, bytes);
}

fn send(
    scope: &DedicatedWorkerGlobalScope,
    packed: bool,
    number: u32,
    answer: &Answer,
    bytes: Option<&[u8]>,
) {
    let said = if packed { Uint8Array::from(pack(answer).as_slice()).into() } else { json(answer) };
    let message = message("answer", number, &said);
    let sent = if let Some(bytes) = bytes {
        let bytes = Uint8Array::from(bytes);
        put(&message, "bytes", &bytes);
        scope.post_message_with_transfer(&message, &Array::of1(&bytes.buffer()))
    } else {
        scope.post_message(&message)
    };
    let _ = sent;
}

/// What the page asked.
pub(crate) fn asked(event: &MessageEvent) -> Option<Asked> {
    Some(Asked {
        number: number(event)?,
        ask: serde_json::from_str(&part(event, "ask")?.as_string()?).ok()?,
        file: part(event, "file").and_then(|file| file.dyn_into().ok()),
        packed: part(event, "packed").is_some_and(|packed| packed.is_truthy()),
    })
}

/// What the worker answered.
fn answered(event: &MessageEvent) -> Option<(u32, Answer)> {
    let said: Uint8Array = part(event, "answer")?.dyn_into().ok()?;
    Some((number(event)?, unpack(&said.to_vec())?))
}

fn json(said: &impl Serialize) -> JsValue {
    serde_json::to_string(said).unwrap_or_default().into()
}

fn message(kind: &str, number: u32, said: &JsValue) -> Object {
    let message = Object::new();
    put(&message, kind, said);
    put(&message, "number", &number.into());
    message
}

fn put(message: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(message, &name.into(), value);
}

fn part(event: &MessageEvent, name: &str) -> Option<JsValue> {
    Reflect::get(&event.data(), &name.into()).ok()
}

fn number(event: &MessageEvent) -> Option<u32> {
    Some(part(event, "number")?.as_f64()? as u32)
}
