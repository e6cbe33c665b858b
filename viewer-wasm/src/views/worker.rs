//! The ends of the worker that makes views.
//!
//! - page to worker: `{ ask: text, number: n, file: Blob or undefined }`
//! - worker to page: `{ kind: word, number: n, name: text, text: text }`

use super::Ask;
use super::engine::{Engine, Reply};
use crate::file::File;
use js_sys::{Object, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// How long a step may take, in milliseconds: a question waits no longer.
const STEP: f64 = 60.0;

/// Listens to the page.
pub fn run() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let Ok(channel) = MessageChannel::new() else { return };
    let worker = Rc::new(Worker {
        engine: RefCell::default(),
        scope: scope.clone(),
        again: channel.port2(),
        stepping: Cell::new(false),
    });
    let asked = worker.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        asked.asked(&event);
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    let stepped = Closure::<dyn FnMut()>::new(move || worker.step());
    channel.port1().set_onmessage(Some(stepped.as_ref().unchecked_ref()));
    stepped.forget();
}

struct Worker {
    engine: RefCell<Engine<File>>,
    scope: DedicatedWorkerGlobalScope,
    /// A message to it brings the next step, behind the questions that wait already.
    again: MessagePort,
    /// Whether such a message is on its way.
    stepping: Cell<bool>,
}

impl Worker {
    fn asked(&self, event: &MessageEvent) -> Option<()> {
        let data = event.data();
        let part = |name: &str| Reflect::get(&data, &name.into()).ok();
        let number = part("number")?.as_f64()? as u32;
        let ask = Ask::parse(&part("ask")?.as_string()?)?;
        let file = part("file").and_then(|file| file.dyn_into().ok()).and_then(|blob| File::new(blob).ok());
        let replies = self.engine.borrow_mut().ask(number, ask, file);
        self.reply(&replies);
        self.go_on();
        Some(())
    }
    fn step(&self) {
        self.stepping.set(false);
        let performance = self.scope.performance();
        let now = || performance.as_ref().map_or(f64::MAX, web_sys::Performance::now);
        let end = now() + STEP;
        let replies = self.engine.borrow_mut().step(|| now() >= end);
        self.reply(&replies);
        self.go_on();
    }
    fn reply(&self, replies: &[Reply]) {
        for (number, told) in replies {
            let (kind, name, text) = told.parts();
            let message = Object::new();
            for (key, value) in [
                ("number", JsValue::from(*number)),
                ("kind", kind.into()),
                ("name", name.into()),
                ("text", text.into()),
            ] {
                let _ = Reflect::set(&message, &key.into(), &value);
            }
            let _ = self.scope.post_message(&message);
        }
    }
    /// Sees to it that the next step comes, if there is something to go on with.
    fn go_on(&self) {
        if self.engine.borrow().busy() && !self.stepping.get() {
            self.stepping.set(self.again.post_message(&JsValue::NULL).is_ok());
        }
    }
}
