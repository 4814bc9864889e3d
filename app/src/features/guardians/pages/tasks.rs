//! What the office is asked to look at.

use backend::guardians::tasks::list::TaskLine;
use domain::guardians::task::TaskKind;
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The open tasks as HTML. `undo` is a task that was just done, to open again.
pub fn tasks_page(page: OfficePage, tasks: Vec<TaskLine>, undo: Option<String>) -> String {
    render(page, "Tasks", move || {
        let undo = undo.map(|task| {
            view! {
                <form class="row" method="post" action="/guardians/tasks">
                    <input type="hidden" name="task" value=task/>
                    <input type="hidden" name="open" value="again"/>
                    <button class="btn small" type="submit">"Open the last one again"</button>
                </form>
            }
        });
        let lead = "What needs a person: somebody said that a child is not theirs, a restriction is due, a student comes of age, a contact is known at another school.";
        view! {
            <PageHead title="Tasks" lead=move || lead/>
            {undo}
            <Table rows=TableRows::new(LoadedRows::new(&TASKS, tasks)) label="Tasks" empty=|| view! {
                <p class="muted">"Nothing to do. New tasks appear here by themselves."</p>
            }/>
        }
    })
}

static TASKS: Kind<TaskLine> = Kind {
    about: About {
        slug: "office-tasks",
        one: "task",
        many: "tasks",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |task| task.id.0,
    name: |task| title(task).to_owned(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("what", "What", ColumnWidth::Grows(192), |row| {
            row.drawn(|task| view! { <b>{title(task)}</b> }.into_any())
        }),
        Column::tells("who", "Who", ColumnWidth::Grows(192), 0, |row| row.drawn(who)),
        Column::tells("advice", "What to do", ColumnWidth::Grows(272), 0, |row| row.text(advice)),
        Column::tells("since", "Since", ColumnWidth::Fixed(160), 1, |row| {
            row.text(|task: &TaskLine| long_day(task.at.date_naive()))
        })
        .labelled(),
        Column::tells("school", "School", ColumnWidth::Grows(160), 2, |row| {
            row.text(|task| task.school.clone())
        }),
        Column::acts(208, |row| row.drawn(done)),
    ],
};

fn title(task: &TaskLine) -> &'static str {
    task.kind.map_or("Something to look at", TaskKind::label)
}

fn advice(task: &TaskLine) -> String {
    let advice = task.kind.map_or("", TaskKind::advice);
    let told = task.details.of_age.map(domain::guardians::task::OfAgeNotice::sentence);
    std::iter::once(advice.to_owned()).chain(told).collect::<Vec<_>>().join(" ")
}

fn who(task: &TaskLine) -> AnyView {
    let adult = task.adult.clone().map(|(id, name)| {
        let path = match &task.child {
            Some((child, _)) => format!("/guardians/{id}/access?child={child}"),
            None => format!("/guardians/{id}"),
        };
        view! { <a href=path>{name}</a> }
    });
    let child =
        task.child.clone().map(|(id, name)| view! { <a href=format!("/students/{id}/access")>{name}</a> });
    let between = (adult.is_some() && child.is_some()).then_some(", about ");
    let day = task.details.day.map(|day| view! { <br/><small class="muted">{long_day(day)}</small> });
    view! { <span>{adult}{between}{child}{day}</span> }.into_any()
}

fn done(task: &TaskLine) -> AnyView {
    let about = [&task.adult, &task.child].into_iter().flatten().map(|(_, name)| name.as_str());
    let about = about.collect::<Vec<_>>().join(", ");
    let label = if about.is_empty() {
        format!("Done: {}", title(task))
    } else {
        format!("Done: {}: {about}", title(task))
    };
    let pair = task.adult.as_ref().zip(task.child.as_ref());
    let restore = pair.filter(|_| task.kind == Some(TaskKind::NotMyChild)).map(|((adult, name), (child, of))| {
        view! {
            <form method="post" action=format!("/guardians/{adult}/access/restore")>
                <input type="hidden" name="child" value=child.to_string()/>
                <button class="btn small" type="submit" aria-label=format!("Give back {of} to {name}")>"Give back"</button>
            </form>
        }
    });
    view! {
        <div class="row">
            {restore}
            <form method="post" action="/guardians/tasks">
                <input type="hidden" name="task" value=task.id.to_string()/>
                <button class="btn small" type="submit" aria-label=label>"Done"</button>
            </form>
        </div>
    }
    .into_any()
}
