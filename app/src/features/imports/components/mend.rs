//! The problems of a file, by kind, with their rows as fields to correct: one row, or one value in all its rows.

use domain::imports::kind::ImportDeclaration;
use domain::imports::mend::{
    CorrectedCell, FaultyCell, FaultyRow, FileProblems, MAX_CELL, Mending, ProblemKey, ProblemRows,
    RepeatedValue,
};
use domain::imports::outcome::LogFilter;
use domain::imports::views::ImportView;
use domain::imports::words::rows;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::error::{AppError, AppResult};
use crate::features::imports::api::{import_problems, mend_import};
use crate::ui::focus::focus_when_drawn;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::load::Load;
use crate::ui::notice::ErrorNotice;

/// Takes corrections.
type Mend = Action<Mending, ()>;

/// The rows with a problem, to be fixed on the page.
#[component]
pub fn MendRows(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The import.
    import: ImportView,
    /// Called with the import as it is after a correction.
    fixed: Callback<ImportView>,
) -> impl IntoView {
    let (id, corrected) = (import.id, import.corrected);
    let counts = import.counts.unwrap_or_default();
    let faulty = counts.shown(LogFilter::Faulty);
    let problem = RwSignal::new(None::<AppError>);
    let mend: Mend = Action::new(move |mending: &Mending| {
        let mending = mending.clone();
        async move {
            problem.set(None);
            match mend_import(id, mending).await {
                // The answer may arrive after the page was left.
                Ok(import) => {
                    fixed.try_run(import);
                    focus_when_drawn(MEND.to_owned());
                }
                Err(error) => drop(problem.try_set(Some(error))),
            }
        }
    });
    let lead = format!(
        "{} in this file {} a problem. Correct them here, or send them back. The file itself stays as it is.",
        rows(faulty),
        if faulty == 1 { "has" } else { "have" }
    );
    let said = format!("{} corrected here.", rows(corrected));
    (faulty > 0 || corrected > 0).then(|| view! {
        <section class="stack gap-m" aria-labelledby=MEND aria-busy=move || mend.pending().get().then_some("true")>
            <h2 id=MEND tabindex="-1">"Rows to correct"</h2>
            {(faulty > 0).then(|| view! { <p>{lead}</p> })}
            {(faulty == 0).then(|| view! { <p>"No row has a problem any more."</p> })}
            {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
            {(corrected > 0).then(|| view! {
                <p>{said}" "
                    <button class="btn quiet" type="button" on:click=move |_| { mend.dispatch(Mending::Nothing); }>
                        <Icon name="undo-2"/>"Undo all corrections"
                    </button>
                </p>
            })}
            {(counts.fixed > 0).then(|| view! {
                <p>{format!("{} had been sent back, and can be imported now.", rows(counts.fixed))}</p>
            })}
            {(faulty > 0).then(|| view! { <SendBack import=import.clone()/> <Problems kind import mend/> })}
        </section>
    })
}

/// The heading, which has the focus after a correction.
const MEND: &str = "mend-heading";

/// Downloads just the faulty rows.
#[component]
fn SendBack(import: ImportView) -> impl IntoView {
    view! {
        <form class="row" method="post" action=format!("/imports/{}/faulty", import.id)>
            <span>"For the person who sent the file:"</span>
            <button class="btn" type="submit" name="format" value="xlsx"><Icon name="download"/>"These rows as Excel"</button>
            <button class="btn" type="submit" name="format" value="csv"><Icon name="download"/>"These rows as CSV"</button>
        </form>
        <p class="muted">"The sheet has the file\u{2019}s own columns, and a last one that says what is wrong. Choose the corrected sheet like any other file."</p>
    }
}

#[component]
fn Problems(kind: &'static ImportDeclaration, import: ImportView, mend: Mend) -> impl IntoView {
    let id = import.id;
    let problems: Resource<AppResult<FileProblems>> = Resource::new(|| (), move |()| import_problems(id));
    let draw = move |found: FileProblems| {
        let found = found.kinds.into_iter().enumerate();
        found.map(|(at, of)| view! { <OneProblem kind at of mend/> }).collect_view()
    };
    view! { <Load resource=problems view=draw/> }
}

/// One kind of problem.
#[component]
fn OneProblem(kind: &'static ImportDeclaration, at: usize, of: ProblemRows, mend: Mend) -> impl IntoView {
    let ProblemRows { key, heading, rows: count, values, first } = of;
    let shown = first.len();
    let numbers: Vec<String> = first.iter().map(|row| row.row.to_string()).collect();
    let all = if u32::try_from(shown).is_ok_and(|shown| shown < count) { " and more" } else { "" };
    let numbers = format!("Row{} {}{all}.", if count == 1 { "" } else { "s" }, numbers.join(", "));
    let more = (!all.is_empty()).then(|| {
        format!("These are the first {shown} of {count} rows. The others follow as you correct them.")
    });
    let label = kind.label(&key.field);
    let values = values.into_iter().enumerate().map(|(nth, value)| {
        let (key, id) = (key.clone(), format!("replace-{at}-{nth}"));
        view! { <Replace label key value id mend/> }
    });
    let values = values.collect_view();
    view! {
        <h3>{heading}" "<span class="muted">{rows(count)}</span></h3>
        <p class="muted">{numbers}</p>
        {values}
        <ul class="stack" role="list">
            {first.into_iter().map(|row| view! { <li><Row at row mend/></li> }).collect_view()}
        </ul>
        {more.map(|more| view! { <p class="muted">{more}</p> })}
    }
}

/// Replaces one value in all its rows.
#[component]
fn Replace(
    label: &'static str,
    key: ProblemKey,
    value: RepeatedValue,
    id: String,
    mend: Mend,
) -> impl IntoView {
    let RepeatedValue { value, rows: count } = value;
    let with = RwSignal::new(String::new());
    let said = format!("{label}: \u{201c}{value}\u{201d} stands in {}. Replace it with", rows(count));
    let replace = move |event: SubmitEvent| {
        event.prevent_default();
        if mend.pending().get_untracked() {
            return;
        }
        let (problem, value) = (key.clone(), value.clone());
        mend.dispatch(Mending::Replace { problem, value, with: with.get_untracked() });
    };
    view! {
        <form class="stack gap-s" on:submit=replace>
            <div class="field">
                <label for=id.clone()>{said}</label>
                <input class="input" type="text" id=id maxlength=MAX_CELL autocomplete="off" spellcheck="false"
                    prop:value=with on:input=move |event| with.set(event_target_value(&event))/>
            </div>
            <p class="row"><button class="btn" type="submit">{format!("Replace in {}", rows(count))}</button></p>
        </form>
    }
}

/// A row, which opens as fields.
#[component]
fn Row(at: usize, row: FaultyRow, mend: Mend) -> impl IntoView {
    let FaultyRow { row: number, name, told, cells } = row;
    let typed: Vec<(FaultyCell, RwSignal<String>)> =
        cells.into_iter().map(|cell| (cell.clone(), RwSignal::new(cell.value))).collect();
    let save = {
        let typed = typed.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            if mend.pending().get_untracked() {
                return;
            }
            let cells = typed
                .iter()
                .map(|(cell, value)| CorrectedCell { column: cell.column, value: value.get_untracked() });
            mend.dispatch(Mending::Row { row: number, cells: cells.collect() });
        }
    };
    let name = if name.is_empty() { String::new() } else { format!(" {name}.") };
    let fields = typed.into_iter().map(|(cell, value)| {
        let id = format!("mend-{at}-{number}-{}", cell.column);
        view! { <CellField id cell value/> }
    });
    let fields = fields.collect_view();
    view! {
        <details>
            <summary><b>{format!("Row {number}.")}</b>{name}" "{told}</summary>
            <form class="stack gap-s" on:submit=save>
                {fields}
                <p class="row"><button class="btn primary" type="submit"><Icon name="check"/>"Correct this row"<Hidden>{format!(" ({number})")}</Hidden></button></p>
            </form>
        </details>
    }
}

