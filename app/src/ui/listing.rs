//! A list of records that is short enough to be drawn whole: the register of the design without its virtual rows.

use leptos::prelude::*;

use super::icon::Hidden;

/// The table in its frame. Each row begins with a cell in the margin, of class `m`.
#[component]
pub fn Listing(
    /// What it lists, for screen readers.
    label: &'static str,
    /// What the margin tells, for screen readers; nothing where it is empty.
    #[prop(optional)]
    margin: &'static str,
    /// The words above the other columns.
    columns: &'static [&'static str],
    /// Whether the rows end with buttons.
    #[prop(optional)]
    acts: bool,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="bleed register-frame">
            <table role="table" class="register flat" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col" class="m"><Hidden>{margin}</Hidden></th>
                        {columns.iter().map(|column| view! { <th role="columnheader" scope="col">{*column}</th> }).collect_view()}
                        {acts.then(|| view! { <th role="columnheader" scope="col"><Hidden>"Actions"</Hidden></th> })}
                    </tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}
