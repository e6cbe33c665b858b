//! The packet list: a grid of which only the rows in view are drawn. The grid itself keeps the focus and names the selected row
//! as its active one, so that the focus is not lost with a row that scrolls away.

use super::{Dispatch, browser};
use crate::message::Row;
use crate::model::scroll::{MOST_ROWS, Scroll};
use crate::state::{Action, COLUMNS, Kept, Menu, Of, Pane, Related};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;
use yew::prelude::*;

/// The height of the columns' names, in pixels: style.css has it too.
pub(crate) const HEAD: f64 = 26.0;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) node: NodeRef,
    pub(crate) list: Scroll,
    /// The rows in view, as far as they are told: place, number and what they say.
    pub(crate) rows: Vec<(u64, u64, Option<Rc<Row>>)>,
    /// How many packets there are, shown or not.
    pub(crate) packets: u64,
    /// The fields of further columns.
    pub(crate) further: Rc<Kept>,
    pub(crate) more_widths: Vec<usize>,
    /// The packets that the selected one names.
    pub(crate) related: Rc<Vec<Related>>,
    pub(crate) selected: u64,
    pub(crate) marks: Rc<BTreeSet<u64>>,
    /// The rules' text and row colours, fit for the theme, as styles.
    pub(crate) paints: Rc<Vec<AttrValue>>,
    pub(crate) columns: [bool; 7],
    pub(crate) widths: [usize; 6],
    pub(crate) narrow: bool,
    pub(crate) name: AttrValue,
    pub(crate) dispatch: Dispatch,
}

/// The columns' widths: as wide as what was seen in them, within limits.
fn template(props: &Props) -> String {
    let digits = props.packets.to_string().len().max(4);
    let limits = [(6, 27), (10, 24), (11, 24), (9, 14), (7, 7)];
    let mut template = String::from("grid-template-columns:");
    for at in (0..6).filter(|at| props.columns[*at]) {
        let width = match at {
            0 => digits + 2,
            _ => props.widths[at - 1].clamp(limits[at - 1].0, limits[at - 1].1),
        };
        let _ = write!(template, "calc({width}ch + 17px) ");
    }
    for width in &props.more_widths {
        let _ = write!(template, "calc({}ch + 17px) ", (*width).clamp(12, 28));
    }
    if props.columns[6] {
        template.push_str("minmax(12ch,1fr)");
    }
    template
}

#[component]
pub(crate) fn PacketList(props: &Props) -> Html {
    let dispatch = &props.dispatch;
    let onscroll = dispatch.reform(|event: Event| {
        let at = browser::closest(&event, ".list").map_or(0, |list| list.scroll_top());
        Action::Scrolled(Pane::List, f64::from(at))
    });
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(number) = browser::number(&event, "data-packet") {
                dispatch.emit(Action::Select(number));
            }
        })
    };
    let oncontextmenu = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(number) = browser::number(&event, "data-packet") {
                event.prevent_default();
                dispatch.emit(Action::Select(number));
                dispatch.emit(Action::Menu(Some(Menu {
                    of: Of::Packet,
                    x: event.client_x(),
                    y: event.client_y(),
                })));
            }
        })
    };
    let drawn = props.rows.iter().any(|(_, number, _)| *number == props.selected);
    let active = drawn.then(|| format!("packet-{}", props.selected));
    let template = (!props.narrow).then(|| AttrValue::from(template(props)));
    let first = props.rows.first().map_or(0, |(place, ..)| *place);
    let further = &props.further.columns;
    let shift = format!("transform:translateY({}px)", props.list.y(first));
    html! {
        <div class="list" role="grid" tabindex="0" data-pane="list" ref={props.node.clone()} aria-label={format!("Packets of {}", props.name)}
            aria-rowcount={(props.list.rows + 1).to_string()} aria-colcount={(7 + further.len()).to_string()} aria-readonly="true"
            aria-activedescendant={active} {onscroll} {onclick} {oncontextmenu}>
            <div class="head" role="rowgroup">
                <div class="row" role="row" aria-rowindex="1" style={template.clone()}>
                    { for COLUMNS.iter().enumerate().take(6).filter(|(at, _)| props.columns[*at]).map(|(at, name)| html! {
                        <span class={format!("cell c{at}")} role="columnheader" aria-colindex={(at + 1).to_string()}>{ *name }</span>
                    }) }
                    { for further.iter().enumerate().map(|(at, name)| html! {
                        <span class="cell more" role="columnheader" aria-colindex={(at + 7).to_string()} title={name.clone()}>{ name.clone() }</span>
                    }) }
                    if props.columns[6] {
                        <span class="cell c6" role="columnheader" aria-colindex={(7 + further.len()).to_string()}>{ COLUMNS[6] }</span>
                    }
                </div>
            </div>
            <div class="sizer" role="presentation" style={format!("height:{}px", props.list.height())}>
                <div role="rowgroup" class="drawn" style={shift}>
                    // A row that scrolls out of view is used again for the one that comes into it.
                    { for props.rows.iter().map(|(place, number, row)| html! {
                        <PacketRow key={*place % MOST_ROWS} place={*place} number={*number} related={props.related.iter().find(|related| related.number == *number && *number != props.selected).cloned()} further={further.len()} row={row.clone()} selected={*number == props.selected}
                            marked={props.marks.contains(number)} template={template.clone()} columns={props.columns}
                            paint={row.as_ref().and_then(|row| props.paints.get(usize::from(row.colour?)).cloned())} />
                    }) }
                </div>
            </div>
        </div>
    }
}

