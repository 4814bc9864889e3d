//! A run: its simulation until it is carried out, and then what became of it.

use domain::authorization::policy::Permission;
use domain::guardians::autocreate::line::RunLine;
use domain::guardians::autocreate::outcome::{OutcomeGroup, Progress};
use domain::guardians::autocreate::views::{AloneLine, RunState, RunView};
use domain::operations::progress::grouped;
use leptos::prelude::*;

use super::actions::{ActionBar, Standing};
use super::rows::{AloneTable, FamilyTable, GroupTable, RunOf};
use super::{LEAD, PATH, TITLE, path_of};
use crate::features::office::layout::OfficeUser;
use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::field::TextField;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// Which part of a run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The first rows of each group.
    All,
    /// A group.
    Group(OutcomeGroup),
    /// What had changed when it was carried out.
    Changed,
    /// Those about whom a person has to decide.
    Held,
    /// All groups, family by family.
    Families,
    /// The children with no adult.
    Alone,
}

impl Shown {
    /// Reads [`Self::slug`]; anything else shows all.
    pub fn from_slug(slug: &str) -> Self {
        match slug {
            "changed" => Self::Changed,
            "held" => Self::Held,
            "families" => Self::Families,
            "alone" => Self::Alone,
            other => OutcomeGroup::from_slug(other).map_or(Self::All, Self::Group),
        }
    }

    /// The name in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Group(group) => group.slug(),
            Self::Changed => "changed",
            Self::Held => "held",
            Self::Families => "families",
            Self::Alone => "alone",
        }
    }
}

/// What the page shows.
pub struct RunPage {
    /// The run.
    pub run: RunView,
    /// Which part.
    pub shown: Shown,
    /// The words of the search.
    pub words: String,
    /// The rows by group; those of one group, or the first ones of each.
    pub groups: Vec<(OutcomeGroup, Vec<RunLine>)>,
    /// The children with no adult, if they are shown.
    pub alone: Vec<AloneLine>,
    /// How many rows come before these.
    pub after: u32,
    /// Whether there are rows after these.
    pub more: bool,
    /// The number of rows on a page.
    pub most: u32,
    /// Whether Simulation is unticked.
    pub ready: bool,
    /// Why something was not done.
    pub problem: Option<String>,
    /// Whether it can be ended only in part, because accounts are in use.
    pub in_use: bool,
}

