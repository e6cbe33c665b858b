//! The find bar.

use super::Dispatch;
use super::icons::{Icon, icon};
use crate::model::keys::Command;
use crate::state::{Action, Finder, State, What};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) node: NodeRef,
    pub(crate) find: Finder,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn FindBar(props: &Props) -> Html {
    let Props { find, dispatch, .. } = props;
    let what = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target().and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
            if let Some((what, _)) = chosen.and_then(|select| What::ALL.get(select.selected_index() as usize))
            {
                dispatch.emit(Action::FindWhat(*what));
            }
        })
    };
    let text = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
                dispatch.emit(Action::FindText(input.value()));
            }
        })
    };
    let keys = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                dispatch.emit(Action::FindGo { back: event.shift_key() });
            }
        })
    };
    let go = |back| dispatch.reform(move |_: MouseEvent| Action::FindGo { back });
    let example = match find.what {
        What::Text => "INVITE, 10.0.0.1, Cumulative TSN …",
        What::Hex => "de ad be ef",
        What::Filter => "sctp.data_tsn_raw == 7",
    };
    html! {
        <search class="find" aria-label="Find a packet">
            <select aria-label="What to find" onchange={what}>
                { for What::ALL.iter().map(|(what, name)| html! { <option selected={*what == find.what}>{ *name }</option> }) }
            </select>
            <input ref={props.node.clone()} type="text" aria-label="Find" placeholder={example} autocomplete="off" spellcheck="false" autocapitalize="off"
                aria-invalid={find.fault.is_some().to_string()} aria-describedby="find-fault" value={find.text.clone()} oninput={text} onkeydown={keys} />
            <button type="button" class="quiet" onclick={go(true)} title={format!("The one before{}", State::hint(Command::FindBack))} aria-label="Find the one before">{ icon(Icon::Up) }</button>
            <button type="button" class="quiet" onclick={go(false)} title={format!("The next{}", State::hint(Command::FindNext))} aria-label="Find the next">{ icon(Icon::Down) }</button>
            <span id="find-fault" class="fault" role="status">
                if let Some(fault) = &find.fault { { fault } }
                else if find.asked.is_some() { { format!("Looking at packet {} …", find.at) } }
            </span>
            if find.asked.is_some() {
                <button type="button" onclick={dispatch.reform(|_| Action::Cancel)}>{ "Stop" }</button>
            }
            <button type="button" class="quiet" onclick={dispatch.reform(|_| Action::FindClose)} aria-label="Close the find bar" title="Close (Esc)">{ icon(Icon::Close) }</button>
        </search>
    }
}
