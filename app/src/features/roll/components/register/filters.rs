//! The filters above a register. A plain GET form before hydration, live after it.

use domain::accounts::status::StatusGroup;
use domain::authorization::policy::Permission;
use domain::roll::filter::RollFilter;
use domain::roll::status::RollStatus;
use leptos::prelude::*;

use super::Ready;
use super::address::ALL_ROLLS;
use super::store::RollStore;
use crate::features::office::layout::Desk;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::memo::memo;

/// The fields: name, year, group, and where asked for status and roll.
#[component]
pub fn Filters(
    /// What they filter.
    store: RollStore,
    /// Offer the account status.
    #[prop(optional)]
    status: bool,
    /// Offer the roll status.
    #[prop(optional)]
    roll: bool,
) -> impl IntoView {
    let filter = store.filter;
    let found_by = if Desk::get().may(Permission::ViewAccounts) {
        "Name, username or admission number"
    } else {
        "Name or admission number"
    };
    let set = move |change: fn(&mut RollFilter, String)| {
        move |event| filter.update(|filter| change(filter, event_target_value(&event)))
    };
    let facets = memo(move || store.facets());
    let rolls = move || filter.with(super::address::roll_word);
    let status_word =
        move || filter.with(|filter| filter.status.first().map_or("", |status| status.slug()).to_owned());
    view! {
        <form class="filters" method="get" aria-label="Filter students" on:submit=|event| event.prevent_default()>
            <div class="field grow">
                <label for="f-q">{found_by}</label>
                <input class="input" id="f-q" name="q" type="search" autocomplete="off"
                    prop:value=move || filter.with(|filter| filter.q.clone())
                    value=filter.with_untracked(|filter| filter.q.clone())
                    on:input=set(|filter, value| filter.q = value)/>
            </div>
            <div class="field">
                <label for="f-year">"Year"</label>
                <select class="select" id="f-year" name="year" on:change=set(|filter, value| filter.year = value)>
                    <Ready store>
                        <Choices any="Any" current=Signal::derive(move || filter.with(|filter| filter.year.clone()))
                            options=Signal::derive(move || facets.with(|facets| facets.years.iter().map(|year| (year.clone(), year.clone())).collect()))/>
                    </Ready>
                </select>
            </div>
            <div class="field">
                <label for="f-group">"Tutor group"</label>
                <select class="select" id="f-group" name="group" on:change=set(|filter, value| filter.group = value)>
                    <Ready store>
                        <Choices any="Any" current=Signal::derive(move || filter.with(|filter| filter.group.clone()))
                            options=Signal::derive(move || facets.with(|facets| facets.groups.iter().map(|group| (group.clone(), group.clone())).collect()))/>
                    </Ready>
                </select>
            </div>
            {status.then(|| view! {
                <div class="field">
                    <label for="f-status">"Status"</label>
                    <select class="select" id="f-status" name="status"
                        on:change=set(|filter, value| filter.status = StatusGroup::from_slug(&value).into_iter().collect())>
                        <Choices any="Any" current=Signal::derive(status_word)
                            options=Signal::derive(|| StatusGroup::ALL.into_iter().map(|group| (group.slug().to_owned(), group.label().to_owned())).collect())/>
                    </select>
                </div>
            })}
            {roll.then(|| view! {
                <div class="field">
                    <label for="f-roll">"Roll"</label>
                    <select class="select" id="f-roll" name="roll" on:change=set(|filter, value| filter.roll = super::address::rolls(&value))>
                        <Choices current=Signal::derive(rolls) options=Signal::derive(|| {
                            RollStatus::ALL.into_iter().map(|roll| (roll.slug().to_owned(), roll.label().to_owned()))
                                .chain([(ALL_ROLLS.to_owned(), "Current, Leaver, Future".to_owned())]).collect()
                        })/>
                    </select>
                </div>
            })}
            <noscript><button class="btn" type="submit">"Filter"</button></noscript>
        </form>
    }
}

/// The options of a select, with the chosen one marked in the document too.
#[component]
fn Choices(
    #[prop(optional)] any: Option<&'static str>,
    current: Signal<String>,
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    // The options are only drawn again when they change.
    let options = memo(move || options.get());
    let current = memo(move || current.get());
    move || {
        let current = current.get();
        let mut all = options.get();
        // A value that nobody has any more stays visible, so that it can be removed.
        if !current.is_empty() && !all.iter().any(|(value, _)| *value == current) {
            all.push((current.clone(), current.clone()));
        }
        any.map(|any| (String::new(), any.to_owned()))
            .into_iter()
            .chain(all)
            .map(|(value, label)| {
                let selected = value == current;
                view! { <option value=value selected=selected>{label}</option> }
            })
            .collect_view()
    }
}

/// How many match, and what narrows the list, each to be removed.
#[component]
pub fn FilterChips(
    /// What they filter.
    store: RollStore,
    /// The filter that the page begins with: "Clear filters" goes back to it.
    plain: fn() -> RollFilter,
) -> impl IntoView {
    let filter = store.filter;
    // A chip stays while its words change, as with every letter of a search.
    let chip = move |label: fn(&RollFilter, &RollFilter) -> Option<String>, clear: fn(&mut RollFilter)| {
        let label = memo(move || filter.with(|filter| label(filter, &plain())));
        let shown = memo(move || label.with(Option::is_some));
        move || {
            shown.get().then(|| {
                view! {
                    <button class="chip" type="button" on:click=move |_| filter.update(clear)>
                        {move || label.get()}" "<Icon name="x"/><Hidden>"Remove filter"</Hidden>
                    </button>
                }
            })
        }
    };
    let chips = [
        chip(|filter, _| some(&filter.q).map(|q| format!("\u{201c}{q}\u{201d}")), |filter| filter.q.clear()),
        chip(
            |filter, _| some(&filter.year).map(|year| format!("Year {}", year.trim_start_matches("Year "))),
            |filter| filter.year.clear(),
        ),
        chip(|filter, _| some(&filter.group).map(str::to_owned), |filter| filter.group.clear()),
        chip(
            |filter, plain| {
                let status = filter.status.first().filter(|_| filter.status != plain.status);
                status.map(|status| status.label().to_owned())
            },
            |filter| filter.status.clear(),
        ),
    ];
    let changed = move || filter.with(|filter| *filter != plain());
    view! {
        <div class="applied">
            <span class="found" role="status">
                <Ready store>
                    <b class="num">{move || store.total()}</b>
                    {move || if store.total() == 1 { " student matches" } else { " students match" }}
                </Ready>
            </span>
            {chips.into_iter().collect_view()}
            <button class="link" type="button" hidden=move || !changed() on:click=move |_| filter.set(plain())>"Clear filters"</button>
        </div>
    }
}

fn some(word: &str) -> Option<&str> {
    (!word.is_empty()).then_some(word)
}
