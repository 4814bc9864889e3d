//! The tables of a run: one for each group of outcomes, and the children with no adult.

use domain::authorization::policy::Permission;
use domain::guardians::autocreate::line::RunLine;
use domain::guardians::autocreate::outcome::{Outcome, OutcomeGroup, Progress, Rule};
use domain::guardians::autocreate::views::AloneLine;
use domain::ids::AutocreateId;
use leptos::prelude::*;

use super::path_of;
use crate::features::office::layout::OfficeUser;
use crate::ui::cap::CapDrawing;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The run of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RunOf {
    /// Its id.
    pub(super) id: AutocreateId,
    /// How far it is.
    pub(super) progress: Progress,
}

/// A row, with the run it belongs to.
pub(super) type Line = (RunOf, RunLine);

/// A table of the rows of all groups, family by family.
#[component]
pub(super) fn FamilyTable(lines: Vec<Line>) -> impl IntoView {
    view! {
        <Table rows=TableRows::new(LoadedRows::new(&FAMILIES, lines)) label="By family" empty=|| view! {
            <p class="muted" role="status">"Nobody."</p>
        }/>
    }
    .into_any()
}

/// A table of a group.
#[component]
pub(super) fn GroupTable(group: OutcomeGroup, label: &'static str, lines: Vec<Line>) -> impl IntoView {
    let kind = match group {
        OutcomeGroup::Create => &CREATE,
        OutcomeGroup::Attach => &ATTACH,
        OutcomeGroup::Skipped => &SKIPPED,
        OutcomeGroup::Has => &HAS,
    };
    view! {
        <Table rows=TableRows::new(LoadedRows::new(kind, lines)) label=label empty=|| view! {
            <p class="muted" role="status">"Nobody."</p>
        }/>
    }
    .into_any()
}

const fn about(slug: &'static str) -> About {
    About {
        slug,
        one: "guardian",
        many: "guardians",
        margin: "Outcome",
        layout: RowLayout::Flat,
        opens: false,
    }
}

const fn kind(slug: &'static str) -> Kind<Line> {
    Kind {
        about: about(slug),
        id: |(_, line)| line.adult.0,
        name: |(_, line)| line.name.clone(),
        mark: Some(|row| row.drawn(mark)),
        flag: None,
        columns: COLUMNS,
    }
}

static CREATE: Kind<Line> = kind("autocreate-create");
static ATTACH: Kind<Line> = kind("autocreate-attach");
static SKIPPED: Kind<Line> = kind("autocreate-skipped");
static HAS: Kind<Line> = kind("autocreate-has");

static FAMILIES: Kind<Line> = Kind { columns: BY_FAMILY, ..kind("autocreate-families") };

const COLUMNS: &[Column<Line>] = &[GUARDIAN, EMAIL, STUDENTS, WHY, ACTS];

const BY_FAMILY: &[Column<Line>] = &[
    GUARDIAN,
    Column::tells("family", "Family", ColumnWidth::Fixed(80), 0, |row| {
        row.text(|(_, line)| (line.household + 1).to_string())
    }),
    STUDENTS,
    Column::tells("outcome", "Outcome", ColumnWidth::Fixed(160), 1, |row| {
        row.text(|(run, line)| line.outcome.label_at(run.progress).to_owned())
    }),
    WHY,
    ACTS,
];

const GUARDIAN: Column<Line> = Column::names("guardian", "Guardian", ColumnWidth::Grows(192), |row| {
    row.drawn(|(_, line)| {
        let href = format!("/guardians/{}", line.adult);
        view! { <a href=href>{line.name.clone()}</a><span class="sub">{line.what.clone()}</span> }.into_any()
    })
});

const EMAIL: Column<Line> =
    Column::tells("email", "Email", ColumnWidth::Grows(224), 1, |row| row.drawn(|(_, line)| email(line)));

const STUDENTS: Column<Line> = Column::tells("students", "Students", ColumnWidth::Grows(192), 0, |row| {
    row.drawn(|(_, line)| {
        let last = line.children.len().saturating_sub(1);
        line.children
            .iter()
            .enumerate()
            .map(|(at, (child, name))| {
                let href = format!("/students/{child}");
                view! { <a href=href>{name.clone()}</a>{(at < last).then_some(", ")} }
            })
            .collect_view()
            .into_any()
    })
});

const WHY: Column<Line> = Column::tells("why", "What happens and why", ColumnWidth::Grows(272), 0, |row| {
    row.drawn(|(_, line)| {
        let username = line
            .username
            .clone()
            .map(|username| view! { <span class="sub">"Username "<code>{username}</code></span> });
        view! { {line.why()}{username}{facts(line)} }.into_any()
    })
});

const ACTS: Column<Line> = Column::acts(176, |row| row.drawn(fix));

/// What was known of the adult and each child, and which record said so.
fn facts(line: &RunLine) -> AnyView {
    let may_know = OfficeUser::get().may(Permission::ManageRestrictions);
    let of_children = line
        .children
        .iter()
        .zip(&line.facts)
        .map(|((_, child), facts)| {
            let lines = facts.told(may_know).into_iter().map(|fact| {
                view! { <div><dt>{fact.about}</dt><dd>{format!("{} ({})", fact.tells, fact.source)}</dd></div> }
            });
            view! { <p><b><bdi>{child.clone()}</bdi></b></p><dl class="facts">{lines.collect_view()}</dl> }
        })
        .collect_view();
    let whose = format!(" about {}", line.name);
    view! { <details><summary>"Facts"<Hidden>{whose}</Hidden></summary>{of_children}</details> }.into_any()
}

