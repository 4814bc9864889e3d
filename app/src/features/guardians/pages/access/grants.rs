//! What an adult sees of a child, to change.

use backend::guardians::access::grants::page::{AccessPage, ChosenChild, EndedGrant, GuardedChild};
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::fields::FieldErrors;
use domain::guardians::grants::GrantRow;
use domain::ids::PersonId;
use domain::when::long_day;
use leptos::prelude::*;
use uuid::Uuid;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::described_by;
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The id of the form, which the fields in the table name: the table has a form of its own.
const FORM: &str = "access";

/// An adult's access as HTML; `problem` is why nothing was changed.
pub fn grants_page(
    page: OfficePage,
    shown: AccessPage,
    errors: FieldErrors,
    problem: Option<String>,
) -> String {
    let title = format!("What {} sees", shown.name);
    let wrong = !errors.is_empty() || problem.is_some();
    let head = if wrong { format!("Error: {title}") } else { title.clone() };
    render(page, head, move || {
        let adult = shown.adult;
        let chosen = shown.chosen.as_ref().map(|chosen| chosen.child.child);
        let children = (shown.children.len() > 1)
            .then(|| view! { <Children adult children=shown.children.clone() chosen/> });
        let inside = match shown.chosen {
            Some(chosen) => {
                view! { <OfChild adult name=shown.name.clone() chosen errors=errors.clone()/> }.into_any()
            }
            None if shown.children.is_empty() => view! {
                <p class="muted">"No child is theirs. Attach one on the guardian\u{2019}s record first."</p>
            }
            .into_any(),
            None => view! { <p>"Choose a child."</p> }.into_any(),
        };
        let lead = "Each part of the portal is opened by itself, for a reason and for some days. Without the profile nothing of a child is shown. Parents whose rights are not in doubt need no dates.";
        view! {
            <PageHead title lead=move || lead actions=move || view! {
                <a class="btn" href=format!("/guardians/{adult}")>"Open record"</a>
            }/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <ErrorSummary errors=errors.clone()/>
            {children}
            {inside}
        }
    })
}

