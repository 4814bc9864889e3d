//! Every child has an adult: current students without a guardian who can sign in, and what to do about it. It needs no
//! WebAssembly.

mod breakdown;
mod chart;
pub mod question;
mod students;

use backend::guardians::coverage::board::{Board, BoardFilter, PAGE, WHOLE_PAGE};
use backend::guardians::coverage::chart::CoverageDay;
use domain::authorization::policy::Permission;
use domain::guardians::coverage::{Coverage, MissingReason};
use domain::roll::language::language_in_words;
use leptos::prelude::*;
use uuid::Uuid;

use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::field::SelectField;
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{
    About, Column, ColumnWidth, Kind, LoadedRows, PrintedFilters, RowLayout, Table, TableRows,
};

/// The address of the page.
pub const MISSING: &str = "/guardians/missing";

/// The page as HTML. `problem` is why nothing was sent.
pub fn missing_page(
    page: OfficePage,
    filter: BoardFilter,
    board: Board,
    days: Vec<CoverageDay>,
    problem: Option<String>,
) -> String {
    let me = page.me.clone();
    render(page, "Every child has an adult", move || {
        let Board { coverage, reasons, years, groups, languages, students, total } = board;
        let nobody = coverage.students == 0;
        let filtered = fields(&filter).iter().any(|(_, value)| !value.is_empty());
        // Of nobody there is no share, and nothing to be content with.
        let lead = match (nobody, filtered) {
            (true, true) => "No students match.".to_owned(),
            (true, false) => "There are no current students.".to_owned(),
            (false, _) => format!(
                "{} of {} current students have a guardian who can sign in: {}. {} do not.",
                coverage.covered,
                coverage.students,
                coverage.share(),
                coverage.missing()
            ),
        };
        let rows: Vec<_> = reasons
            .into_iter()
            .map(|(reason, many)| ReasonLine {
                reason,
                many,
                filter: filter.clone(),
                may: students::may(&me, reason.bulk()),
            })
            .collect();
        let shown = u32::try_from(students.len()).unwrap_or(u32::MAX);
        let whole = (total > shown && total <= u32::try_from(WHOLE_PAGE).unwrap_or(u32::MAX)).then(|| {
            let whole = BoardFilter { skip: 0, whole: true, ..filter.clone() };
            format!("{MISSING}?{}", query(&whole))
        });
        let more = (filter.skip + shown < total).then(|| {
            let skip = filter.skip + u32::try_from(PAGE).unwrap_or(u32::MAX);
            format!("{MISSING}?{}", query(&BoardFilter { skip, ..filter.clone() }))
        });
        let back = (filter.skip > 0).then(|| {
            let skip = filter.skip.saturating_sub(u32::try_from(PAGE).unwrap_or(u32::MAX));
            format!("{MISSING}?{}", query(&BoardFilter { skip, ..filter.clone() }))
        });
        let only = |filter: BoardFilter| format!("{MISSING}?{}", query(&filter));
        let by_year = move |year: &str| only(BoardFilter { year: year.to_owned(), ..BoardFilter::default() });
        let by_group =
            move |group: &str| only(BoardFilter { group: group.to_owned(), ..BoardFilter::default() });
        let by_language = move |language: &str| {
            only(BoardFilter { language: language.to_owned(), ..BoardFilter::default() })
        };
        let exports = me.may(Permission::ExportAccounts) && total > 0;
        let export = filter.clone();
        view! {
            <PageHead title="Every child has an adult" lead=move || lead.clone() up=Some(("/guardians", "Guardians"))
                actions=move || view! {
                    <button class="btn" type="button" data-print hidden><Icon name="printer"/>"Print"</button>
                    {whole.clone().map(|whole| view! { <a class="btn" href=whole>"Show all on one page"</a> })}
                    {exports.then(|| view! {
                        <form method="post" action=format!("{MISSING}/export")>
                            <HiddenFilter filter=export.clone()/>
                            <button class="btn" type="submit"><Icon name="download"/>"Export"</button>
                        </form>
                    })}
                }/>
            {problem.map(|problem| view! { <Notice tone="amber" title="Not everything was done"><p>{problem}</p></Notice> })}
            {(!nobody).then(|| view! {
                <h2 class="gap-m">"By reason"</h2>
                <Table rows=TableRows::new(LoadedRows::new(&REASONS, rows)) label="Reasons" empty=|| view! {
                    <p role="status">"Every current student here has a guardian who can sign in."</p>
                }/>
            })}
            <breakdown::Breakdown title="By year" parts=years.clone() href=by_year words=str::to_owned/>
            <breakdown::Breakdown title="By registration group" parts=groups.clone() href=by_group words=str::to_owned/>
            <breakdown::Breakdown title="By language" parts=languages.clone() href=by_language words=language_in_words/>
            <h2 class="gap-m">"Students"</h2>
            <PrintedFilters set=Signal::stored(on_paper(&filter))/>
            <Filters filter=filter.clone() years groups languages/>
            <students::Students me=me.clone() filter students total/>
            <p class="row no-print">
                {back.map(|back| view! { <a class="btn" href=back>"Students before these"</a> })}
                {more.map(|more| view! { <a class="btn" href=more>"More students"</a> })}
            </p>
            {(!days.is_empty()).then(|| view! { <chart::Chart days/> })}
        }
    })
}

