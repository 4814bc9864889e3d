//! The question before an action on several guardians: how many it is for, who is left out and why.

use backend::guardians::bulk::ask::{BulkQuestion, PlannedAccounts};
use domain::accounts::export::ExportFormat;
use domain::accounts::plan::PlanRow;
use domain::accounts::username::Username;
use domain::guardians::bulk::{ChosenGuardians, GuardianAction};
use leptos::prelude::*;

use super::list::GUARDIANS_PAGE;
use crate::features::office::page::{OfficePage, render};
use crate::features::operations::components::QuestionFacts;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The page as HTML. `back` is the list as it was filtered.
pub fn bulk_page(
    page: OfficePage,
    action: GuardianAction,
    chosen: ChosenGuardians,
    back: String,
    question: BulkQuestion,
) -> String {
    let title = match question.ready {
        0 => "There is nobody to do this for".to_owned(),
        many => format!("{}?", action.button(many)),
    };
    render(page, title.clone(), move || {
        let BulkQuestion { ready, left_out, waits, plan } = question;
        let lead = if ready == 0 { String::new() } else { action.consequence(ready) };
        let hash = plan.as_ref().map(|plan| plan.hash.to_string());
        view! {
            <PageHead title lead=move || lead.clone() up=Some(GUARDIANS_PAGE)/>
            <QuestionFacts left_out waits/>
            <form class="row gap-m" method="post" action=path(action)>
                <Whom chosen/>
                <input type="hidden" name="action" value=action.slug()/>
                {hash.map(|hash| view! { <input type="hidden" name="seen" value=hash/> })}
                {(ready > 0).then(|| view! { <Buttons action ready/> })}
                <a class="btn" href=back>"Back"</a>
            </form>
            {plan.map(|plan| view! { <Accounts plan/> })}
        }
    })
}

/// Where an answer is sent: each permission has its own door.
fn path(action: GuardianAction) -> &'static str {
    match action {
        GuardianAction::Create => "/guardians/bulk/create",
        GuardianAction::Invite(_) | GuardianAction::Cancel => "/guardians/bulk/invitations",
        GuardianAction::Print | GuardianAction::Cards | GuardianAction::Codes | GuardianAction::Change(_) => {
            "/guardians/bulk/accounts"
        }
        GuardianAction::Export => "/guardians/bulk/export",
    }
}

/// The chosen guardians, in a form.
#[component]
fn Whom(chosen: ChosenGuardians) -> impl IntoView {
    match chosen {
        ChosenGuardians::Ticked(people) => people
            .into_iter()
            .map(|person| view! { <input type="hidden" name="guardian" value=person.to_string()/> })
            .collect_view()
            .into_any(),
        ChosenGuardians::Matching(filter) => view! {
            <input type="hidden" name="all" value="yes"/>
            <input type="hidden" name="q" value=filter.words/>
            <input type="hidden" name="account" value=filter.accounts.slug()/>
        }
        .into_any(),
    }
}

#[component]
fn Buttons(action: GuardianAction, ready: usize) -> impl IntoView {
    if action == GuardianAction::Export {
        return [("Excel", ExportFormat::Xlsx), ("CSV", ExportFormat::Csv)]
            .map(|(name, format)| {
                let words = format!("{} to {name}", action.button(ready));
                view! { <button class="btn primary" type="submit" name="format" value=format.slug()><Icon name="download"/>{words}</button> }
            })
            .collect_view()
            .into_any();
    }
    view! { <button class="btn primary" type="submit">{action.button(ready)}</button> }.into_any()
}

/// The accounts that would be created, and those that somebody has to look at.
#[component]
fn Accounts(plan: PlannedAccounts) -> impl IntoView {
    let PlannedAccounts { ready, review, .. } = plan;
    let review = (!review.is_empty()).then(|| view! {
        <h2 class="gap-m">"Left out until somebody chooses the username"</h2>
        <Table rows=TableRows::new(LoadedRows::new(&REVIEW, review)) label="Usernames to choose" empty=|| ()/>
    });
    let ready = (!ready.is_empty()).then(|| {
        view! {
            <h2 class="gap-m">"Accounts that are created"</h2>
            <Table rows=TableRows::new(LoadedRows::new(&READY, ready)) label="New accounts" empty=|| ()/>
        }
    });
    view! { {review}{ready} }.into_any()
}

const fn about(slug: &'static str) -> About {
    About { slug, one: "account", many: "accounts", margin: "", layout: RowLayout::Flat, opens: false }
}

const NAME: Column<PlanRow> = Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
    row.drawn(|row: &PlanRow| {
        let href = format!("/guardians/{}", row.person);
        view! { <a href=href><bdi>{row.name.clone()}</bdi></a> }.into_any()
    })
});

const USERNAME: Column<PlanRow> = Column::tells("username", "Username", ColumnWidth::Grows(192), 0, |row| {
    row.code(|row: &PlanRow| row.username().map(Username::to_string).unwrap_or_default())
});

/// The accounts that would be created.
static READY: Kind<PlanRow> = Kind {
    about: about("new-guardian-accounts"),
    id: |row| row.person.0,
    name: |row| row.name.clone(),
    mark: None,
    flag: None,
    columns: &[NAME, USERNAME],
};

/// The accounts whose username needs a decision.
static REVIEW: Kind<PlanRow> = Kind {
    about: about("guardian-usernames"),
    id: |row| row.person.0,
    name: |row| row.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        NAME,
        USERNAME,
        Column::tells("why", "Why", ColumnWidth::Grows(288), 0, |row| {
            row.text(|row: &PlanRow| row.complaint().unwrap_or_default())
        }),
    ],
};
