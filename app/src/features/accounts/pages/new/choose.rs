//! Step 1: choosing students.

use domain::accounts::views::AccountSummary;
use domain::authorization::policy::Permission;
use domain::credentials::status::StatusGroup;
use domain::ids::PersonId;
use domain::roll::status::RollStatus;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::{NewAccountsWizard, Steps};
use crate::error::AppResult;
use crate::features::accounts::api::count_accounts;
use crate::features::accounts::components::columns::WITHOUT_ACCOUNT as KIND;
use crate::features::office::layout::OfficeUser;
use crate::features::roll::components::list::{RollStore, WITHOUT_ACCOUNT};
use crate::ui::cap::CapDrawing;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::memo::memo;
use crate::ui::page::PageHead;
use crate::ui::table::{FilterForm, Ready, Table, pick_matching};

/// Students without an account, under Current, Leaver and Future.
#[component]
pub fn ChooseStudents() -> impl IntoView {
    let wizard = expect_context::<NewAccountsWizard>();
    let store = RollStore::new(&KIND, WITHOUT_ACCOUNT, |filter| filter.status = vec![StatusGroup::NoAccount]);
    let rows = store.rows();
    let picks = wizard.picks;
    wizard.keep(|| ());
    // "Create account" on a record links here with its student.
    let query = use_query_map();
    Effect::new(move || {
        let person =
            query.with_untracked(|query| query.get("person")).and_then(|id| id.parse::<PersonId>().ok());
        picks.set(person.map(|person| person.0), true);
    });
    let nobody = RwSignal::new(false);
    let navigate = use_navigate();
    let next = move |_| {
        nobody.set(picks.count() == 0);
        if !nobody.get_untracked() {
            wizard.matching.set(picks.is_matching().then(|| store.filter()));
            navigate("/accounts/new/review", leptos_router::NavigateOptions::default());
        }
    };
    let school = OfficeUser::get().school();
    let figures: Resource<AppResult<AccountSummary>> =
        Resource::new(move || store.version(), move |_| count_accounts(school));
    let empty_school = move || figures.get().and_then(Result::ok).map(|summary| summary.on_roll == 0);
    // Counted once for all three.
    let facets = memo(move || store.facets());
    view! {
        <PageHead
            title="New student accounts"
            up=Some(("/accounts", "User accounts"))
            mark=|| view! { <span class="cap large"><CapDrawing has=false/></span> }
            lead=|| "Students who already have an account are not listed. Those who are back and had a closed account get it again."
            steps=|| view! { <Steps now=1/> }
        />
        <fieldset class="row">
            <legend class="vh">"Which students?"</legend>
            <span class="seg">
                {RollStatus::ALL.into_iter().map(|roll| {
                    let count = Signal::derive(move || facets.with(|facets| {
                        facets.rolls.iter().find(|(of, _)| *of == roll).map_or(0, |(_, count)| *count)
                    }));
                    view! {
                        <label>
                            <input type="radio" name="roll" value=roll.slug()
                                prop:checked=move || store.filter().roll == [roll]
                                on:change=move |_| store.filters.set("roll", roll.slug())/>
                            {roll.label()}" "
                            <span class="count"><Ready rows>{move || count.get()}</Ready></span>
                        </label>
                    }
                }).collect_view()}
            </span>
            <button class="btn push" type="button" on:click=move |_| pick_matching(rows, picks)><Icon name="check"/>"Select all"</button>
        </fieldset>
        <FilterForm filters=store.filters rows choices=Some(store.choices())/>
        <Table rows picks=Some(picks) filters=Some(store.filters) label="Students without an account" empty=move || view! {
            <NobodyWithout store empty_school/>
        }/>
        <div class="actionbar bleed" role="region" aria-label="Next step">
            <button class="btn primary" type="button" on:click=next>"Next"</button>
            <a class="btn" href="/accounts">"Close"</a>
            <span role="status">
                {move || match (nobody.get() && picks.count() == 0, picks.count()) {
                    (true, _) => "Choose at least one student first.".to_owned(),
                    (_, 1) => "1 student selected. Nothing is created yet.".to_owned(),
                    (_, count) => format!("{count} students selected. Nothing is created yet."),
                }}
            </span>
        </div>
    }
}

/// Shown if the list is empty: there is nobody on roll, or everyone who matches has an account.
#[component]
fn NobodyWithout(
    store: RollStore,
    /// Whether the school has nobody on roll; `None` until that is known.
    empty_school: impl Fn() -> Option<bool> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let imports = OfficeUser::get().may(Permission::ImportRoll);
    let nobody = move || store.facets().rolls.iter().all(|(_, count)| *count == 0);
    view! {
        <div class="empty">
            <Transition>
                {live(move || empty_school().map(|empty_school| if empty_school && nobody() {
                    view! {
                        <CapDrawing has=false/>
                        <p><b>"There are no students yet"</b></p>
                        <p>"Import the roll first. Then create accounts for the students here."</p>
                        {imports.then(|| view! { <p><a class="btn" href="/imports">"Import a spreadsheet"</a></p> })}
                    }.into_any()
                } else {
                    view! {
                        <CapDrawing has=true/>
                        <p><b>"No students without an account"</b></p>
                        <p>"Everyone who matches already has one. Try Current, Leaver or Future, or clear the filters."</p>
                        <p><a class="btn" href="/accounts">"User accounts"</a></p>
                    }.into_any()
                }))}
            </Transition>
        </div>
    }
}
