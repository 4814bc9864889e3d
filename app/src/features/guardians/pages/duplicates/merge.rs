//! A merge before it is done: who stays, which values, and who sees what of which child before and afterwards.

use backend::guardians::duplicates::board::Card;
use backend::guardians::duplicates::merge::preview::{ChildMap, FieldChoice, MergePreview, ScopeLine};
use domain::guardians::duplicates::evidence::Evidence;
use domain::guardians::duplicates::fields::MergeField;
use domain::guardians::duplicates::pair::PairState;
use domain::ids::{AutocreateId, PairId, PersonId};
use domain::operations::plan::PlanHash;
use domain::roll::language::language_in_words;
use leptos::prelude::*;
use uuid::Uuid;

use super::BOARD;
use super::board::card;
use crate::features::office::page::{OfficePage, render};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The page as HTML. `shown` is the plan that the form asks for, unless something is in the way; `problem` is why nothing
/// happened; `run` is the simulation that asks about the two.
pub fn merge_page(
    page: OfficePage,
    preview: MergePreview,
    shown: Option<PlanHash>,
    problem: Option<String>,
    run: Option<AutocreateId>,
) -> String {
    let title = if problem.is_some() { "Error: Merge two records" } else { "Merge two records" };
    render(page, title, move || {
        let lead = "The record that stays gets the children, addresses and access of the other. The other is kept behind it, and you can undo this.";
        let MergePreview { pair, survivor, other, obstacle, choices, children, widens, usernames } = preview;
        let action = format!("/guardians/duplicates/{}/merge", pair.id);
        let [a, b] = pair.people;
        let named = |person: PersonId| if a.person == person { a.name.clone() } else { b.name.clone() };
        let (stays, goes) = (named(survivor), named(other));
        let maps = lines(&children, &stays, &goes);
        let switch = view! { <Switch action=action.clone() a=a.clone() b=b.clone() survivor run/> };
        let reasons = reasons(&pair.evidence);
        let form = shown.filter(|_| obstacle.is_none()).map(|shown| {
            view! { <Confirm action=format!("{action}/run") survivor shown choices widens usernames run/> }
        });
        let answers = (pair.state != PairState::Merged).then(|| view! { <Answers pair=pair.id run/> });
        view! {
            <PageHead title="Merge two records" lead=move || lead up=Some(BOARD)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {run.map(|run| view! { <p><a href=format!("/guardians/autocreate/{run}")>"Back to the simulation"</a></p> })}
            <div class="pair">{card(a.clone())}{card(b.clone())}</div>
            <p><b>{pair.verdict.label()}</b>{reasons}</p>
            {answers}
            {switch}
            {obstacle.map(|obstacle| view! { <Notice tone="amber" title="These records cannot be merged like this"><p>{obstacle.to_string()}</p></Notice> })}
            <h2 class="gap-m">"Who sees what, before and afterwards"</h2>
            <Table rows=TableRows::new(LoadedRows::new(&MAP, maps)) label="Access before and afterwards" empty=|| view! {
                <p>"Neither of the two sees anything of a child."</p>
            }/>
            {form}
        }
    })
}

/// ": same email address, same given name."
fn reasons(evidence: &[Evidence]) -> String {
    let labels: Vec<&str> = evidence.iter().map(|evidence| evidence.label()).collect();
    if labels.is_empty() { ".".to_owned() } else { format!(": {}.", labels.join(", ").to_lowercase()) }
}

/// The field that says which simulation asked.
fn asked_by(run: Option<AutocreateId>) -> AnyView {
    run.map(|run| view! { <input type="hidden" name="run" value=run.to_string()/> }).into_any()
}

/// The answers that are no merge.
#[component]
fn Answers(pair: PairId, run: Option<AutocreateId>) -> impl IntoView {
    let answers = [(PairState::TwoPeople, "They are two people"), (PairState::Later, "Ask later")]
        .map(|(answer, words)| {
            view! { <button class="btn" type="submit" name="answer" value=answer.slug()>{words}</button> }
        })
        .collect_view();
    view! {
        <form class="row gap-s" method="post" action=format!("/guardians/duplicates/{pair}/answer")>
            {asked_by(run)}{answers}
        </form>
    }
    .into_any()
}

/// One line of the access maps.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MapLine {
    id: Uuid,
    child: String,
    part: String,
    before: String,
    after: String,
    widens: bool,
}

fn lines(children: &[ChildMap], stays: &str, goes: &str) -> Vec<MapLine> {
    let mut number = 0;
    let mut line = |child: &ChildMap, part: String, before: String, after: String, widens| {
        number += 1;
        MapLine { id: Uuid::from_u128(number), child: child.name.clone(), part, before, after, widens }
    };
    let mut all = Vec::new();
    for child in children {
        // Parts of which the same is said stand together.
        let mut parts: Vec<(Vec<&str>, String, String, bool)> = Vec::new();
        for scope in &child.scopes {
            let before = before(scope, stays, goes);
            let after = if scope.after { stays } else { "Nobody of the two" }.to_owned();
            let label = scope.scope.label();
            match parts
                .iter_mut()
                .find(|(_, b, a, widens)| (b, a, *widens) == (&before, &after, scope.widens))
            {
                Some((labels, ..)) => labels.push(label),
                None => parts.push((vec![label], before, after, scope.widens)),
            }
        }
        for (labels, before, after, widens) in parts {
            all.push(line(child, labels.join(", "), before, after, widens));
        }
        if child.stays_behind {
            let why = "Access is not moved. Ask someone who manages restrictions.";
            all.push(line(child, "All parts".to_owned(), String::new(), why.to_owned(), false));
        }
    }
    all
}

