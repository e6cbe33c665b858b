//! The icons: lines on a grid of 16.

use yew::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Icon {
    Open,
    Paste,
    Save,
    Before,
    GoTo,
    Find,
    Up,
    Down,
    Mark,
    Explain,
    View,
    Chart,
    Help,
    Close,
    Moon,
    Sun,
    Warning,
    Lock,
}

/// Draws an icon. It is said by the words beside it.
pub(crate) fn icon(icon: Icon) -> Html {
    let d = match icon {
        Icon::Open => "M1.75 12.5v-9h4.5l1.5 1.75h6.5v7.25zM1.75 7.25h12.5",
        Icon::Paste => "M5.5 2.75h-2v11.5h9V2.75h-2M5.5 1.75h5v2.5h-5zM5.75 7.5h4.5M5.75 10.5h4.5",
        Icon::Save => "M8 2v7.5M4.75 6.5 8 9.75l3.25-3.25M2.5 10.5v3h11v-3",
        Icon::Before => "M8 14.25a6.25 6.25 0 1 0-6-4.5M2 13.5V9.75h3.75M8 4.75V8l2.5 1.5",
        Icon::GoTo => "M2 8h9M7.5 4.25 11.25 8 7.5 11.75M14 3v10",
        Icon::Find => "M7 11.75a4.75 4.75 0 1 0 0-9.5 4.75 4.75 0 0 0 0 9.5zM10.5 10.5 14 14",
        Icon::Up => "M8 13V3.5M4 7.25 8 3.25l4 4",
        Icon::Down => "M8 3v9.5M4 8.75l4 4 4-4",
        Icon::Mark => "M4.25 1.75h7.5v12.5L8 11.25l-3.75 3z",
        Icon::Explain => "M8 14.25a6.25 6.25 0 1 0 0-12.5 6.25 6.25 0 0 0 0 12.5zM8 7.25v4M8 4.6v.3",
        Icon::View => "M2 4h6.5M12 4h2M2 8h1.5M7 8h7M2 12h6.5M12 12h2M10.25 2.5v3M5.25 6.5v3M10.25 10.5v3",
        Icon::Chart => "M2 2v12h12M4.5 11 7 7l2.5 2.5L13.5 4",
        Icon::Help => "M5.5 5.75a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M8 12.3v.3",
        Icon::Close => "M3.75 3.75l8.5 8.5M12.25 3.75l-8.5 8.5",
        Icon::Moon => "M13.5 9.6A6 6 0 0 1 6.4 2.5a5.75 5.75 0 1 0 7.1 7.1z",
        Icon::Sun => {
            "M8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM8 1.25v1.5M8 13.25v1.5M1.25 8h1.5M13.25 8h1.5M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M3.2 12.8l1.1-1.1M11.7 4.3l1.1-1.1"
        }
        Icon::Warning => "M8 2 1.5 13.5h13zM8 6.25v3.5M8 11.5v.3",
        Icon::Lock => "M3.5 7.25h9v6.5h-9zM5.5 7v-2a2.5 2.5 0 0 1 5 0v2",
    };
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path {d} /></svg>
    }
}
