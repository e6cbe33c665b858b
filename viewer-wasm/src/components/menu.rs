//! A menu: of what is selected, or of the view.

use super::{Dispatch, browser};
use crate::state::{Action, Item, Menu as Place};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) place: Place,
    pub(crate) items: Vec<Item>,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Menu(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let (node, place) = (node.clone(), props.place);
        use_effect_with(place, move |place| {
            if let Some(menu) = node.cast::<HtmlElement>() {
                settle(&menu, place);
            }
        });
    }
    let close = props.dispatch.reform(|_: MouseEvent| Action::Menu(None));
    let away = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            dispatch.emit(Action::Menu(None));
        })
    };
    let keys = {
        let (node, dispatch) = (node.clone(), props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            match event.key().as_str() {
                "Escape" | "Tab" => dispatch.emit(Action::Menu(None)),
                key @ ("ArrowDown" | "ArrowUp" | "Home" | "End") => {
                    if let Some(menu) = node.cast::<HtmlElement>() {
                        step(&menu, key);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    // Lines under a title are its group.
    let mut groups: Vec<(Option<&'static str>, Vec<Html>)> = vec![(None, Vec::new())];
    for item in &props.items {
        match item {
            Item::Title(title) => groups.push((Some(title), Vec::new())),
            item => {
                if let Some((_, lines)) = groups.last_mut() {
                    lines.push(line(item, &props.place, &props.dispatch));
                }
            }
        }
    }
    html! {
        <div class="over">
            <div class="away" onclick={close} oncontextmenu={away} />
            <div class="menu" role="menu" aria-label="Menu" tabindex="-1" ref={node} onkeydown={keys}>
                { for groups.into_iter().filter(|(_, lines)| !lines.is_empty()).map(|(title, lines)| html! {
                    <div role="group" aria-label={title}>
                        if let Some(title) = title { <div class="title" aria-hidden="true">{ title }</div> }
                        { for lines }
                    </div>
                }) }
            </div>
        </div>
    }
}

fn line(item: &Item, place: &Place, dispatch: &Dispatch) -> Html {
    let act = |action: &Action, stay: bool| {
        let (dispatch, action) = (dispatch.clone(), action.clone());
        Callback::from(move |_: MouseEvent| {
            if !stay {
                dispatch.emit(Action::Menu(None));
            }
            dispatch.emit(action.clone());
        })
    };
    match item {
        Item::Title(_) => Html::default(),
        Item::More { label, of } => {
            let action = Action::Menu(Some(Place { of: *of, ..*place }));
            html! {
                <button type="button" role="menuitem" aria-haspopup="menu" tabindex="-1" onclick={act(&action, true)}>
                    <span>{ *label }</span><kbd aria-hidden="true">{ "▸" }</kbd>
                </button>
            }
        }
        Item::Act { label, keys, action } => html! {
            <button type="button" role="menuitem" tabindex="-1" onclick={act(action, false)}>
                <span>{ label.clone() }</span><kbd aria-hidden="true">{ keys.clone() }</kbd>
            </button>
        },
        Item::Check { label, on, radio, keys, action } => html! {
            <button type="button" role={if *radio { "menuitemradio" } else { "menuitemcheckbox" }} tabindex="-1"
                class={classes!("check", radio.then_some("radio"))} aria-checked={on.to_string()} onclick={act(action, true)}>
                <span>{ label.clone() }</span><kbd aria-hidden="true">{ keys.clone() }</kbd>
            </button>
        },
    }
}

/// Puts the menu where it is wanted, as far as it fits in the window, and the focus on its first line.
fn settle(menu: &HtmlElement, place: &Place) {
    let window = browser::window();
    let side =
        |side: Result<wasm_bindgen::JsValue, _>| side.ok().and_then(|side| side.as_f64()).unwrap_or(0.0);
    let (width, height) = (side(window.inner_width()), side(window.inner_height()));
    let x = f64::from(place.x).min(width - f64::from(menu.offset_width()) - 6.0).max(6.0);
    let y = f64::from(place.y).min(height - f64::from(menu.offset_height()) - 6.0).max(6.0);
    let _ = menu.style().set_property("left", &format!("{x}px"));
    let _ = menu.style().set_property("top", &format!("{y}px"));
    if let Some(first) = lines(menu).first() {
        browser::focus(first);
    }
}

fn lines(menu: &Element) -> Vec<HtmlElement> {
    let Ok(all) = menu.query_selector_all("button") else { return Vec::new() };
    (0..all.length()).filter_map(|at| all.item(at)?.dyn_into().ok()).collect()
}

fn step(menu: &Element, key: &str) {
    let lines = lines(menu);
    let focused = browser::document().active_element();
    let at = focused.and_then(|focused| lines.iter().position(|line| **line == focused));
    let last = lines.len().saturating_sub(1);
    let next = match (key, at) {
        ("Home", _) | ("ArrowDown", None) => 0,
        ("End", _) | ("ArrowUp", None | Some(0)) => last,
        ("ArrowUp", Some(at)) => at - 1,
        (_, Some(at)) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        _ => 0,
    };
    if let Some(line) = lines.get(next) {
        let _ = line.focus();
    }
}