fn before(scope: &ScopeLine, stays: &str, goes: &str) -> String {
    match (scope.survivor_before, scope.other_before) {
        (true, true) => "Both records".to_owned(),
        (true, false) if stays == goes => "The record that stays".to_owned(),
        (false, true) if stays == goes => "The other record".to_owned(),
        (true, false) => stays.to_owned(),
        (false, true) => goes.to_owned(),
        (false, false) => "Nobody of the two".to_owned(),
    }
}

static MAP: Kind<MapLine> = Kind {
    about: About {
        slug: "merge-access",
        one: "line",
        many: "lines",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.id,
    name: |line| format!("{}, {}", line.child, line.part),
    mark: None,
    flag: None,
    columns: &[
        Column::names("child", "Child", ColumnWidth::Grows(160), |row| {
            row.drawn(|line: &MapLine| {
                view! { <span class="any-length">{line.child.clone()}</span> }.into_any()
            })
        }),
        Column::tells("part", "Parts", ColumnWidth::Grows(192), 0, |row| row.text(|line| line.part.clone())),
        Column::tells("before", "Before", ColumnWidth::Grows(160), 1, |row| {
            row.text(|line: &MapLine| line.before.clone())
        })
        .labelled(),
        Column::tells("after", "Afterwards", ColumnWidth::Grows(160), 0, |row| {
            row.drawn(|line: &MapLine| {
                let new = line.widens.then(|| view! { " "<b>"New for this account"</b> });
                view! { {line.after.clone()}{new} }.into_any()
            })
        })
        .labelled(),
    ],
};

/// Which of the two stays. The maps depend on it, so the page is loaded again. Until then the style sheet hides the form that
/// merges, which would merge the other way.
#[component]
fn Switch(action: String, a: Card, b: Card, survivor: PersonId, run: Option<AutocreateId>) -> impl IntoView {
    let choice = |card: Card, nth: &'static str| {
        let is_kept = card.person == survivor;
        view! {
            <label class="choice">
                <input type="radio" name="stays" value=card.person.to_string() checked=is_kept/>
                <span>{nth}" record: "<bdi>{card.name}</bdi></span>
            </label>
        }
    };
    view! {
        <form class="stack gap-m" method="get" action=action data-preview>
            {asked_by(run)}
            <fieldset class="field">
                <legend>"Which record stays?"</legend>
                {choice(a, "First")}
                {choice(b, "Second")}
            </fieldset>
            <p data-when="other"><b>"Choose \u{201c}Show what that does\u{201d} to see this merge first."</b></p>
            <div class="row"><button class="btn" type="submit">"Show what that does"</button></div>
        </form>
    }
}

#[component]
fn Confirm(
    action: String,
    survivor: PersonId,
    shown: PlanHash,
    choices: Vec<FieldChoice>,
    widens: bool,
    usernames: [Option<String>; 2],
    run: Option<AutocreateId>,
) -> impl IntoView {
    let login = match usernames {
        [Some(kept), Some(ended)] => Some(format!(
            "They sign in as {kept} from now on. The account {ended} is disabled, and both email addresses are told."
        )),
        [None, Some(moved)] => Some(format!("The account {moved} moves to the record that stays.")),
        _ => None,
    };
    view! {
        <form class="stack gap-m" method="post" action=action data-when="shown">
            <input type="hidden" name="stays" value=survivor.to_string()/>
            <input type="hidden" name="plan" value=shown.to_string()/>
            {asked_by(run)}
            {(!choices.is_empty()).then(|| view! { <h2>"Which values stay"</h2> })}
            {choices.into_iter().map(|choice| view! { <Values choice/> }).collect_view()}
            {login.map(|login| view! { <p>{login}</p> })}
            {widens.then(|| view! {
                <Notice tone="amber" title="A second person has to agree">
                    <p>"An account would see more of a child than before. Somebody else who manages guardians has to approve this first."</p>
                </Notice>
            })}
            <div class="row">
                <button class="btn primary" type="submit">{if widens { "Ask for approval" } else { "Merge" }}</button>
                <a class="btn" href=BOARD.0>"Cancel"</a>
            </div>
        </form>
    }
}

#[component]
fn Values(choice: FieldChoice) -> impl IntoView {
    let FieldChoice { field, survivor, other, proposes_other } = choice;
    let proposes_own = !proposes_other;
    let shown = |value: String| match field {
        _ if value.is_empty() => "None".to_owned(),
        MergeField::Language => language_in_words(&value),
        _ => value,
    };
    view! {
        <fieldset class="field">
            <legend>{field.label()}</legend>
            <label class="choice">
                <input type="radio" name=field.slug() value="stays" checked=proposes_own/><span><bdi>{shown(survivor)}</bdi></span>
            </label>
            <label class="choice">
                <input type="radio" name=field.slug() value="other" checked=proposes_other/><span><bdi>{shown(other)}</bdi></span>
            </label>
        </fieldset>
    }
}
