//! The question before cards are made.

use domain::cards::views::CardsFor;
use domain::credentials::phrase::PhraseKind;
use domain::ids::{GroupId, SchoolId};
use domain::operations::progress::LeftOutCount;
use leptos::prelude::*;

use super::PILES;
use crate::features::office::page::{OfficePage, render};
use crate::features::operations::components::QuestionFacts;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

/// What would be made, and for whom.
#[derive(Debug, Clone)]
pub struct CardsQuestion {
    /// The school.
    pub school: SchoolId,
    /// The people, as JSON.
    pub selection: String,
    /// The kind of people they are.
    pub among: &'static str,
    /// The group they were chosen by, and its name.
    pub group: Option<(GroupId, String)>,
    /// How many have not chosen a password yet.
    pub waiting: usize,
    /// How many get a card if those who have one get one too.
    pub everyone: usize,
    /// Who gets none in any case.
    pub left_out: Vec<LeftOutCount>,
    /// Whether a second person has to approve it.
    pub waits: bool,
}

/// The question, as HTML. `list` is where the people were chosen.
pub fn ask_page(page: OfficePage, list: (&'static str, &'static str), question: CardsQuestion) -> String {
    let whose = question.group.as_ref().map_or_else(String::new, |(_, name)| format!(" for {name}"));
    let title = match question.everyone {
        0 => "None of these people can be given a password".to_owned(),
        1 => format!("Make 1 password{whose}?"),
        many => format!("Make {many} passwords{whose}?"),
    };
    render(page, title.clone(), move || {
        let CardsQuestion { school, selection, among, group, waiting, everyone, left_out, waits } = question;
        let lead = "Each person gets a card with a password that works once. They choose a password of their own when they first use it. You see the passwords only once. Earlier cards of these people stop working.";
        view! {
            <PageHead title lead=move || lead up=Some(list)
                actions=|| view! { <a class="btn" href=PILES.0>{PILES.1}</a> }/>
            <QuestionFacts left_out waits/>
            <form class="stack" method="post" action="/cards/make">
                <input type="hidden" name="school" value=school.to_string()/>
                <input type="hidden" name="selection" value=selection/>
                <input type="hidden" name="among" value=among/>
                {group.map(|(group, _)| view! { <input type="hidden" name="group" value=group.to_string()/> })}
                {(everyone > 0).then(|| view! { <Whom waiting everyone/><Words/> })}
                <p class="row">
                    {(everyone > 0).then(|| view! {
                        <button class="btn primary" type="submit"><Icon name="key-round"/>"Make passwords"</button>
                    })}
                    <a class="btn" href=list.0>"Back"</a>
                </p>
            </form>
        }
    })
}

/// Whether those who have a password get a card too. Not asked if it makes no difference.
#[component]
fn Whom(waiting: usize, everyone: usize) -> impl IntoView {
    let all = waiting == 0;
    let (few, many) = (CardsFor::Waiting.slug(), CardsFor::Everyone.slug());
    if all || waiting == everyone {
        let whom = if all { many } else { few };
        let note = all.then_some("They have all chosen a password. It works until they use the card.");
        return view! {
            <input type="hidden" name="whom" value=whom/>
            {note.map(|note| view! { <p>{note}</p> })}
        }
        .into_any();
    }
    view! {
        <fieldset class="field">
            <legend>"Who gets one?"</legend>
            <label class="choice"><input type="radio" name="whom" value=few checked/><span>{format!("Those who have not chosen a password yet: {waiting}")}</span></label>
            <label class="choice"><input type="radio" name="whom" value=many/><span>{format!("Everyone: {everyone}. A password that someone has works until they use the card.")}</span></label>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Words() -> impl IntoView {
    let [words, pictures] = PhraseKind::ALL.map(PhraseKind::slug);
    view! {
        <fieldset class="field">
            <legend>"What is the password made of?"</legend>
            <label class="choice"><input type="radio" name="words" value=words checked/><span>"Short words and digits"</span></label>
            <label class="choice"><input type="radio" name="words" value=pictures/><span>"Words with pictures and digits, for young children. They point the camera at the card instead of typing."</span></label>
        </fieldset>
    }
}
