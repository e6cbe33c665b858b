//! The page: a component a file. What they show is the state's; what happens becomes an action.

mod app;
mod browser;
mod bytes;
mod dialogs;
mod events;
mod explain;
mod filter_bar;
mod find_bar;
mod icons;
mod menu;
mod packet_list;
mod rules;
mod splitter;
mod start;
mod status;
mod toolbar;
mod tree;
mod views;

use crate::state::Action;
use yew::prelude::*;

/// Takes what happens.
pub(crate) type Dispatch = Callback<Action>;

/// Draws the page into the document and asks the worker what it shows.
pub fn run(
    worker: web_sys::Worker,
    load: js_sys::Function,
    start: js_sys::Function,
    file: Option<web_sys::File>,
) {
    if let Some(root) = root() {
        let _ = root.remove_attribute("aria-busy");
        root.set_text_content(None);
        yew::Renderer::<app::App>::with_root_and_props(root, app::Props { worker, load, start, file })
            .render();
    }
}

fn root() -> Option<web_sys::Element> {
    browser::document().get_element_by_id("page")
}
