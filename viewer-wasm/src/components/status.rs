//! The status bar: the selected field, packets, marks, the file and its damage.

use super::Dispatch;
use super::icons::{Icon, icon};
use crate::message::Line;
use crate::model::fields;
use crate::state::panes::{grouped, size};
use crate::state::{Action, Dialog, Phase};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) phase: Phase,
    pub(crate) line: Option<Line>,
    pub(crate) byte: Option<usize>,
    pub(crate) packets: u64,
    pub(crate) selected: u64,
    pub(crate) marked: usize,
    /// How many packets show, where a filter is in force.
    pub(crate) shown: Option<String>,
    pub(crate) name: AttrValue,
    pub(crate) format: AttrValue,
    pub(crate) size: u64,
    pub(crate) damage: usize,
    pub(crate) cancelled: bool,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Status(props: &Props) -> Html {
    let field = props.line.as_ref().and_then(|line| Some((line, fields::field(line.field)?)));
    let about = props.dispatch.reform(|_: MouseEvent| Action::Dialog(Some(Dialog::Capture)));
    html! {
        <footer class="status">
            <span class="field">
                if let Some((line, field)) = field {
                    { field.label }{ " " }<code>{ field.name }</code>
                    if line.len > 0 { <span class="quiet">{ format!(" {} {}", line.len, if line.len == 1 { "byte" } else { "bytes" }) }</span> }
                }
                if let Some(byte) = props.byte { <span class="quiet">{ format!(" at {byte}") }</span> }
            </span>
            if props.packets > 0 {
                <span class="count">
                    <span class="wide-only">{ "Packet " }</span>{ grouped(props.selected) }{ " of " }{ grouped(props.packets) }
                </span>
                if let Some(shown) = &props.shown { <span class="count">{ shown }</span> }
                if props.marked > 0 { <span class="count">{ format!("Marked: {}", props.marked) }</span> }
                <button type="button" class="quiet file" onclick={about.clone()} title="About the capture">
                    <span class="name">{ &props.name }</span>
                    if !props.format.is_empty() { <span class="quiet wide-only">{ format!(" {}, {}", props.format, size(props.size)) }</span> }
                </button>
                if props.cancelled { <span class="badge">{ "not all read" }</span> }
                if props.damage > 0 {
                    <button type="button" class="badge warn" onclick={about}>{ icon(Icon::Warning) }{ format!("Damage: {}", props.damage) }</button>
                }
            } else if props.phase == Phase::Start {
                <span class="quiet">{ concat!("sctpdump ", env!("CARGO_PKG_VERSION")) }</span>
            }
        </footer>
    }
}
