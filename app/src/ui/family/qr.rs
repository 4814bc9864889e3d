//! QR codes, drawn on the server.

use std::fmt::Write as _;

use fast_qr::{ECL, Module, QRBuilder};
use leptos::prelude::*;

/// The quiet zone around the code, in modules (ISO/IEC 18004, section 9.1).
const QUIET: usize = 4;

/// A QR code of a text, dark on light in both themes. Empty if the text is too long.
#[component]
pub fn QrCode(
    /// The text.
    text: String,
    /// What the code is for, for screen readers.
    label: &'static str,
) -> impl IntoView {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let size = code.size + 2 * QUIET;
    let mut dark = String::new();
    for row in 0..code.size {
        for (at, length) in runs(&code[row]) {
            // Writing to a String cannot fail.
            let _ = write!(dark, "M{} {}h{length}v1h-{length}z", at + QUIET, row + QUIET);
        }
    }
    let drawn = view! {
        <svg class="qr" role="img" aria-label=label viewBox=format!("0 0 {size} {size}") shape-rendering="crispEdges">
            <path d=dark />
        </svg>
    };
    Some(drawn)
}

/// The start and length of each run of dark modules in a row.
fn runs(row: &[Module]) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    row.chunk_by(|a, b| a.value() == b.value()).filter_map(move |run| {
        let began = at;
        at += run.len();
        run[0].value().then_some((began, run.len()))
    })
}