/// The page as HTML.
pub fn run_page(page: OfficePage, shown: RunPage) -> String {
    let words = page.me.words();
    render(page, TITLE, move || {
        let RunPage { run, shown, words: typed, groups, alone, after, more, most, ready, problem, in_use } =
            shown;
        let (made, id) = (words.at(run.at), run.id);
        let rules = run.options.words();
        let change = format!("{PATH}?run={id}");
        let tables = groups
            .into_iter()
            .map(|(group, lines)| {
                let whole = shown == Shown::All && typed.is_empty();
                let of = RunOf { id, progress: run.state.progress() };
                let rows = lines.into_iter().map(|line| (of, line)).collect();
                if shown == Shown::Families {
                    return view! { <FamilyTable lines=rows/> }.into_any();
                }
                view! { <Group run=run.clone() group whole shown lines=rows/> }.into_any()
            })
            .collect_view();
        let pages = (shown != Shown::All || !typed.is_empty())
            .then(|| view! { <Pages run=run.clone() shown typed=typed.clone() after more most/> });
        view! {
            <PageHead title=TITLE lead=|| LEAD up=Some((PATH, "Rules and latest runs"))
                mark=|| view! { <Icon name="flask-conical"/> }
                actions=move || OfficeUser::get().may(Permission::ExportAccounts).then(|| view! {
                    <form class="row" method="post" action=format!("{}/download", path_of(id))>
                        <button class="btn" type="submit" name="format" value="csv"><Icon name="download"/>"Download list"</button>
                        <button class="btn quiet" type="submit" name="format" value="xlsx">"As Excel file"</button>
                    </form>
                })/>
            <div class="stack">
                {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
                <Standing run=run.clone() made in_use/>
                <Tally run=run.clone() shown ready/>
                <p class="rules-line"><b>"Rules: "</b>{rules}" "<a class="link" href=change>"Change rules"</a></p>
            </div>
            <Search run=run.clone() shown typed/>
            {tables}
            {(shown == Shown::Alone).then(|| view! { <AloneTable lines=alone/> })}
            {pages}
            {matches!(run.state, RunState::Simulated | RunState::Expired).then(|| view! { <ActionBar run=run.clone() ready/> })}
        }
    })
}

/// The figures, which are links to their rows.
#[component]
fn Tally(run: RunView, shown: Shown, ready: bool) -> impl IntoView {
    let counts = run.counts.clone();
    let of = |group| counts.of(group);
    let progress = run.state.progress();
    let named = |group: OutcomeGroup| group.label_at(progress);
    let figures = [
        (counts.all(), Shown::All, "layers", "All", None),
        (
            of(OutcomeGroup::Create),
            Shown::Group(OutcomeGroup::Create),
            "circle-plus",
            named(OutcomeGroup::Create),
            None,
        ),
        (
            of(OutcomeGroup::Attach),
            Shown::Group(OutcomeGroup::Attach),
            "link-2",
            named(OutcomeGroup::Attach),
            Some("blue"),
        ),
        (of(OutcomeGroup::Skipped), Shown::Group(OutcomeGroup::Skipped), "circle-minus", "Skipped", None),
        (counts.alone, Shown::Alone, "triangle-alert", "Children left with no adult", Some("amber")),
    ];
    let figures = figures
        .into_iter()
        .map(|(count, part, icon, what, tone)| {
            let href = address(&run, part, "", ready);
            view! {
                <li data-tone=tone><a href=href aria-current=(part == shown).then_some("true")>
                    <span class="n">{grouped(count.into())}</span>
                    <span class="what"><Icon name=icon/>{what}</span>
                </a></li>
            }
        })
        .collect_view();
    let has = of(OutcomeGroup::Has);
    let (changed, held) = (run.changed, counts.held());
    let further = [
        (held > 0, Shown::Held, format!("{} wait for a person to decide", grouped(held.into()))),
        (counts.all() + has > 0, Shown::Families, format!("All, by family ({})", grouped(counts.households.into()))),
        (has > 0, Shown::Group(OutcomeGroup::Has), format!("{} with whom nothing is missing", grouped(has.into()))),
        (changed > 0, Shown::Changed, format!("{} changed since the simulation and left out", grouped(changed.into()))),
    ]
    .into_iter()
    .filter(|(there, ..)| *there)
    .map(|(_, part, words)| {
        let current = (part == shown).then_some("true");
        view! { <li><a class="link" href=address(&run, part, "", ready) aria-current=current>{words}</a></li> }
    })
    .collect_view();
    view! {
        <ul class="tally" role="list" aria-label="Result of the simulation">{figures}</ul>
        <ul class="row" role="list" aria-label="More of the result">{further}</ul>
    }
    .into_any()
}

#[component]
fn Search(run: RunView, shown: Shown, typed: String) -> impl IntoView {
    let action = path_of(run.id);
    (shown != Shown::Alone).then(|| {
        view! {
            <form class="filters" method="get" action=action role="search">
                <TextField id="q" label="Name of a guardian or student" kind="search" value=typed grow=true/>
                <input type="hidden" name="show" value=shown.slug()/>
                <button class="btn" type="submit">"Search"</button>
            </form>
        }
    })
}

/// A group with its heading; `whole` if only its first rows are shown.
#[component]
fn Group(
    run: RunView,
    group: OutcomeGroup,
    whole: bool,
    shown: Shown,
    lines: Vec<super::rows::Line>,
) -> impl IntoView {
    let (count, label) = match shown {
        Shown::Changed => (run.changed, "Left out"),
        Shown::Held => (run.counts.held(), "Wait for a person"),
        _ => (run.counts.of(group), group.label_at(run.state.progress())),
    };
    let done = run.state.progress() == Progress::Done;
    let why = match group {
        _ if shown == Shown::Changed => "Changed since the simulation".to_owned(),
        _ if shown == Shown::Held => {
            "Nothing is created for them before somebody decides. Then run the simulation again".to_owned()
        }
        OutcomeGroup::Create if done => "Accounts were created".to_owned(),
        OutcomeGroup::Create => "No account yet".to_owned(),
        OutcomeGroup::Attach if done => "Students were attached".to_owned(),
        OutcomeGroup::Attach => "Has an account, a child is missing from it".to_owned(),
        OutcomeGroup::Skipped => run.counts.skipped_in_words(),
        OutcomeGroup::Has => "Has an account and sees the student".to_owned(),
    };
    let families = (!matches!(shown, Shown::Changed | Shown::Held))
        .then(|| run.counts.families_in_words(group))
        .filter(|words| !words.is_empty())
        .map(|words| format!(". {words}"));
    let shows = lines.len();
    let more = whole && usize::try_from(count).is_ok_and(|count| count > shows);
    let href = address(&run, Shown::Group(group), "", false);
    view! {
        <section>
            <h2 class="gap-m">{format!("{label} {}", grouped(count.into()))}</h2>
            <p class="soft">{why}{families}</p>
            <GroupTable group label lines/>
            {more.then(|| view! {
                <p class="table-foot"><a class="link" href=href>
                    {format!("Show all {}", grouped(count.into()))}<Hidden>{format!(": {label}")}</Hidden>
                </a></p>
            })}
        </section>
    }
    .into_any()
}

#[component]
fn Pages(run: RunView, shown: Shown, typed: String, after: u32, more: bool, most: u32) -> impl IntoView {
    let to = |after: u32| format!("{}&after={after}", address(&run, shown, &typed, false));
    let before = (after > 0).then(|| to(after.saturating_sub(most)));
    let next = more.then(|| to(after + most));
    view! {
        <div class="row gap-m">
            {before.map(|href| view! { <a class="btn" href=href>"Earlier rows"</a> })}
            {next.map(|href| view! { <a class="btn" href=href>"More rows"</a> })}
        </div>
    }
}

/// The address of a part of a run.
fn address(run: &RunView, shown: Shown, typed: &str, ready: bool) -> String {
    let ready = if ready { "&ready=1" } else { "" };
    format!("{}?show={}&q={}{ready}", path_of(run.id), shown.slug(), in_query(typed))
}