/// A cell as a field: its heading in the file, what it is read as, and what is wrong with it.
#[component]
fn CellField(id: String, cell: FaultyCell, value: RwSignal<String>) -> impl IntoView {
    let FaultyCell { column, heading, label, complaint, .. } = cell;
    let heading = if heading.is_empty() { format!("Column {}", column + 1) } else { heading };
    let read_as = (heading != label).then(|| format!("Imported as {label}"));
    let is_wrong = complaint.is_some();
    let (hint, error) = (format!("{id}-hint"), format!("{id}-error"));
    let described = [(read_as.is_some(), &hint), (is_wrong, &error)];
    let described: Vec<&str> =
        described.iter().filter(|(is_there, _)| *is_there).map(|(_, id)| id.as_str()).collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    view! {
        <div class="field" data-invalid=is_wrong.then_some("")>
            <label for=id.clone()>{heading}</label>
            {read_as.map(|read_as| view! { <span class="hint" id=hint>{read_as}</span> })}
            {complaint.map(|complaint| view! { <span class="error" id=error><Icon name="circle-alert"/>{complaint}</span> })}
            <input class="input" type="text" id=id maxlength=MAX_CELL autocomplete="off" spellcheck="false"
                aria-invalid=is_wrong.then_some("true") aria-describedby=described
                prop:value=value on:input=move |event| value.set(event_target_value(&event))/>
        </div>
    }
}