/// The drawing in the margin, with its sentence.
fn mark((run, line): &Line) -> AnyView {
    let says = line.outcome.label_at(run.progress);
    match line.outcome.group() {
        OutcomeGroup::Create if run.progress != Progress::Done => view! {
            <span class="cap"><CapDrawing has=false/><span class="badge"><Icon name="plus"/></span><Hidden>{says}</Hidden></span>
        }
        .into_any(),
        OutcomeGroup::Attach => view! {
            <span class="cap" data-has><CapDrawing has=true/><span class="badge"><Icon name="link-2"/></span><Hidden>{says}</Hidden></span>
        }
        .into_any(),
        OutcomeGroup::Create | OutcomeGroup::Has => view! {
            <span class="cap" data-has><CapDrawing has=true/><Hidden>{says}</Hidden></span>
        }
        .into_any(),
        OutcomeGroup::Skipped => view! {
            <span class="mark"><Icon name="circle-minus"/><Hidden>{says}</Hidden></span>
        }
        .into_any(),
    }
}

fn email(line: &RunLine) -> AnyView {
    match &line.email {
        _ if line.email_hidden => {
            view! { <span class="where"><Icon name="eye-off" small=true/>"Hidden"</span> }.into_any()
        }
        Some(email) => {
            view! { <span class="where"><Icon name="mail" small=true/>{email.clone()}</span> }.into_any()
        }
        None => view! { <span class="muted">"None"</span> }.into_any(),
    }
}

/// What can be done about a row, by those who may: a person decides, and the simulation is run again.
fn fix((RunOf { id: run, .. }, line): &Line) -> AnyView {
    let user = OfficeUser::get();
    let restricts = user.may(Permission::ManageRestrictions);
    let record = |part: &str| format!("/guardians/{}?run={run}#{part}", line.adult);
    let way = |href: String, words: &'static str| {
        let who = format!(": {}", line.name);
        view! { <a class="btn quiet small" href=href>{words}<Hidden>{who}</Hidden></a> }.into_any()
    };
    match (line.outcome, line.rule) {
        _ if line.changed => ().into_any(),
        (Outcome::Restricted, _) if restricts => {
            let order = line
                .children
                .first()
                .map(|(child, _)| way(format!("/students/{child}/access"), "View order"));
            view! { {order}{include(*run, line)} }.into_any()
        }
        (Outcome::NoPortal, _) if restricts => include(*run, line),
        (Outcome::AskSamePerson, _) => line
            .alike
            .as_ref()
            .and_then(|alike| alike.pair)
            .map(|pair| way(format!("/guardians/duplicates/{pair}/merge?run={run}"), "Compare"))
            .into_any(),
        (Outcome::CreateNoChannel, _) | (_, Rule::NoEmail) if user.may(Permission::EditContacts) => {
            way(record("addresses"), "Add email")
        }
        (Outcome::AskUsername, _) | (_, Rule::AccountClosed) if user.may(Permission::ManageAccounts) => {
            way(record("account"), "Open account")
        }
        _ => ().into_any(),
    }
}

/// The button that includes contacts despite a restriction or mark.
fn include(run: AutocreateId, line: &RunLine) -> AnyView {
    let action = format!("{}/include", path_of(run));
    let contacts = line.contacts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let who = format!(" {} despite this", line.name);
    view! {
        <form method="post" action=action>
            <input type="hidden" name="contacts" value=contacts/>
            <button class="btn quiet small" type="submit">"Include"<Hidden>{who}</Hidden></button>
        </form>
    }
    .into_any()
}

/// The children with no adult.
#[component]
pub(super) fn AloneTable(lines: Vec<AloneLine>) -> impl IntoView {
    view! {
        <Table rows=TableRows::new(LoadedRows::new(&ALONE, lines)) label="Children left with no adult" empty=|| view! {
            <p class="muted" role="status">"Every child has an adult."</p>
        }/>
    }
    .into_any()
}

static ALONE: Kind<AloneLine> = Kind {
    about: About {
        slug: "autocreate-alone",
        one: "student",
        many: "students",
        margin: "",
        layout: RowLayout::Flat,
        opens: true,
    },
    id: |line| line.child.0,
    name: |line| line.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Student", ColumnWidth::Grows(192), |row| {
            row.drawn(|line| {
                let href = format!("/students/{}", line.child);
                view! { <a href=href>{line.name.clone()}</a> }.into_any()
            })
        }),
        Column::tells("group", "Group", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|line| line.group.clone())
        }),
        Column::tells("why", "Why", ColumnWidth::Grows(272), 0, |row| {
            row.text(|line| match line.contacts {
                0 => "No contact on record".to_owned(),
                1 => "1 contact, who gets no access".to_owned(),
                many => format!("{many} contacts, none of whom gets access"),
            })
        }),
    ],
};
