//! The packet list: a grid of which only the rows in view are drawn. The grid itself keeps the focus and names the selected row
//! as its active one, so that the focus is not lost with a row that scrolls away.

use super::{Dispatch, browser};
use crate::message::Row;
use crate::model::scroll::{MOST_ROWS, Scroll};
use crate::state::{Action, COLUMNS, Menu, Of, Pane};
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
    /// The rows in view, as far as they are told.
    pub(crate) rows: Vec<(u64, Option<Rc<Row>>)>,
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
    let digits = props.list.rows.to_string().len().max(4);
    let limits = [(6, 27), (10, 24), (11, 24), (9, 14), (7, 7)];
    let mut template = String::from("grid-template-columns:");
    for at in (0..7).filter(|at| props.columns[*at]) {
        let width = match at {
            0 => digits + 2,
            6 => {
                template.push_str("minmax(12ch,1fr)");
                continue;
            }
            _ => props.widths[at - 1].clamp(limits[at - 1].0, limits[at - 1].1),
        };
        let _ = write!(template, "calc({width}ch + 17px) ");
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
    let drawn = props.rows.iter().any(|(number, _)| *number == props.selected);
    let active = drawn.then(|| format!("packet-{}", props.selected));
    let template = (!props.narrow).then(|| AttrValue::from(template(props)));
    let first = props.rows.first().map_or(0, |(number, _)| number - 1);
    let shift = format!("transform:translateY({}px)", props.list.y(first));
    html! {
        <div class="list" role="grid" tabindex="0" data-pane="list" ref={props.node.clone()} aria-label={format!("Packets of {}", props.name)}
            aria-rowcount={(props.list.rows + 1).to_string()} aria-colcount="7" aria-readonly="true"
            aria-activedescendant={active} {onscroll} {onclick} {oncontextmenu}>
            <div class="head" role="rowgroup">
                <div class="row" role="row" aria-rowindex="1" style={template.clone()}>
                    { for COLUMNS.iter().enumerate().filter(|(at, _)| props.columns[*at]).map(|(at, name)| html! {
                        <span class={format!("cell c{at}")} role="columnheader" aria-colindex={(at + 1).to_string()}>{ *name }</span>
                    }) }
                </div>
            </div>
            <div class="sizer" role="presentation" style={format!("height:{}px", props.list.height())}>
                <div role="rowgroup" class="drawn" style={shift}>
                    // A row that scrolls out of view is used again for the one that comes into it.
                    { for props.rows.iter().map(|(number, row)| html! {
                        <PacketRow key={*number % MOST_ROWS} number={*number} row={row.clone()} selected={*number == props.selected}
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
    number: u64,
    row: Option<Rc<Row>>,
    selected: bool,
    marked: bool,
    template: Option<AttrValue>,
    columns: [bool; 7],
    paint: Option<AttrValue>,
}

#[component]
fn PacketRow(props: &RowProps) -> Html {
    let RowProps { number, row, selected, marked, columns, .. } = props;
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
            aria-rowindex={(number + 1).to_string()} aria-selected={selected.to_string()}>
            if columns[0] {
                <span class="cell c0" role="gridcell" aria-colindex="1">
                    if *marked { <span class="flag" title="Marked"><span class="unseen">{ "marked " }</span></span> }
                    if comment { <span class="note" title="Has a comment"><span class="unseen">{ "has a comment " }</span></span> }
                    { number.to_string() }
                </span>
            }
            { for (1..7).filter(|at| columns[*at]).map(|at| cell(at, row.as_ref().map_or("", |row| shown(&row.cells[at - 1])))) }
        </div>
    }
}
