//! What the selected field is: its meaning, where it is specified, its filter name and type.

use crate::message::Line;
use crate::model::{fields, reference};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) line: Option<Line>,
}

#[component]
pub(crate) fn Explain(props: &Props) -> Html {
    let known = props.line.as_ref().and_then(|line| Some((line, fields::field(line.field)?)));
    let Some((line, field)) = known else {
        return html! {
            <section class="explain" aria-label="What the field is" tabindex="0">
                <p class="quiet">{ "Select a line of the tree, or a byte, and this tells what it means and where it is specified." }</p>
            </section>
        };
    };
    let doc = field.doc.trim();
    html! {
        <section class="explain" aria-label="What the field is" tabindex="0">
            <h2>{ field.label }</h2>
            <p class="doc">{ doc }</p>
            <dl>
                <dt>{ "Specified in" }</dt>
                <dd>
                    { for reference::parts(field.section).into_iter().map(|part| match part.to {
                        Some(to) => html! { <a href={to} target="_blank" rel="noopener noreferrer">{ part.text }</a> },
                        None => html! { <span>{ part.text }</span> },
                    }) }
                </dd>
                <dt>{ "Filter name" }</dt>
                <dd><code>{ field.name }</code></dd>
                <dt>{ "Type" }</dt>
                <dd>{ field.show.kind.description() }</dd>
                if !line.value.is_empty() {
                    <dt>{ "Value" }</dt>
                    <dd><code>{ line.value.clone() }</code></dd>
                }
                if line.len > 0 {
                    <dt>{ "Bytes" }</dt>
                    <dd>{ format!("{} from offset {}", line.len, line.start) }</dd>
                }
            </dl>
        </section>
    }
}
