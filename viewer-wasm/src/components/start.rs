//! What shows before a capture is open.

use super::Dispatch;
use super::icons::{Icon, icon};
use crate::model::keys::Command;
use crate::state::Action;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Start(props: &Props) -> Html {
    let act = |command| props.dispatch.reform(move |_: MouseEvent| Action::Do(command));
    html! {
        <div class="start">
            <div class="drop">
                <h2>{ "Drop a capture here" }</h2>
                <p>{ "pcap or pcapng, also compressed with gzip, zstd or lz4" }</p>
                <div class="buttons">
                    <button type="button" class="primary" onclick={act(Command::Open)}>{ icon(Icon::Open) }{ "Open a file" }</button>
                    <button type="button" onclick={act(Command::Paste)}>{ icon(Icon::Paste) }{ "Paste a hex dump" }</button>
                </div>
            </div>
            <p class="promise">{ icon(Icon::Lock) }<span><strong>{ "Nothing is uploaded. " }</strong>{ "Captures are read in this page, on this machine, and it works without a network." }</span></p>
            <ul class="gifts">
                <li><strong>{ "SCTP, SIP and TCP" }</strong>{ "Every chunk, parameter and header as a field, named as in Wireshark" }</li>
                <li><strong>{ "Large captures" }</strong>{ "Millions of packets: rows appear while the file is read" }</li>
                <li><strong>{ "Explained" }</strong>{ "What each field means, and the RFC section that says so" }</li>
            </ul>
        </div>
    }
}