/// As much of a cell as can be seen: a packet of thousands of chunks lists them all.
fn shown(cell: &str) -> &str {
    cell.char_indices().nth(400).map_or(cell, |(end, _)| &cell[..end])
}

#[derive(Properties, PartialEq)]
struct RowProps {
    /// The place in the list, from 0.
    place: u64,
    number: u64,
    related: Option<Related>,
    /// How many further columns there are.
    further: usize,
    row: Option<Rc<Row>>,
    selected: bool,
    marked: bool,
    template: Option<AttrValue>,
    columns: [bool; 7],
    paint: Option<AttrValue>,
}

#[component]
fn PacketRow(props: &RowProps) -> Html {
    let RowProps { place, number, row, selected, marked, columns, related, further, .. } = props;
    let mut style = props.template.as_ref().map(ToString::to_string).unwrap_or_default();
    if let Some(paint) = &props.paint {
        style.push(';');
        style.push_str(paint);
    }
    let comment = row.as_ref().is_some_and(|row| row.comment);
    let class = classes!(
        "row",
        selected.then_some("selected"),
        marked.then_some("marked"),
        props.paint.is_some().then_some("painted"),
        row.is_none().then_some("waiting")
    );
    let cell = |at: usize, text: &str| {
        html! {
            <span class={format!("cell c{at}")} role="gridcell" aria-colindex={(at + 1).to_string()}>{ text.to_owned() }</span>
        }
    };
    html! {
        <div id={format!("packet-{number}")} {class} role="row" {style} data-packet={number.to_string()}
            aria-rowindex={(place + 2).to_string()} aria-selected={selected.to_string()}>
            if columns[0] {
                <span class="cell c0" role="gridcell" aria-colindex="1">
                    if let Some(related) = related { <span class="related" title={related.text.clone()}>{ related.sign }<span class="unseen">{ format!(" {} ", related.text) }</span></span> }
                    if *marked { <span class="flag" title="Marked"><span class="unseen">{ "marked " }</span></span> }
                    if comment { <span class="note" title="Has a comment"><span class="unseen">{ "has a comment " }</span></span> }
                    { number.to_string() }
                </span>
            }
            { for (1..6).filter(|at| columns[*at]).map(|at| cell(at, row.as_ref().map_or("", |row| shown(&row.cells[at - 1])))) }
            { for (0..*further).map(|at| html! {
                <span class="cell more" role="gridcell" aria-colindex={(at + 7).to_string()}>{ row.as_ref().and_then(|row| row.more.get(at)).map_or("", |cell| shown(cell)).to_owned() }</span>
            }) }
            if columns[6] {
                <span class="cell c6" role="gridcell" aria-colindex={(7 + *further).to_string()}>{ row.as_ref().map_or("", |row| shown(&row.cells[5])).to_owned() }</span>
            }
        </div>
    }
}
