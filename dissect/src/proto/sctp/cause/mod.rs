//! The error causes of chunks.

use crate::Cx;

/// Adds the error causes that stand one after another in `bytes`.
pub fn dissect_all(cx: &mut Cx<'_>, bytes: &[u8]) {
    let _ = (cx, bytes);
}
