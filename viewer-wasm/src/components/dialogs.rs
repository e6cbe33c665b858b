//! The dialogs: the browser's own `dialog` keeps the focus inside and gives it back.

use super::icons::{Icon, icon};
use super::{Dispatch, browser};
use crate::message::Capture;
use crate::model::keys;
use crate::state::Action;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) title: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    pub(crate) dispatch: Dispatch,
    pub(crate) children: Html,
}

/// A dialog with a title and a way out.
#[component]
pub(crate) fn Modal(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                let _ = dialog.show_modal();
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let close = props.dispatch.reform(|_: MouseEvent| Action::Dialog(None));
    let cancel = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            dispatch.emit(Action::Dialog(None));
        })
    };
    html! {
        <dialog ref={node} class={props.class.clone()} aria-labelledby="dialog-title" oncancel={cancel}>
            <header>
                <h2 id="dialog-title">{ &props.title }</h2>
                <button type="button" class="quiet" onclick={close} aria-label="Close" title="Close (Esc)">{ icon(Icon::Close) }</button>
            </header>
            { props.children.clone() }
        </dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct GoToProps {
    pub(crate) packets: u64,
    pub(crate) said: AttrValue,
    pub(crate) dispatch: Dispatch,
}

/// Asks for a packet's number.
#[component]
pub(crate) fn GoTo(props: &GoToProps) -> Html {
    let dispatch = props.dispatch.clone();
    let input = use_node_ref();
    let submit = {
        let input = input.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                dispatch.emit(Action::GoTo(input.value()));
                input.select();
            }
        })
    };
    html! {
        <Modal title="Go to packet" class="small" dispatch={props.dispatch.clone()}>
            <form onsubmit={submit}>
                <label for="go-to">{ format!("Number, from 1 to {}", props.packets) }</label>
                <div class="line">
                    <input id="go-to" ref={input} type="text" inputmode="numeric" autocomplete="off" autofocus=true />
                    <button type="submit" class="primary">{ "Go" }</button>
                </div>
                <p class="fault" role="status">{ if props.said.starts_with("There is no") { props.said.clone() } else { AttrValue::default() } }</p>
            </form>
        </Modal>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct PlainProps {
    pub(crate) dispatch: Dispatch,
}

/// Asks for a hex dump.
#[component]
pub(crate) fn Paste(props: &PlainProps) -> Html {
    let dispatch = props.dispatch.clone();
    let area = use_node_ref();
    let submit = {
        let area = area.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                dispatch.emit(Action::OpenText(area.value()));
            }
        })
    };
    html! {
        <Modal title="Paste a hex dump" dispatch={props.dispatch.clone()}>
            <form onsubmit={submit}>
                <label for="dump">{ "Bytes of one or more packets, as hexdump -C, xxd, od, Wireshark or a mail shows them" }</label>
                <textarea id="dump" ref={area} rows="12" spellcheck="false" autocomplete="off" autofocus=true
                    placeholder={"0000  45 00 00 20 00 00 00 00  40 84 00 00 0a 00 00 01\n0010  0a 00 00 02 …"} />
                <div class="buttons"><button type="submit" class="primary">{ "Read the packets" }</button></div>
            </form>
        </Modal>
    }
}

/// Shows the keys.
#[component]
pub(crate) fn Help(props: &PlainProps) -> Html {
    html! {
        <Modal title="Help" class="wide" dispatch={props.dispatch.clone()}>
            <div class="scrolled" tabindex="0" role="group" aria-label="Help text">
                <p>{ "Select a packet above to see its fields; select a field to light its bytes, a byte to find its field. A right click or Shift+F10 opens a menu to copy from; a field becomes a filter or a column there. The filter above the list takes Wireshark's display filters: type, choose by the arrow keys, apply by Enter. Signs beside the numbers mark the packets that the selected one names." }</p>
                <p>{ "Captures are read here, in your browser: nothing is uploaded, and the page works without a network once it was visited. The address names packet, filter and view, so a link leads a colleague who has the same file to the same line." }</p>
                <h3>{ "Keys" }</h3>
                <table>
                    <tbody>
                        { for keys::help().into_iter().map(|(what, keys)| html! {
                            <tr>
                                <th scope="row">{ for keys.into_iter().map(|key| html! { <kbd>{ key }</kbd> }) }</th>
                                <td>{ what }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </Modal>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CommentsProps {
    pub(crate) number: u64,
    pub(crate) comments: Vec<String>,
    pub(crate) dispatch: Dispatch,
}

/// Shows the packet's comments.
#[component]
pub(crate) fn Comments(props: &CommentsProps) -> Html {
    html! {
        <Modal title={format!("Comments of packet {}", props.number)} dispatch={props.dispatch.clone()}>
            <div class="scrolled" tabindex="0" role="group" aria-label="Comments">
                if props.comments.is_empty() { <p class="quiet">{ "This packet has no comments." }</p> }
                { for props.comments.iter().map(|comment| html! { <blockquote>{ comment.clone() }</blockquote> }) }
            </div>
        </Modal>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CaptureProps {
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) capture: Option<Capture>,
    pub(crate) dispatch: Dispatch,
}

/// Shows what the capture is, and its damage.
#[component]
pub(crate) fn About(props: &CaptureProps) -> Html {
    let damage = props.capture.as_ref().map_or(&[][..], |capture| &capture.damage);
    html! {
        <Modal title="Capture" dispatch={props.dispatch.clone()}>
            <div class="scrolled" tabindex="0" role="group" aria-label="About the capture">
                <dl>
                    { for props.facts.iter().map(|(name, value)| html! { <><dt>{ *name }</dt><dd>{ value.clone() }</dd></> }) }
                </dl>
                if damage.is_empty() {
                    <p class="quiet">{ "No damage was found." }</p>
                } else {
                    <h3>{ "Damage" }</h3>
                    <p>{ "All that can be read is shown." }</p>
                    <ul>{ for damage.iter().map(|sentence| html! { <li>{ sentence.clone() }</li> }) }</ul>
                }
            </div>
        </Modal>
    }
}

/// Whether a dialog is open.
pub(crate) fn is_open() -> bool {
    browser::document()
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .is_some_and(|dialog| dialog.is_instance_of::<HtmlDialogElement>())
}