/// The filter as a query in a web address (RFC 3986, section 3.4).
fn query(filter: &BoardFilter) -> String {
    let skip = if filter.skip > 0 { filter.skip.to_string() } else { String::new() };
    fields(filter)
        .into_iter()
        .chain([("skip", skip), ("whole", if filter.whole { "yes".to_owned() } else { String::new() })])
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", in_query(&value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// What is filtered by, as fields of a form.
fn fields(filter: &BoardFilter) -> [(&'static str, String); 4] {
    [
        ("reason", filter.reason.map(|reason| reason.slug().to_owned()).unwrap_or_default()),
        ("year", filter.year.clone()),
        ("group", filter.group.clone()),
        ("language", filter.language.clone()),
    ]
}

/// The filters that are set, for the printed page.
fn on_paper(filter: &BoardFilter) -> Vec<(&'static str, String)> {
    [
        ("Reason", filter.reason.map(|reason| reason.label().to_owned()).unwrap_or_default()),
        ("Year", filter.year.clone()),
        ("Registration group", filter.group.clone()),
        ("Language", language_in_words(&filter.language)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// The filter, in a form that does something with what it finds.
#[component]
fn HiddenFilter(filter: BoardFilter) -> impl IntoView {
    fields(&filter)
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

#[component]
fn Filters(
    filter: BoardFilter,
    years: Vec<(String, Coverage)>,
    groups: Vec<(String, Coverage)>,
    languages: Vec<(String, Coverage)>,
) -> impl IntoView {
    let any = |words: &str| (String::new(), words.to_owned());
    let of = |values: Vec<(String, Coverage)>, all: &str, words: fn(&str) -> String| {
        std::iter::once(any(all))
            .chain(values.into_iter().map(|(value, _)| (value.clone(), words(&value))))
            .collect::<Vec<_>>()
    };
    let reasons = std::iter::once(any("Any reason"))
        .chain(MissingReason::ALL.map(|reason| (reason.slug().to_owned(), reason.label().to_owned())))
        .collect();
    let chosen = filter.reason.map_or("", MissingReason::slug);
    view! {
        <form class="filters" method="get" action=MISSING aria-label="Filter the students">
            <SelectField id="reason" label="Reason" choices=reasons chosen/>
            <SelectField id="year" label="Year" choices=of(years, "All years", str::to_owned) chosen=filter.year/>
            <SelectField id="group" label="Registration group" choices=of(groups, "All groups", str::to_owned) chosen=filter.group/>
            <SelectField id="language" label="Language" choices=of(languages, "All languages", language_in_words) chosen=filter.language/>
            <button class="btn primary" type="submit">"Filter"</button>
        </form>
    }
    .into_any()
}

/// A reason, with what the page is filtered by.
#[derive(Clone, PartialEq)]
struct ReasonLine {
    reason: MissingReason,
    many: u32,
    filter: BoardFilter,
    /// Whether the reader may do what solves it.
    may: bool,
}

impl ReasonLine {
    /// The page with this reason alone.
    fn href(&self) -> String {
        format!("{MISSING}?{}", query(&self.alone()))
    }

    /// The filter with this reason alone.
    fn alone(&self) -> BoardFilter {
        BoardFilter { reason: Some(self.reason), skip: 0, whole: false, ..self.filter.clone() }
    }

    /// The button that does the next step for all of them.
    fn act(&self) -> AnyView {
        let step = self.reason.bulk();
        let Some(path) = students::path(step).filter(|_| self.may) else { return ().into_any() };
        let label = format!("{}: {} ({})", step.label(), self.reason.label(), self.many);
        view! {
            <form method="post" action=path class="no-print">
                <HiddenFilter filter=self.alone()/>
                <input type="hidden" name="all" value="yes"/>
                <button class="btn small" type="submit" aria-label=label><Icon name=students::icon(step) small=true/>{step.label()}</button>
            </form>
        }
        .into_any()
    }
}

/// The reasons.
static REASONS: Kind<ReasonLine> = Kind {
    about: About {
        slug: "missing-reasons",
        one: "reason",
        many: "reasons",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| Uuid::from_u128(u128::from(line.reason.step().unsigned_abs())),
    name: |line| line.reason.label().to_owned(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("reason", "Reason", ColumnWidth::Grows(160), |row| {
            row.drawn(|line| view! { <a href=line.href()>{line.reason.label()}</a> }.into_any())
        }),
        Column::tells("students", "Students", ColumnWidth::Fixed(96), 0, |row| {
            row.text(|line| line.many.to_string())
        }),
        Column::tells("next", "What to do", ColumnWidth::Grows(288), 0, |row| {
            row.text(|line| line.reason.next().to_owned())
        }),
        Column::acts(272, |row| row.drawn(ReasonLine::act)),
    ],
};
