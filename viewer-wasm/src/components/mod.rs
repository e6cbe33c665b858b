//! The page.

use yew::prelude::*;

/// Draws the page into the document and asks the worker what it shows.
pub fn run(worker: web_sys::Worker) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("page"));
    if let Some(root) = root {
        let _ = root.remove_attribute("aria-busy");
        root.set_text_content(None);
        yew::Renderer::<Page>::with_root_and_props(root, PageProps { worker }).render();
    }
}

/// What the page is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PageProps {
    /// Who reads captures.
    pub worker: web_sys::Worker,
}

/// The page.
#[component]
pub fn Page(_props: &PageProps) -> Html {
    html! { <main><h1>{ "sctpdump" }</h1></main> }
}
