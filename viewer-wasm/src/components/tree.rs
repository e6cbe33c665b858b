//! The tree: of its lines, only those in view are drawn.

use super::{Dispatch, browser};
use crate::message::{Line, LineStyle};
use crate::model::keys::Command;
use crate::model::scroll::Scroll;
use crate::model::tree::Places;
use crate::state::{Action, Menu, Of, Pane, Shown};
use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) node: NodeRef,
    pub(crate) view: Scroll,
    pub(crate) shown: Rc<Shown>,
    pub(crate) lines: Rc<Vec<u32>>,
    pub(crate) open: Rc<HashSet<u32>>,
    pub(crate) line: Option<usize>,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Tree(props: &Props) -> Html {
    let dispatch = &props.dispatch;
    let onscroll = dispatch.reform(|event: Event| {
        let at = browser::closest(&event, ".tree").map_or(0, |tree| tree.scroll_top());
        Action::Scrolled(Pane::Tree, f64::from(at))
    });
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(line) = browser::number(&event, "data-line") {
                dispatch.emit(Action::Line(line));
                if browser::closest(&event, ".twisty").is_some() {
                    dispatch.emit(Action::ToggleLine(line));
                }
            }
        })
    };
    let ondblclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if browser::closest(&event, "[data-line]").is_some()
                && browser::closest(&event, ".twisty").is_none()
            {
                dispatch.emit(Action::Do(Command::Toggle));
            }
        })
    };
    let oncontextmenu = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(line) = browser::number(&event, "data-line") {
                event.prevent_default();
                dispatch.emit(Action::Line(line));
                dispatch.emit(Action::Menu(Some(Menu {
                    of: Of::Line,
                    x: event.client_x(),
                    y: event.client_y(),
                })));
            }
        })
    };
    let window = props.view.window();
    let rows = props.lines.get(window.start as usize..window.end as usize).unwrap_or(&[]);
    let all = &props.shown.packet.lines;
    let mut places = Places::default();
    let active = props.line.filter(|line| rows.contains(&(*line as u32))).map(|line| format!("line-{line}"));
    html! {
        <div class="tree" role="tree" tabindex="0" data-pane="tree" ref={props.node.clone()}
            aria-label={format!("Fields of packet {}", props.shown.packet.number)}
            aria-activedescendant={active} {onscroll} {onclick} {ondblclick} {oncontextmenu}>
            <div class="sizer" role="presentation" style={format!("height:{}px", props.view.height())}>
                <div class="drawn" role="presentation" style={format!("transform:translateY({}px)", props.view.y(window.start))}>
                    { for rows.iter().filter_map(|&at| {
                        let line = all.get(at as usize)?;
                        Some(item(all, at as usize, line, &mut places, props))
                    }) }
                </div>
            </div>
        </div>
    }
}

fn item(all: &[Line], at: usize, line: &Line, places: &mut Places, props: &Props) -> Html {
    let group = line.under > 0;
    let open = group && props.open.contains(&line.field);
    let (place, count) = places.of(all, at);
    let selected = props.line == Some(at);
    let style = match line.style {
        LineStyle::Plain => "plain",
        LineStyle::Protocol => "protocol",
        LineStyle::Generated => "generated",
        LineStyle::Chat => "chat",
        LineStyle::Note => "remark",
        LineStyle::Warning => "warning",
        LineStyle::Error => "error",
    };
    // The label stands back behind the value.
    let (label, value) = match line.text.split_once(": ") {
        Some((label, value))
            if line.style != LineStyle::Protocol
                && label.matches('(').count() == label.matches(')').count()
                && !label.contains(',') =>
        {
            (Some(label), value)
        }
        _ => (None, line.text.as_str()),
    };
    html! {
        <div id={format!("line-{at}")} key={at} class={classes!("item", style, selected.then_some("selected"))} role="treeitem"
            data-line={at.to_string()} style={format!("--level:{}", line.depth)}
            aria-level={(line.depth + 1).to_string()} aria-posinset={place.to_string()} aria-setsize={count.to_string()}
            aria-expanded={group.then(|| open.to_string())} aria-selected={selected.to_string()}>
            <span class={classes!("twisty", group.then_some("group"), open.then_some("open"))} aria-hidden="true" />
            <span class="text">
                if let Some(label) = label { <span class="label">{ format!("{label}: ") }</span> }
                { value.to_owned() }
            </span>
        </div>
    }
}
