//! The bytes: a tab a source, and of the lines only those in view.

use super::{Dispatch, browser};
use crate::model::hex::{Layout, Light, Lights, Run};
use crate::model::scroll::Scroll;
use crate::state::{Action, Menu, Of, Pane, Shown};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) node: NodeRef,
    pub(crate) view: Scroll,
    pub(crate) shown: Rc<Shown>,
    pub(crate) source: u16,
    pub(crate) layout: Layout,
    pub(crate) lights: Lights,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Bytes(props: &Props) -> Html {
    let Props { layout, shown, source, .. } = props;
    let layout = *layout;
    let dispatch = &props.dispatch;
    let onscroll = dispatch.reform(|event: Event| {
        let at = browser::closest(&event, ".bytes").map_or(0, |bytes| bytes.scroll_top());
        Action::Scrolled(Pane::Bytes, f64::from(at))
    });
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(byte) = byte_at(&event, layout) {
                dispatch.emit(Action::Byte(byte));
            }
        })
    };
    let oncontextmenu = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            dispatch.emit(Action::Menu(Some(Menu {
                of: Of::Bytes,
                x: event.client_x(),
                y: event.client_y(),
            })));
        })
    };
    let window = props.view.window();
    let bytes = shown.bytes(*source);
    let name = shown.packet.sources.get(usize::from(*source)).map_or("", |source| source.name.as_str());
    html! {
        <>
            if shown.packet.sources.len() > 1 { { tabs(props) } }
            <div class="bytes" role="group" aria-roledescription="hex dump" tabindex="0" data-pane="bytes" id="bytes"
                ref={props.node.clone()} aria-label={format!("Bytes of {name}: {}", bytes.len())}
                {onscroll} {onclick} {oncontextmenu}>
                <div class="sizer" style={format!("height:{}px", props.view.height())}>
                    <div class="drawn" style={format!("transform:translateY({}px)", props.view.y(window.start))}>
                        { for window.map(|at| line(bytes, layout, at as usize, &props.lights)) }
                    </div>
                </div>
            </div>
        </>
    }
}

fn line(bytes: &[u8], layout: Layout, at: usize, lights: &Lights) -> Html {
    let line = layout.line(bytes, at, lights);
    html! {
        <div class="line" data-at={at.to_string()}>
            <span class="offset">{ line.offset }</span>
            <span class="hex">{ for line.hex.iter().map(run) }</span>
            <span class="ascii">{ for line.text.iter().map(run) }</span>
        </div>
    }
}

fn run(run: &Run) -> Html {
    let class = match run.light {
        Light::None => return html! { { run.text.clone() } },
        Light::Around => "around",
        Light::Field => "lit",
        Light::Byte => "lit byte",
    };
    html! { <mark {class}>{ run.text.clone() }</mark> }
}

/// The byte under the pointer.
fn byte_at(event: &MouseEvent, layout: Layout) -> Option<usize> {
    let line: usize = browser::number(event, "data-at")?;
    let hex = browser::closest(event, ".hex");
    let part = hex.clone().or(browser::closest(event, ".ascii"))?;
    let signs = part.text_content()?.chars().count().max(1);
    let around = part.get_bounding_client_rect();
    let column = (f64::from(event.client_x()) - around.left()) / around.width() * signs as f64;
    if hex.is_some() { layout.byte_at_hex(line, column) } else { layout.byte_at_text(line, column) }
}

fn tabs(props: &Props) -> Html {
    let sources = &props.shown.packet.sources;
    let (here, last) = (usize::from(props.source), sources.len() - 1);
    let keys = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowLeft" => here.checked_sub(1).unwrap_or(last),
                "ArrowRight" => {
                    if here == last {
                        0
                    } else {
                        here + 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dispatch.emit(Action::Source(next as u16));
            let tab = browser::document().get_element_by_id(&format!("source-{next}"));
            if let Some(tab) =
                tab.and_then(|tab| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(tab).ok())
            {
                let _ = tab.focus();
            }
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label="Sources of bytes" onkeydown={keys}>
            { for sources.iter().enumerate().map(|(at, source)| {
                let selected = at == here;
                html! {
                    <button type="button" role="tab" id={format!("source-{at}")} aria-selected={selected.to_string()} aria-controls="bytes"
                        tabindex={if selected { "0" } else { "-1" }}
                        onclick={props.dispatch.reform(move |_| Action::Source(at as u16))}>
                        { format!("{} ({})", source.name, source.len) }
                    </button>
                }
            }) }
        </div>
    }
}