#[component]
fn Children(adult: PersonId, children: Vec<GuardedChild>, chosen: Option<PersonId>) -> impl IntoView {
    let tabs = children
        .into_iter()
        .map(|child| {
            let path = format!("/guardians/{adult}/access?child={}", child.child);
            let current = (Some(child.child) == chosen).then_some("page");
            view! { <a href=path aria-current=current>{child.name}</a> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label="Children">{tabs}</nav> }
}

#[component]
fn OfChild(adult: PersonId, name: String, chosen: ChosenChild, errors: FieldErrors) -> impl IntoView {
    let ChosenChild { child, form, closed: parts, is_own, can_restore, ended } = chosen;
    let closed = if is_own {
        Some("This is about yourself. Ask a colleague: nobody decides what they see themselves.")
    } else if parts.len() == PortalScope::FAMILY.len() {
        Some("Access is restricted. Nothing can be given until the restriction is lifted.")
    } else {
        None
    };
    let some_closed = (closed.is_none() && !parts.is_empty()).then(|| {
        let parts: Vec<&str> = parts.iter().map(|scope| scope.label()).collect();
        let words = format!(
            "These parts can\u{2019}t be given until the restriction is lifted: {}.",
            parts.join(", ")
        );
        view! { <Notice tone="amber" title="Access is restricted"><p>{words}</p></Notice> }
    });
    let rows: Vec<ScopeRow> = PortalScope::FAMILY
        .into_iter()
        .zip(form.0)
        .map(|(scope, row)| ScopeRow { scope, row, errors: errors.clone() })
        .collect();
    let relationship = child.relationship.map_or("no contact any more", |known| known.label());
    let id = child.child;
    let restore = can_restore.then(|| {
        view! {
            <Notice tone="amber" title="They said: this is not my child">
                <form class="row" method="post" action=format!("/guardians/{adult}/access/restore")>
                    <input type="hidden" name="child" value=id.to_string()/>
                    <p>"Their access has stopped. If the two do belong together, give back what they had."</p>
                    <button class="btn" type="submit">"Give access back"</button>
                </form>
            </Notice>
        }
    });
    view! {
        <h2 class="gap-m">{child.name.clone()}</h2>
        <p><bdi>{name}</bdi>{format!(": {relationship}. ")}<a href=format!("/students/{id}/access")>"Who else sees this student"</a></p>
        {closed.map(|closed| view! { <Notice tone="amber" title="You can\u{2019}t change this"><p>{closed}</p></Notice> })}
        {some_closed}
        {restore}
        <Table rows=TableRows::new(LoadedRows::new(&SCOPES, rows)) label="Parts of the portal" empty=|| ()/>
        <form id=FORM method="post" action=format!("/guardians/{adult}/access") novalidate>
            <input type="hidden" name="child" value=id.to_string()/>
            {closed.is_none().then(|| view! { <div class="row gap-s"><button class="btn primary" type="submit">"Save"</button></div> })}
        </form>
        <Ended ended/>
    }
    .into_any()
}

/// A part of the portal in the table.
#[derive(Debug, Clone, PartialEq)]
struct ScopeRow {
    scope: PortalScope,
    row: GrantRow,
    errors: FieldErrors,
}

impl ScopeRow {
    fn field(&self, column: &str) -> String {
        format!("{column}-{}", self.scope.slug())
    }

    fn label(&self, column: &str) -> String {
        format!("{column}: {}", self.scope.label())
    }
}

static SCOPES: Kind<ScopeRow> = Kind {
    about: About {
        slug: "guardian-scopes",
        one: "part",
        many: "parts",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |row| Uuid::from_u128(row.scope as u128 + 1),
    name: |row| row.scope.label().to_owned(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("part", "Part", ColumnWidth::Grows(160), |row| {
            row.drawn(|row| view! {
                <label class="choice">
                    <input type="checkbox" form=FORM name=row.field("see") id=row.field("see") checked=row.row.ticked/>
                    <span>{row.scope.label()}</span>
                </label>
            }.into_any())
        }),
        Column::tells("ground", "Ground", ColumnWidth::Grows(192), 0, |row| row.drawn(ground)),
        Column::tells("from", "From", ColumnWidth::Fixed(160), 0, |row| {
            row.drawn(|row| day(row, "from", &row.row.from))
        })
        .labelled(),
        Column::tells("until", "Until", ColumnWidth::Fixed(160), 0, |row| {
            row.drawn(|row| day(row, "until", &row.row.until))
        })
        .labelled(),
    ],
};

fn ground(row: &ScopeRow) -> AnyView {
    let options = GrantGround::ALL
        .map(|ground| {
            let selected = row.row.ground == ground.slug();
            view! { <option value=ground.slug() selected=selected>{ground.label()}</option> }
        })
        .collect_view();
    let name = row.field("ground");
    let said = row.errors.of(&name).map(str::to_owned);
    let wrong = said.is_some();
    view! {
        <div class="field">
            {said_of(&name, said)}
            <select class="select" form=FORM name=name.clone() id=name.clone() aria-label=row.label("Ground")
                aria-invalid=wrong.then_some("true") aria-describedby=described_by(&name, false, wrong)>{options}</select>
        </div>
    }
    .into_any()
}

fn day(row: &ScopeRow, column: &'static str, value: &str) -> AnyView {
    let name = row.field(column);
    let said = row.errors.of(&name).map(str::to_owned);
    let wrong = said.is_some();
    let label = row.label(if column == "from" { "From" } else { "Until" });
    view! {
        <div class="field">
            {said_of(&name, said)}
            <input class="input" type="date" form=FORM name=name.clone() id=name.clone() value=value.to_owned() aria-label=label
                aria-invalid=wrong.then_some("true") aria-describedby=described_by(&name, false, wrong)/>
        </div>
    }
    .into_any()
}

/// What is wrong with the control of a cell, above it.
fn said_of(name: &str, said: Option<String>) -> AnyView {
    said.map(|said| {
        view! { <span class="error" id=format!("{name}-error")><Icon name="circle-alert"/>{said}</span> }
    })
    .into_any()
}

/// What the adult saw before.
#[component]
fn Ended(ended: Vec<EndedGrant>) -> impl IntoView {
    (!ended.is_empty()).then(|| {
        let lines = ended
            .into_iter()
            .map(|grant| view! {
                <div>
                    <dt>{grant.scope.label()}</dt>
                    <dd>{format!("{} to {}", long_day(grant.starts_on), long_day(grant.ended_on))}<span class="muted">{format!(" {}", grant.why)}</span></dd>
                </div>
            })
            .collect_view();
        view! { <h2 class="gap-m">"Before"</h2><dl class="facts long">{lines}</dl> }
    })
}
