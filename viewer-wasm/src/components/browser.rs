//! What the page does to the browser: clipboard, storage, address, files of the host.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Document, Element, HtmlElement, HtmlTextAreaElement, Response, Url, Window};

/// Where the settings are stored, and what stays beside them.
pub(crate) const SETTINGS: &str = "sctpdump";
pub(crate) const KEPT: &str = "sctpdump.kept";

/// The window.
pub(crate) fn window() -> Window {
    web_sys::window().expect_throw("the page runs in a window")
}

/// The document.
pub(crate) fn document() -> Document {
    window().document().expect_throw("the window has a document")
}

/// Calls a function after so many milliseconds.
pub(crate) fn later(milliseconds: i32, call: impl FnOnce() + 'static) {
    let call = Closure::once_into_js(call);
    let _ =
        window().set_timeout_with_callback_and_timeout_and_arguments_0(call.unchecked_ref(), milliseconds);
}

/// Whether the page may take the focus: in a frame, only where it has it already.
pub(crate) fn may_focus() -> bool {
    let framed = window().parent().is_ok_and(|parent| parent.is_some_and(|parent| parent != window()));
    !framed || document().has_focus().unwrap_or(true)
}

/// Puts the focus on an element, without scrolling to it.
pub(crate) fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// What was stored under a name. Where the browser keeps nothing, there is nothing.
pub(crate) fn stored(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Stores something under a name, where the browser keeps it.
pub(crate) fn store(name: &str, text: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, text);
    }
}

/// The address's fragment.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Puts a fragment into the address, without a further entry in the history.
pub(crate) fn set_fragment(fragment: &str) {
    let address = if fragment.is_empty() { " ".to_owned() } else { format!("#{fragment}") };
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address.trim()));
    }
}

/// Whether a media query holds; calls the listener when that changes.
pub(crate) fn media(query: &str, mut listener: impl FnMut(bool) + 'static) -> bool {
    let Ok(Some(list)) = window().match_media(query) else { return false };
    let changed = Closure::<dyn FnMut(web_sys::MediaQueryListEvent)>::new(
        move |event: web_sys::MediaQueryListEvent| listener(event.matches()),
    );
    let _ = list.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
    changed.forget();
    list.matches()
}

/// Writes a text to the clipboard, and says whether that worked.
pub(crate) async fn copy(text: String) -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or_default();
    let write = Reflect::get(&clipboard, &"writeText".into())
        .ok()
        .and_then(|write| write.dyn_into::<Function>().ok());
    if let Some(write) = write
        && let Ok(promise) = write.call1(&clipboard, &text.as_str().into())
        && JsFuture::from(js_sys::Promise::resolve(&promise)).await.is_ok()
    {
        return true;
    }
    copy_by_hand(&text)
}

/// Pages of a plain LAN host may not write to the clipboard; selecting and copying works everywhere.
fn copy_by_hand(text: &str) -> bool {
    let document = document();
    let Some(area) =
        document.create_element("textarea").ok().and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok())
    else {
        return false;
    };
    let (Some(body), before) = (document.body(), document.active_element()) else { return false };
    area.set_value(text);
    let _ = area.set_attribute("class", "unseen");
    let _ = body.append_child(&area);
    area.select();
    let copy =
        Reflect::get(&document, &"execCommand".into()).ok().and_then(|copy| copy.dyn_into::<Function>().ok());
    let copied = copy
        .and_then(|copy| copy.call1(&document, &"copy".into()).ok())
        .is_some_and(|copied| copied.is_truthy());
    area.remove();
    if let Some(before) = before.and_then(|before| before.dyn_into::<HtmlElement>().ok()) {
        focus(&before);
    }
    copied
}

/// Lets the browser save a file of these pieces.
pub(crate) fn save(pieces: &js_sys::Array, name: &str) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/vnd.tcpdump.pcap");
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let (Some(link), Ok(blob)) = (link, Blob::new_with_blob_sequence_and_options(pieces, &options)) else {
        return;
    };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser may begin only after this.
    later(60_000, move || drop(Url::revoke_object_url(&address)));
}

/// Fetches a file of the page's own host: its bytes and its name, or why not.
pub(crate) async fn fetch(file: String) -> Result<(Blob, String), String> {
    let no = |why: &str| Err(format!("The file of the link, {file}, can't be opened: {why}"));
    let location = window().location();
    let (Ok(here), Ok(origin)) = (location.href(), location.origin()) else {
        return no("the page has no address");
    };
    let Ok(url) = Url::new_with_base(&file, &here) else { return no("that is no address") };
    if url.protocol() == "file:" {
        return no(
            "a page opened from a folder reads no other file. Open it with the button, or drop it on the page.",
        );
    }
    if url.origin() != origin {
        return no("links lead to files of the page's own host only.");
    }
    let response = match JsFuture::from(window().fetch_with_str(&url.href())).await {
        Ok(response) => response.unchecked_into::<Response>(),
        Err(_) => return no("the host does not answer."),
    };
    if !response.ok() {
        return no(&format!("the host says {} {}.", response.status(), response.status_text()));
    }
    let blob = match response.blob() {
        Ok(blob) => JsFuture::from(blob).await,
        Err(error) => Err(error),
    };
    let Ok(blob) = blob else { return no("it broke off while it was fetched.") };
    let path = url.pathname();
    let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("capture");
    let name = js_sys::decode_uri_component(name).map_or(name.to_owned(), String::from);
    Ok((blob.unchecked_into(), name))
}

/// Loads a file of the page itself by the function that `boot.js` gave: its text, or why not.
pub(crate) async fn load(load: &Function, name: &str) -> Result<String, String> {
    let words = |error: JsValue| {
        let error = error.dyn_into::<js_sys::Error>().map(|error| String::from(error.message()));
        error.unwrap_or_else(|_| "the host does not answer".to_owned())
    };
    let promise = load.call1(&JsValue::NULL, &name.into()).map_err(words)?;
    let text = JsFuture::from(js_sys::Promise::resolve(&promise)).await.map_err(words)?;
    text.as_string().ok_or_else(|| "it is no text".to_owned())
}

/// The nearest element around an event's target that a selector holds for.
pub(crate) fn closest(event: &web_sys::Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}

/// A number in an attribute of the nearest element around an event's target that has it.
pub(crate) fn number<T: std::str::FromStr>(event: &web_sys::Event, attribute: &str) -> Option<T> {
    closest(event, &format!("[{attribute}]"))?.get_attribute(attribute)?.parse().ok()
}
