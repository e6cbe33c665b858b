//! The filter bar: a field whose colour tells whether it holds a filter, with ways to go on below it.

use super::icons::{Icon, icon};
use super::{Dispatch, browser};
use crate::model::keys::Command;
use crate::state::panes::grouped;
use crate::state::{Action, Bar, Filtering, State};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) node: NodeRef,
    pub(crate) bar: Bar,
    pub(crate) packets: u64,
    pub(crate) dispatch: Dispatch,
}

/// The place in bytes of so many signs of JavaScript.
fn place(text: &str, signs: usize) -> usize {
    let mut left = signs;
    for (at, sign) in text.char_indices() {
        if left < sign.len_utf16() {
            return at;
        }
        left -= sign.len_utf16();
    }
    text.len()
}

/// The cursor of the field, as a place in the bytes of its text.
fn cursor(input: &HtmlInputElement) -> usize {
    let signs = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
    place(&input.value(), signs as usize)
}

fn input(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

#[component]
pub(crate) fn FilterBar(props: &Props) -> Html {
    let Props { node, bar, dispatch, .. } = props;
    let act = |what: Filtering| dispatch.reform(move |_: MouseEvent| Action::Filter(what.clone()));
    let under = use_node_ref();
    // What is underlined stands under the field, and scrolls with it.
    let follow = {
        let (node, under) = (node.clone(), under.clone());
        move || {
            if let (Some(input), Some(under)) = (node.cast::<HtmlElement>(), under.cast::<HtmlElement>()) {
                under.set_scroll_left(input.scroll_left());
            }
        }
    };
    let scrolled = {
        let follow = follow.clone();
        Callback::from(move |_: Event| follow())
    };
    use_effect_with(bar.text.clone(), move |_| follow());
    // The one that is chosen comes into view.
    use_effect_with((bar.chosen, bar.offers.len()), |_| {
        if let Ok(Some(chosen)) = browser::document().query_selector("#filter-offers [aria-selected=true]") {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            chosen.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let text = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = input(&event) {
                dispatch.emit(Action::Filter(Filtering::Text(input.value(), cursor(&input))));
            }
        })
    };
    let keys = {
        let (dispatch, offered, chosen) = (dispatch.clone(), !bar.offers.is_empty(), bar.chosen);
        Callback::from(move |event: KeyboardEvent| {
            let Some(input) = input(&event) else { return };
            let what = match (event.key().as_str(), chosen) {
                ("ArrowDown", _) if event.alt_key() => Filtering::Before,
                ("ArrowDown", _) if offered => Filtering::Move(1),
                ("ArrowUp", _) if offered => Filtering::Move(-1),
                ("ArrowDown", _) => Filtering::Offer(cursor(&input)),
                (" ", _) if event.ctrl_key() => Filtering::Offer(cursor(&input)),
                ("Tab", Some(chosen)) if !event.shift_key() => Filtering::Take(chosen),
                ("Enter", _) => Filtering::Enter,
                _ => return,
            };
            event.prevent_default();
            dispatch.emit(Action::Filter(what));
        })
    };
    let left = dispatch.reform(|_: FocusEvent| Action::Filter(Filtering::Close));
    // A press on what is offered leaves the focus where it is.
    let stay = Callback::from(|event: MouseEvent| event.prevent_default());
    let pick = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(at) = browser::number(&event, "data-offer") {
                dispatch.emit(Action::Filter(Filtering::Take(at)));
            }
        })
    };
    let remark = bar.remark.as_ref();
    let wrong = remark.is_some_and(|remark| remark.wrong);
    let colour = match remark {
        _ if bar.text.trim().is_empty() => None,
        None => Some("fine"),
        Some(_) if wrong => Some("wrong"),
        Some(_) => Some("doubtful"),
    };
    let marked = remark.map(|remark| {
        let (start, end) = (remark.span.start.min(bar.text.len()), remark.span.end.min(bar.text.len()));
        let part = |range: std::ops::Range<usize>| bar.text.get(range).unwrap_or_default().to_owned();
        let here = if start == end { "\u{a0}".to_owned() } else { part(start..end) };
        html! { <>{ part(0..start) }<u>{ here }</u></> }
    });
    let open = !bar.offers.is_empty();
    let active = bar.chosen.map(|at| format!("offer-{at}"));
    html! {
        <search class="filter" aria-label="Filter packets">
            <div class={classes!("field", colour, bar.applied.is_empty().then_some("off"))}>
                <div class="under" ref={under} aria-hidden="true">{ marked }</div>
                <input ref={node.clone()} type="text" role="combobox" aria-label="Display filter" aria-expanded={open.to_string()} aria-controls="filter-offers"
                    aria-autocomplete="list" aria-activedescendant={active} aria-invalid={wrong.to_string()} aria-describedby="filter-remark"
                    placeholder="Display filter: sctp.chunk_type == ABORT …" title={format!("Display filter{}", State::hint(Command::Filter))} autocomplete="off" spellcheck="false" autocapitalize="off"
                    value={bar.text.clone()} oninput={text} onkeydown={keys} onblur={left} onscroll={scrolled} />
                <div class="below">
                    <p id="filter-remark" class={colour} role="status">{ remark.map(|remark| remark.sentence.clone()) }</p>
                    <div id="filter-offers" role="listbox" aria-label="Ways to go on" hidden={!open} onmousedown={stay} onclick={pick}>
                        { for bar.offers.iter().enumerate().map(|(at, offer)| {
                            let selected = bar.chosen == Some(at);
                            html! {
                                <div id={format!("offer-{at}")} key={at} role="option" aria-selected={selected.to_string()} data-offer={at.to_string()}>
                                    <code>{ offer.text.clone() }</code><span>{ offer.meaning }</span>
                                </div>
                            }
                        }) }
                    </div>
                </div>
            </div>
            if let Some(at) = bar.at {
                <progress max={props.packets.to_string()} value={at.to_string()} aria-label="Filtering" />
                <button type="button" onclick={dispatch.reform(|_| Action::Cancel)}>{ "Stop" }</button>
            }
            if bar.waiting.is_some() { <span class="quiet">{ "as soon as all is read" }</span> }
            if bar.stopped { <span class="badge warn">{ "not all looked at" }</span> }
            <button type="button" onclick={act(Filtering::Enter)} disabled={wrong || bar.text.trim() == bar.applied && !bar.stopped}>{ "Apply" }</button>
            if !bar.text.is_empty() || !bar.applied.is_empty() {
                <button type="button" class="quiet" onclick={act(Filtering::Clear)} aria-label="Clear the filter" title="Clear the filter: show all packets">{ icon(Icon::Close) }</button>
            }
            <button type="button" class="quiet" onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())} onclick={act(Filtering::Before)}
                aria-label="Filters from before" title="Filters from before (Alt+↓)">{ icon(Icon::Before) }</button>
        </search>
    }
}

/// How many packets show, for the status bar: `12 of 345 show`.
pub(crate) fn shown(count: u64, packets: u64) -> String {
    let share = if packets == 0 { 0.0 } else { count as f64 * 100.0 / packets as f64 };
    format!("Displayed {} of {} ({share:.1} %)", grouped(count), grouped(packets))
}
