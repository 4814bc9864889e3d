//! The head of the table: headings, sorting and selecting all.

use leptos::prelude::*;

use super::column::{ColumnHead, ColumnRole};
use super::fit::FittedColumn;
use super::picks::Picks;
use super::source::{Sort, TableRows};
use super::view::Columns;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::live::live;
use crate::ui::memo::Derived;

#[component]
pub(super) fn HeadRow(
    rows: TableRows,
    picks: Option<Picks>,
    picked: Derived<usize>,
    columns: Columns,
    margin: &'static str,
) -> impl IntoView {
    let sort = rows.source().sort();
    let cell = move |(shown, head): (FittedColumn, ColumnHead)| {
        let class = shown.class;
        match sort {
            _ if head.role == ColumnRole::Acts => view! {
                <th role="columnheader" scope="col" class=class><Hidden>{head.heading}</Hidden></th>
            }
            .into_any(),
            Some(sort) if head.sorts => view! {
                <th role="columnheader" scope="col" class=class aria-sort=move || direction(sort, head.slug)>
                    <button class="sort" type="button" on:click=move |_| turn(sort, head.slug)>
                        {head.heading}" "
                        <Icon name=Signal::derive(move || if direction(sort, head.slug) == Some("descending") { "arrow-down" } else { "arrow-up" })/>
                    </button>
                </th>
            }
            .into_any(),
            _ => view! { <th role="columnheader" scope="col" class=class>{head.heading}</th> }.into_any(),
        }
    };
    let class = if picks.is_some() { "m2" } else { "m" };
    view! {
        <thead role="rowgroup">
            <tr role="row" aria-rowindex="1">
                {picks.map(|picks| view! { <HeadBox rows picks picked/> })}
                <th role="columnheader" scope="col" class=class><Hidden>{margin}</Hidden></th>
                {columns.get_value().into_iter().map(cell).collect_view()}
            </tr>
        </thead>
    }
}

fn direction(sort: RwSignal<Sort>, by: &'static str) -> Option<&'static str> {
    let current = sort.get();
    (current.by == by).then_some(if current.descending { "descending" } else { "ascending" })
}

/// Sorts by a column, or reverses the order if the list is already sorted by it.
fn turn(sort: RwSignal<Sort>, by: &'static str) {
    sort.update(|sort| *sort = Sort { by, descending: sort.by == by && !sort.descending });
}

/// Sorting for entries, which have no head.
#[component]
pub(super) fn SortField(rows: TableRows, heads: StoredValue<Vec<ColumnHead>>) -> impl IntoView {
    rows.source().sort().map(|sort| sort_field(sort, heads))
}

fn sort_field(sort: RwSignal<Sort>, heads: StoredValue<Vec<ColumnHead>>) -> impl IntoView {
    let heads = heads.with_value(|heads| heads.iter().copied().filter(|head| head.sorts).collect::<Vec<_>>());
    let options = heads.iter().map(|head| {
        let head = *head;
        view! { <option value=head.slug selected=move || sort.get().by == head.slug>{head.heading}</option> }
    });
    let options = options.collect_view();
    let change = move |event| {
        let by = event_target_value(&event);
        if let Some(head) = heads.iter().find(|head| head.slug == by) {
            sort.set(Sort::by(head.slug));
        }
    };
    view! {
        <label class="sort-field">"Sort by "<select class="select" on:change=change>{options}</select></label>
    }
}

/// The checkbox in the head: it has three states and covers the loaded rows.
#[component]
fn HeadBox(rows: TableRows, picks: Picks, picked: Derived<usize>) -> impl IntoView {
    let all = move || picked.get() > 0 && picked.get() == rows.source().at_hand();
    let some = move || picked.get() > 0 && !all();
    let change = move |event| picks.set(untrack(|| rows.source().ids()), event_target_checked(&event));
    let many = rows.source().kind().about().many;
    view! {
        <th role="columnheader" scope="col" class="m1">
            <label>
                <input type="checkbox" prop:checked=all prop:indeterminate=some on:change=change/>
                <Hidden>{format!("Select all {many} shown")}</Hidden>
            </label>
        </th>
    }
}

/// The strip above the head while anything is selected.
#[component]
pub(super) fn SelectNote(rows: TableRows, picks: Picks, picked: Derived<usize>) -> impl IntoView {
    let many = rows.source().kind().about().many;
    let total = move || rows.source().total();
    let is_all = move || picks.is_matching() || total() == Some(picked.get());
    let words = move || {
        let (shown, count) = (picked.get(), picks.count());
        if is_all() {
            let hidden = if picks.is_matching() { 0 } else { count - shown.min(count) };
            return said(format!("All {} {many} that match are selected.", total().unwrap_or(count)), hidden);
        }
        let hidden = count - shown.min(count);
        match total() {
            Some(total) => said(format!("{shown} of {total} {many} selected."), hidden),
            None => said(format!("{shown} {many} selected."), hidden),
        }
    };
    let pick = move |_| pick_matching(rows, picks);
    let offer = move || total().map(|total| format!("Select all {total} that match"));
    view! {
        <div class="select-note no-print" hidden=move || picks.count() == 0>
            <span role="status">{live(words)}</span>
            <button class="link" type="button" hidden=move || is_all() || total().is_none() on:click=pick>{live(offer)}</button>
            <button class="link" type="button" on:click=move |_| picks.clear()>"Clear selection"</button>
        </div>
    }
}

fn said(here: String, hidden: usize) -> String {
    match hidden {
        0 => here,
        1 => format!("{here} 1 more is selected and hidden by the filters."),
        _ => format!("{here} {hidden} more are selected and hidden by the filters."),
    }
}

/// Selects all matching rows: by id if the browser has them, otherwise by filter.
pub fn pick_matching(rows: TableRows, picks: Picks) {
    let (ids, total) = untrack(|| (rows.source().ids(), rows.source().total()));
    match total {
        Some(total) if total > ids.len() => picks.set_matching(total),
        _ => picks.set(ids, true),
    }
}
