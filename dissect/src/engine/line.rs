//! Writing the summary line.

use super::Cx;
use crate::Out;

/// Without a line these do nothing.
impl Cx<'_> {
    /// Names the protocol in its column and begins its text; what protocols below wrote goes, unless they kept it.
    #[inline]
    pub fn column(&mut self, protocol: &'static str) {
        if let Some(line) = &mut self.line {
            line.protocol = protocol;
            line.waits = false;
            line.info.truncate(line.kept);
        }
    }
    /// Says that the protocol which just named itself writes its text only if nobody whom it carries has one, which would
    /// take its place: [`text_waits`](Cx::text_waits) tells that.
    #[inline]
    pub fn wait_with_text(&mut self) {
        if let Some(line) = &mut self.line {
            line.waits = true;
        }
    }
    /// Whether the text that [waits](Cx::wait_with_text) is to be written now, as nobody took its place.
    #[inline]
    pub fn text_waits(&mut self) -> bool {
        self.line.as_mut().is_some_and(|line| std::mem::take(&mut line.waits))
    }
    /// Names the carried protocol beside its carrier: a column that says `from` says `to` (`SIP`, `SIP/SDP`).
    pub fn rename_column(&mut self, from: &str, to: &'static str) {
        if let Some(line) = self.line.as_mut().filter(|line| line.protocol == from) {
            line.protocol = to;
        }
    }
    /// Where to write what the packet says, if a summary is wanted.
    #[inline]
    pub fn info(&mut self) -> Option<&mut Out> {
        self.line.as_deref_mut().map(|line| &mut line.info)
    }
    /// Writes two ports there: the beginning of what a transport's line says.
    #[inline]
    pub fn info_ports(&mut self, of: crate::Transport, source: u16, destination: u16) {
        if let Some(line) = &mut self.line {
            line.ports(of, source, destination);
        }
    }
    /// Whether a summary is wanted.
    #[inline]
    pub fn has_line(&self) -> bool {
        self.line.is_some()
    }
    /// Keeps what was written so far when the next protocol begins its own text.
    pub fn keep_info(&mut self) {
        if let Some(line) = &mut self.line {
            line.kept = line.info.len();
        }
    }
    /// Sets the addresses of the summary line and of [`Cx::ends`].
    #[inline]
    pub fn addresses(&mut self, source: crate::Address, destination: crate::Address) {
        (self.ends.source, self.ends.destination) = (source, destination);
        if let Some(line) = &mut self.line {
            (line.source, line.destination) = (source, destination);
        }
    }
}
