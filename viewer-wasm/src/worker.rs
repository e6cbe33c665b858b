//! The worker's ends: messages, and steps that let questions in between.

use crate::channel::{self, Asked};
use crate::engine::{Engine, Reply};
use crate::file::File;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// How long a step may take, in milliseconds: a question waits no longer.
const STEP: f64 = 30.0;

/// Listens to the page.
pub fn run() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let Ok(channel) = MessageChannel::new() else { return };
    let worker = Rc::new(Worker {
        engine: RefCell::default(),
        scope: scope.clone(),
        again: channel.port2(),
        stepping: Cell::new(false),
        packed: Cell::new(false),
    });
    let asked = worker.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| asked.asked(&event));
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
    /// Whether who asks wants answers packed.
    packed: Cell<bool>,
}

impl Worker {
    fn asked(&self, event: &MessageEvent) {
        let Some(Asked { number, ask, file, packed }) = channel::asked(event) else { return };
        self.packed.set(packed);
        let file = file.and_then(|blob| File::new(blob).ok());
        let replies = self.engine.borrow_mut().ask(number, ask, file);
        self.reply(&replies);
        self.go_on();
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
        for reply in replies {
            let Reply { number, answer, bytes } = reply;
            channel::answer(&self.scope, self.packed.get(), *number, answer, bytes.as_deref());
        }
    }
    /// Sees to it that the next step comes, if there is something to go on with.
    fn go_on(&self) {
        if self.engine.borrow().busy() && !self.stepping.get() {
            self.stepping.set(self.again.post_message(&JsValue::NULL).is_ok());
        }
    }
}
