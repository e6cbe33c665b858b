//! The dialog of the colouring rules: their text, to be changed.

use super::Dispatch;
use super::dialogs::Modal;
use crate::state::{Action, RULES};
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The rules in force, where they are not those that the page starts with.
    pub(crate) rules: Option<String>,
    pub(crate) faults: Rc<Vec<String>>,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Rules(props: &Props) -> Html {
    let area = use_node_ref();
    let submit = {
        let (area, dispatch) = (area.clone(), props.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                let text = area.value();
                dispatch.emit(Action::Rules(Some(text).filter(|text| text != RULES)));
            }
        })
    };
    let reset = {
        let (area, dispatch) = (area.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                area.set_value(RULES);
                dispatch.emit(Action::Rules(None));
            }
        })
    };
    let text = props.rules.clone().unwrap_or_else(|| RULES.to_owned());
    html! {
        <Modal title="Colouring rules" class="wide" dispatch={props.dispatch.clone()}>
            <form onsubmit={submit}>
                <label for="rules">{ "A rule a line, as Wireshark's colour files have them: @name@filter@[row][text]. The first that holds colours the packet; ! before a rule turns it off." }</label>
                <textarea id="rules" ref={area} rows="16" wrap="off" spellcheck="false" autocomplete="off" autofocus=true defaultvalue={text} aria-describedby="rule-faults" />
                <div id="rule-faults" class="fault" role="status">{ for props.faults.iter().map(|fault| html! { <p>{ fault.clone() }</p> }) }</div>
                <div class="buttons">
                    <button type="button" onclick={reset}>{ "As at the start" }</button>
                    <button type="submit" class="primary">{ "Colour by these" }</button>
                </div>
            </form>
        </Modal>
    }
}
