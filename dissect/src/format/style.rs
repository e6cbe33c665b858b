//! Colours for text.

/// The escape sequences around pieces of text; empty for none. The caller decides whether a terminal reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Before the line of a protocol.
    pub protocol: &'static str,
    /// Before a label.
    pub label: &'static str,
    /// Before what the dissector says by itself.
    pub generated: &'static str,
    /// Before a remark of severity chat or note.
    pub note: &'static str,
    /// Before a warning.
    pub warning: &'static str,
    /// Before an error and where understanding stopped.
    pub error: &'static str,
    /// Behind each of them.
    pub reset: &'static str,
}

impl Style {
    /// No colours.
    pub const PLAIN: Style =
        Style { protocol: "", label: "", generated: "", note: "", warning: "", error: "", reset: "" };
    /// ANSI colours that can be read on dark and light ground.
    pub const ANSI: Style = Style {
        protocol: "\x1b[1;36m",
        label: "\x1b[34m",
        generated: "\x1b[2m",
        note: "\x1b[36m",
        warning: "\x1b[33m",
        error: "\x1b[1;31m",
        reset: "\x1b[0m",
    };
}
