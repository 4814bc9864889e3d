//! What the values of a column mean that decides whether a row is imported.

use domain::imports::deciding::{ChosenMeaning, DecidingValue, Decision, Meaning};
use domain::imports::kind::ImportDeclaration;
use domain::imports::mapping::FieldSlug;
use domain::imports::words;
use leptos::prelude::*;

use crate::ui::notice::Notice;

/// The columns that decide, with a choice for each value.
#[derive(Debug, Clone)]
pub struct MeaningChoices(Vec<(Decision, Vec<RwSignal<Option<Meaning>>>)>);

impl MeaningChoices {
    /// Starts with what is known.
    pub fn of(decisions: &[Decision]) -> Self {
        let choices = |decision: &Decision| {
            decision.values.iter().map(|value| RwSignal::new(value.meaning)).collect::<Vec<_>>()
        };
        Self(decisions.iter().map(|decision| (decision.clone(), choices(decision))).collect())
    }

    /// What the form sends: every value that has a meaning. The caller is told when a choice changes.
    pub fn sent(&self) -> Vec<ChosenMeaning> {
        let of_column = |(decision, choices): &(Decision, Vec<RwSignal<Option<Meaning>>>)| {
            let chosen = decision.values.iter().zip(choices).filter_map(|(value, choice)| {
                let meaning = choice.get()?;
                Some(ChosenMeaning { field: decision.field.clone(), text: value.text.clone(), meaning })
            });
            chosen.collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of_column).collect()
    }

    /// The `id` of each choice that nobody has made yet, in columns that are matched to one of these fields. The caller
    /// is told when a choice changes.
    pub fn unmade(&self, matched: &[FieldSlug]) -> Vec<String> {
        let of_column = |(decision, choices): &(Decision, Vec<RwSignal<Option<Meaning>>>)| {
            let unmade = choices.iter().enumerate().filter(|(_, choice)| choice.get().is_none());
            unmade.map(|(at, _)| choice_id(decision, at)).collect::<Vec<_>>()
        };
        self.0.iter().filter(|(decision, _)| matched.contains(&decision.field)).flat_map(of_column).collect()
    }
}

/// The `id` of the choice for a value of a column.
fn choice_id(decision: &Decision, at: usize) -> String {
    format!("{}-{at}", decision.field.as_str())
}

/// A list of values for each column that decides.
#[component]
pub fn Meanings(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The choices.
    meanings: MeaningChoices,
) -> impl IntoView {
    let columns = meanings.0.into_iter().map(|(decision, choices)| {
        let open = decision.open().count();
        let title = format!("Which rows are imported: \u{201c}{}\u{201d}", decision.header);
        let text = if open == 0 {
            format!("Check what each value means. Only current {} are imported.", kind.many)
        } else {
            let unknown = if open == 1 { "1 of them is".to_owned() } else { format!("{open} of them are") };
            format!(
                "Choose what each value means: {unknown} not known. Only current {} are imported.",
                kind.many
            )
        };
        let values = decision.values.iter().zip(choices).enumerate();
        let values: Vec<_> = values
            .map(|(at, (value, choice))| value_row(kind, choice_id(&decision, at), value, choice))
            .collect();
        view! {
            <Notice tone=if open == 0 { "blue" } else { "amber" } title=title>
                <p>{text}</p>
                <ul class="stack gap-s" role="list">{values}</ul>
            </Notice>
        }
    });
    columns.collect_view()
}

fn value_row(
    kind: &'static ImportDeclaration,
    id: String,
    value: &DecidingValue,
    choice: RwSignal<Option<Meaning>>,
) -> impl IntoView + use<> {
    let text = if value.text.is_empty() { "(empty)".to_owned() } else { value.text.clone() };
    let rows = words::rows(value.rows);
    let change = move |event| choice.set(Meaning::from_slug(&event_target_value(&event)));
    let is_open = value.meaning.is_none();
    view! {
        <li class="row">
            <label for=id.clone()>{format!("{text} ({rows})")}</label>
            <select class="select" id=id.clone() name=id on:change=change>
                {is_open.then(|| view! { <option value="" selected=move || choice.get().is_none()>"Choose\u{2026}"</option> })}
                {Meaning::ALL.into_iter().map(|meaning| view! {
                    <option value=meaning.slug() selected=move || choice.get() == Some(meaning)>{label(kind, meaning)}</option>
                }).collect_view()}
            </select>
        </li>
    }
}

fn label(kind: &ImportDeclaration, meaning: Meaning) -> String {
    match meaning {
        Meaning::Current => format!("Current {}", kind.one),
        Meaning::Left => "Has left: import only with an end date in the past".to_owned(),
        Meaning::Skip => "Do not import".to_owned(),
    }
}
