//! The bar at the top.

use super::icons::{Icon, icon};
use super::{Dispatch, browser};
use crate::model::keys::Command;
use crate::state::{Action, Menu, Of, State, Theme};
use yew::prelude::*;

// Each is a button that is on or off.
#[allow(clippy::struct_excessive_bools)]
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Whether there are packets.
    pub(crate) open: bool,
    pub(crate) dark: bool,
    pub(crate) explain: bool,
    pub(crate) find: bool,
    pub(crate) marked: bool,
    /// The menu that is open.
    pub(crate) menu: Option<Of>,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Toolbar(props: &Props) -> Html {
    let dispatch = &props.dispatch;
    let button = |command: Command, drawn: Icon, label: &'static str, words: bool, pressed: Option<bool>| {
        let class = classes!("tool", words.then_some("words"));
        html! {
            <button type="button" {class} title={format!("{label}{}", State::hint(command))} aria-label={label}
                aria-pressed={pressed.map(|pressed| pressed.to_string())} onclick={dispatch.reform(move |_| Action::Do(command))}>
                { icon(drawn) }if words { <span>{ label }</span> }
            </button>
        }
    };
    let opens = |of: Of| {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(button) = browser::closest(&event, "button") {
                let place = button.get_bounding_client_rect();
                dispatch.emit(Action::Menu(Some(Menu {
                    of,
                    x: place.left() as i32,
                    y: place.bottom() as i32 + 4,
                })));
            }
        })
    };
    let theme = if props.dark { Theme::Light } else { Theme::Dark };
    html! {
        <header class={classes!("bar", props.open.then_some("full"))}>
            <h1>{ "sctpdump" }</h1>
            <div class="tools" role="group" aria-label="File">
                { button(Command::Open, Icon::Open, "Open", true, None) }
                { button(Command::Paste, Icon::Paste, "Paste hex", true, None) }
                if props.open { { button(Command::Export, Icon::Save, "Export the packets that show", false, None) } }
            </div>
            if props.open {
                <div class="tools" role="group" aria-label="Go">
                    { button(Command::Packets(-1), Icon::Up, "Packet before", false, None) }
                    { button(Command::Packets(1), Icon::Down, "Next packet", false, None) }
                    { button(Command::GoTo, Icon::GoTo, "Go to packet", false, None) }
                    { button(Command::Find, Icon::Find, "Find", false, Some(props.find)) }
                    { button(Command::Mark, Icon::Mark, "Mark packet", false, Some(props.marked)) }
                </div>
            }
            if props.open {
                <div class="tools" role="group" aria-label="What happened">
                    <button type="button" class="tool words" title={format!("Associations, calls and statistics{}", State::hint(Command::Views))} aria-label="Views"
                        aria-haspopup="menu" aria-expanded={(props.menu == Some(Of::Views)).to_string()} onclick={opens(Of::Views)}>{ icon(Icon::Chart) }<span>{ "Views" }</span></button>
                </div>
            }
            <span class="space" />
            <div class="tools" role="group" aria-label="View">
                if props.open {
                    { button(Command::Explain, Icon::Explain, "Explain fields", false, Some(props.explain)) }
                }
                <button type="button" class="tool" title="View: times, columns, colours" aria-label="View" aria-haspopup="menu"
                    aria-expanded={(props.menu == Some(Of::View)).to_string()} onclick={opens(Of::View)}>{ icon(Icon::View) }</button>
                <button type="button" class="tool wide-only" title={if props.dark { "Light" } else { "Dark" }} aria-label={if props.dark { "Light colours" } else { "Dark colours" }}
                    onclick={dispatch.reform(move |_| Action::Theme(theme))}>{ icon(if props.dark { Icon::Sun } else { Icon::Moon }) }</button>
                { button(Command::Help, Icon::Help, "Help and keys", false, None) }
            </div>
        </header>
    }
}
