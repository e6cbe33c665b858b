//! What happens anywhere on the page: keys, dropping, pasting, other addresses, panes of other sizes.

use super::app::{App, Msg};
use super::browser;
use super::dialogs::is_open;
use super::packet_list::HEAD;
use crate::model::keys::{self, Command, Key};
use crate::state::{Action, Pane};
use wasm_bindgen::prelude::*;
use web_sys::{
    ClipboardEvent, DataTransfer, Element, EventTarget, File, ResizeObserver, ResizeObserverEntry,
};
use yew::prelude::*;

fn pane_name(name: &str) -> Option<Pane> {
    match name {
        "list" => Some(Pane::List),
        "tree" => Some(Pane::Tree),
        "bytes" => Some(Pane::Bytes),
        _ => None,
    }
}

/// What a key event does, and in which pane.
fn command_of(event: &KeyboardEvent) -> Option<(Command, Option<Pane>)> {
    if is_open() {
        return None;
    }
    let typing = browser::closest(event, "input, textarea, select").is_some();
    let pane =
        browser::closest(event, "[data-pane]").and_then(|pane| pane_name(&pane.get_attribute("data-pane")?));
    let (key, code) = (event.key(), event.code());
    // With Alt, some keyboards give other signs for digits and letters.
    let plain = code.strip_prefix("Digit").or(code.strip_prefix("Key")).filter(|_| event.alt_key());
    let key = Key {
        key: plain.unwrap_or(&key),
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    };
    let command = keys::command(&key, typing, pane)?;
    let of_pane = matches!(command, Command::Pages(_) | Command::First | Command::Last | Command::Menu);
    if of_pane && pane.is_none() {
        return None;
    }
    // A page's own selection is copied by the browser.
    if command == Command::Copy {
        let selection = browser::window().get_selection().ok().flatten();
        if pane.is_none() || selection.is_some_and(|selection| !selection.is_collapsed()) {
            return None;
        }
    }
    Some((command, pane))
}

fn first_file(data: Option<DataTransfer>) -> Option<File> {
    data?.files()?.item(0)
}

/// Hears of the sizes of the panes it is told to observe.
pub(super) fn sizes(link: &html::Scope<App>) -> ResizeObserver {
    let link = link.clone();
    let heard = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        for entry in entries.iter() {
            let Ok(entry) = entry.dyn_into::<ResizeObserverEntry>() else { continue };
            if let Some(action) = resized(&entry.target()) {
                link.send_message(Msg::Do(action));
            }
        }
    });
    let sizes = ResizeObserver::new(heard.as_ref().unchecked_ref());
    heard.forget();
    sizes.expect_throw("a current browser is needed")
}

/// What a pane that has another size tells.
fn resized(element: &Element) -> Option<Action> {
    let pane = pane_name(&element.get_attribute("data-pane")?)?;
    let height = f64::from(element.client_height());
    let narrow = element.query_selector(".head").ok().flatten().is_none_or(|head| head.client_height() == 0);
    let height = if pane == Pane::List && !narrow { height - HEAD } else { height };
    Some(Action::Resized(pane, height.max(0.0)))
}

/// Listens to what happens anywhere on the page.
pub(super) fn listen(link: &html::Scope<App>) {
    fn on<E: wasm_bindgen::convert::FromWasmAbi + 'static>(
        target: &EventTarget,
        name: &str,
        call: impl FnMut(E) + 'static,
    ) {
        let heard = Closure::<dyn FnMut(E)>::new(call);
        let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        heard.forget();
    }
    let (document, window) = (browser::document(), browser::window());
    let to = link.clone();
    on(&document, "keydown", move |event: KeyboardEvent| {
        if let Some((command, pane)) = command_of(&event) {
            event.prevent_default();
            to.send_message(Msg::Key(command, pane));
        }
    });
    let to = link.clone();
    on(&document, "dragover", move |event: DragEvent| {
        event.prevent_default();
        to.send_message(Msg::Dragged(true));
    });
    let to = link.clone();
    on(&document, "dragleave", move |event: DragEvent| {
        if event.related_target().is_none() {
            to.send_message(Msg::Dragged(false));
        }
    });
    let to = link.clone();
    on(&document, "drop", move |event: DragEvent| {
        event.prevent_default();
        to.send_message(Msg::Dragged(false));
        if let Some(file) = first_file(event.data_transfer()) {
            let name = file.name();
            to.send_message(Msg::File(file.into(), name, false));
        }
    });
    let to = link.clone();
    on(&document, "paste", move |event: ClipboardEvent| {
        if is_open() || browser::closest(&event, "input, textarea").is_some() {
            return;
        }
        event.prevent_default();
        let data = event.clipboard_data();
        if let Some(file) = first_file(data.clone()) {
            let name = file.name();
            to.send_message(Msg::File(file.into(), name, false));
        } else if let Some(text) =
            data.and_then(|data| data.get_data("text/plain").ok()).filter(|text| !text.trim().is_empty())
        {
            to.send_message(Msg::Do(Action::OpenText(text)));
        }
    });
    let to = link.clone();
    on(&window, "hashchange", move |_: Event| {
        to.send_message(Msg::Do(Action::Fragment(browser::fragment())));
    });
}
