//! The editor for a username template: pieces, separators, length, and what to do about a clash.

use domain::accounts::template::{Separator, Settle, UsernameTemplate};
use leptos::prelude::*;

use crate::ui::icon::{Hidden, Icon};

/// The available pieces, in the template's text form.
const OFFERED: &[(&str, &str)] = &[
    ("{given:1}", "First initial"),
    ("{given:2}", "First 2 letters of given name"),
    ("{given:3}", "First 3 letters of given name"),
    ("{given}", "Given name"),
    ("{preferred:1}", "Initial of preferred name"),
    ("{preferred}", "Preferred name"),
    ("{middle}", "Middle initial"),
    ("{family:1}", "Initial of surname"),
    ("{family:4}", "First 4 letters of surname"),
    ("{family}", "Surname"),
    ("{year:2}", "Year of entry (2 digits)"),
    ("{year:4}", "Year of entry (4 digits)"),
    ("{admission}", "Admission number"),
    ("{counter:1}", "Number"),
    ("{counter:3}", "Number (3 digits)"),
];

/// A template being edited: each piece with the separator before it, as text.
type TemplateDraft = Vec<(String, String)>;

fn draft_of(template: &UsernameTemplate) -> TemplateDraft {
    template.pieces().map(|(separator, piece)| (separator.as_str().to_owned(), piece.to_string())).collect()
}

/// The pieces of a draft in the template's text form.
fn text_of(draft: &TemplateDraft) -> String {
    draft.iter().flat_map(|(separator, piece)| [separator.as_str(), piece.as_str()]).collect()
}

/// The template's options in its text form.
fn options_of(template: &UsernameTemplate) -> String {
    let text = template.to_string();
    text.split_once(';').map(|(_, options)| format!(";{options}")).unwrap_or_default()
}

/// Edits `template`. A change that would make it invalid is reported at once and not applied.
#[component]
pub fn PatternEditor(
    /// The template to edit.
    template: RwSignal<UsernameTemplate>,
    /// An example for a real student: the name and the username.
    #[prop(into)]
    example: Signal<Option<(String, String)>>,
) -> impl IntoView {
    let draft = RwSignal::new(template.with_untracked(draft_of));
    let complaint = RwSignal::new(None::<String>);
    let take = move |text: String| match text.parse::<UsernameTemplate>() {
        Ok(made) => {
            complaint.set(None);
            template.set(made);
        }
        Err(error) => complaint.set(Some(error.to_string())),
    };
    let change = move |edit: &dyn Fn(&mut TemplateDraft)| {
        draft.update(|draft| {
            edit(draft);
            if let Some((separator, _)) = draft.first_mut() {
                separator.clear();
            }
        });
        take(draft.with_untracked(text_of) + &template.with_untracked(options_of));
    };
    let with_option = move |name: &'static str, value: String| {
        let options = template.with_untracked(options_of);
        let kept = options.split(';').filter(|option| !option.is_empty() && !option.starts_with(name));
        let all: Vec<String> = kept.map(str::to_owned).chain([format!("{name}={value}")]).collect();
        take(format!("{};{}", draft.with_untracked(text_of), all.join(";")));
    };
    view! {
        <div class="field">
            <span class="label" id="pattern-label">"Username pattern"</span>
            <div class="pattern" role="group" aria-labelledby="pattern-label" aria-describedby="pattern-hint">
                {move || {
                    let pieces = draft.get();
                    let last = pieces.len();
                    pieces.into_iter().enumerate().map(|(at, (separator, piece))| {
                        let known = OFFERED.iter().any(|(value, _)| *value == piece);
                        view! {
                            {(at > 0).then(|| view! {
                                <select class="piece lit" aria-label=format!("Between piece {at} and {}", at + 1)
                                    on:change=move |event| { let value = event_target_value(&event); change(&|draft| draft[at].0.clone_from(&value)); }>
                                    {Separator::ALL.into_iter().map(|offered| view! {
                                        <option value=offered.as_str() selected={offered.as_str() == separator}>
                                            {if offered == Separator::None { "nothing" } else { offered.as_str() }}
                                        </option>
                                    }).collect_view()}
                                </select>
                            })}
                            <select class="piece" aria-label=format!("Piece {} of {last}", at + 1)
                                on:change=move |event| {
                                    let value = event_target_value(&event);
                                    change(&|draft| if value.is_empty() { draft.remove(at); } else { draft[at].1.clone_from(&value); });
                                }>
                                {(!known).then(|| view! { <option value=piece.clone() selected=true>{piece.clone()}</option> })}
                                {OFFERED.iter().map(|(value, label)| view! { <option value=*value selected={*value == piece}>{*label}</option> }).collect_view()}
                                {(last > 1).then(|| view! { <option value="">"Remove this piece"</option> })}
                            </select>
                        }
                    }).collect_view()
                }}
                <button class="btn quiet small" type="button"
                    on:click=move |_| change(&|draft| draft.push((".".to_owned(), "{family}".to_owned())))>
                    <Icon name="plus"/>"Add a piece"
                </button>
            </div>
            {move || complaint.get().map(|sentence| view! { <p class="error" role="alert"><Icon name="circle-alert"/>{sentence}</p> })}
            <span class="hint" id="pattern-hint">
                {move || example.get().map(|(name, username)| view! { {format!("Example: {name} becomes ")}<span class="code">{username}</span>". " })}
                {move || format!("Up to {} characters.", template.with(UsernameTemplate::max_length))}
            </span>
        </div>
        <div class="field">
            <label for="clash">"If a username is taken"</label>
            <select class="select" id="clash" on:change=move |event| with_option("clash", event_target_value(&event))>
                {Settle::ALL.into_iter().map(|settle| {
                    let value = match settle { Settle::Number => "number", Settle::NextLetters => "letters", Settle::Ask => "ask" };
                    let selected = template.with_untracked(|template| template.clash().settle == settle);
                    view! { <option value=value selected=selected>{settle.label()}</option> }
                }).collect_view()}
            </select>
            <span class="hint">"Usernames are never reused, even after someone leaves."</span>
        </div>
        <div class="field">
            <label for="longest">"Longest username"</label>
            <input class="input" id="longest" type="number" min="10" max="40" value=template.with_untracked(UsernameTemplate::max_length)
                on:change=move |event| with_option("max", event_target_value(&event))/>
            <span class="hint">"In characters, 10 to 40."<Hidden>" Longer names are shortened."</Hidden></span>
        </div>
    }
}
