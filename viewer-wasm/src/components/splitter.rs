//! A splitter: drag it, or move it with the keys.

use super::Dispatch;
use super::browser;
use crate::state::{Action, Split};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) split: Split,
    /// In per cent.
    pub(crate) at: u8,
    pub(crate) label: &'static str,
    /// Whether it moves up and down.
    pub(crate) across: bool,
    pub(crate) dispatch: Dispatch,
}

/// How far a key moves it, in per cent.
const STEP: i32 = 4;

#[component]
pub(crate) fn Splitter(props: &Props) -> Html {
    let (split, across, at) = (props.split, props.across, i32::from(props.at));
    let move_to = props.dispatch.reform(move |share| Action::Split(split, share));
    let down = Callback::from(|event: PointerEvent| {
        if let Some(bar) = browser::closest(&event, ".splitter") {
            let _ = bar.set_pointer_capture(event.pointer_id());
            event.prevent_default();
            let _ = bar.dyn_into::<web_sys::HtmlElement>().map(|bar| bar.focus());
        }
    });
    let moved = {
        let move_to = move_to.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(bar) = browser::closest(&event, ".splitter") else { return };
            if !bar.has_pointer_capture(event.pointer_id()) {
                return;
            }
            if let Some(around) = bar.parent_element() {
                move_to.emit(share(&around, &event, across));
            }
        })
    };
    let keys = Callback::from(move |event: KeyboardEvent| {
        let share = match event.key().as_str() {
            "ArrowUp" if across => at - STEP,
            "ArrowDown" if across => at + STEP,
            "ArrowLeft" if !across => at - STEP,
            "ArrowRight" if !across => at + STEP,
            "Home" => 0,
            "End" => 100,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        move_to.emit(share);
    });
    html! {
        <div class={classes!("splitter", across.then_some("across"))} role="separator" tabindex="0"
            aria-label={props.label} aria-orientation={if across { "horizontal" } else { "vertical" }}
            aria-valuenow={at.to_string()} aria-valuemin="15" aria-valuemax="85"
            onpointerdown={down} onpointermove={moved} onkeydown={keys} />
    }
}

fn share(around: &Element, event: &PointerEvent, across: bool) -> i32 {
    let around = around.get_bounding_client_rect();
    let share = if across {
        (f64::from(event.client_y()) - around.top()) / around.height()
    } else {
        (f64::from(event.client_x()) - around.left()) / around.width()
    };
    (share * 100.0).round() as i32
}
