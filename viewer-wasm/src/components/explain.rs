//! What the selected field is: its meaning, where it is specified, its filter name and type.

use super::Dispatch;
use crate::message::Line;
use crate::model::meanings::Known;
use crate::model::{fields, reference};
use crate::state::Action;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) line: Option<Line>,
    pub(crate) meanings: Known,
    pub(crate) dispatch: Dispatch,
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
    let meaning = match &props.meanings {
        Known::All(meanings) => meanings.of(line.field),
        _ => None,
    };
    html! {
        <section class="explain" aria-label="What the field is" tabindex="0">
            <h2>{ field.label }</h2>
            if let Known::Failed(why) = &props.meanings {
                <p class="doc" role="status">
                    { format!("What it means can't be loaded: {why}. ") }
                    <button type="button" onclick={props.dispatch.reform(|_| Action::MeaningsAgain)}>{ "Try again" }</button>
                </p>
            } else {
                <p class="doc" aria-busy={meaning.is_none().to_string()}>{ meaning.map_or("Loading …", |meaning| meaning.doc).to_owned() }</p>
            }
            <dl>
                if let Some(meaning) = meaning {
                    <dt>{ "Specified in" }</dt>
                    <dd>
                        { for reference::parts(meaning.section).into_iter().map(|part| match part.to {
                            Some(to) => html! { <a href={to} target="_blank" rel="noopener noreferrer">{ part.text }</a> },
                            None => html! { <span>{ part.text }</span> },
                        }) }
                    </dd>
                }
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
