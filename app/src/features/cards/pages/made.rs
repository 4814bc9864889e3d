//! The cards that were made, shown once: eight to a sheet, or as a list to print or download.

use domain::cards::views::{Card, CardsFile, CardsMade};
use domain::credentials::phrase::Phrase;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::family::qr::QrCode;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;

/// The cards, as HTML. `list` is where the people were chosen.
pub fn made_page(page: OfficePage, list: (&'static str, &'static str), made: CardsMade) -> String {
    let title = match made.cards.len() {
        1 => "1 password".to_owned(),
        many => format!("{many} passwords"),
    };
    render(page, title.clone(), move || {
        let CardsMade { pile, number, school, cards, page, until, files, .. } = made;
        let pile_page = format!("/cards/{pile}");
        let lead = "You see these passwords only now. Print or download them before you leave this page. Each works once.";
        let rows = cards.iter().map(row).collect_view();
        let cards = cards
            .into_iter()
            .map(|card| view! { <CardView card school=school.clone() page=page.clone() until=until.clone() number/> })
            .collect_view();
        view! {
            <PageHead title lead=move || lead up=Some(list) actions=move || view! {
                <button class="btn primary" type="button" data-print hidden><Icon name="printer"/>"Print"</button>
                {files.iter().map(download).collect_view()}
            }/>
            <div class="cards-view">
                <p class="no-print">"This is "<a class="link" href=pile_page.clone()>{format!("pile {number}")}</a>{format!(". The passwords work until {until}. If the cards are lost, open the pile and make it void.")}</p>
                <fieldset class="field no-print">
                    <legend>"Show as"</legend>
                    <div class="row">
                        <label class="choice"><input type="radio" name="shown" id="as-cards" checked/><span>"Cards, 8 on a sheet"</span></label>
                        <label class="choice"><input type="radio" name="shown" id="as-list"/><span>"A list"</span></label>
                    </div>
                </fieldset>
                <ul class="cards" role="list">{cards}</ul>
                <div class="cards-list">
                    <p class="on-paper">{format!("{school}. Pile {number}. Sign in at {page} until {until}.")}</p>
                    <table class="table">
                        <caption class="vh">"Passwords"</caption>
                        <thead><tr><th scope="col">"Name"</th><th scope="col">"Group"</th><th scope="col">"Username"</th><th scope="col">"Password"</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
        }
    })
}

/// A link to a file that the page carries.
fn download(file: &CardsFile) -> impl IntoView + use<> {
    let CardsFile { label, name, address } = file.clone();
    view! { <a class="btn" href=address download=name><Icon name="download"/>{label}</a> }
}

fn row(card: &Card) -> impl IntoView + use<> {
    let beside = card.beside.as_ref().map(|(_, told)| told.clone()).unwrap_or_default();
    view! {
        <tr>
            <th scope="row">{card.name.clone()}</th>
            <td>{beside}</td>
            <td><span class="code">{card.username.clone()}</span></td>
            <td><span class="code">{card.phrase.to_string()}</span></td>
        </tr>
    }
}

#[component]
fn CardView(card: Card, school: String, page: String, until: String, number: u32) -> impl IntoView {
    let Card { name, username, beside, phrase, link } = card;
    view! {
        <li>
            <p class="whose">
                <b>{name}</b>
                {beside.map(|(label, told)| view! { <span><span class="vh">{label}" "</span>{told}</span> })}
            </p>
            <p class="where"><span>{school}</span><span class="code">{page}</span></p>
            <QrCode text=link label="Sign in with a camera"/>
            <div class="told">
                <dl>
                    <div><dt>"Username"</dt><dd class="code">{username}</dd></div>
                    <div><dt>"Password"</dt><dd><Words phrase/></dd></div>
                </dl>
            </div>
            <p class="small">{format!("Point a camera at the square, or type the username and password. Works once, until {until}. Pile {number}.")}</p>
        </li>
    }
}

/// The password: words in a row, or each below its picture.
#[component]
fn Words(phrase: Phrase) -> impl IntoView {
    if phrase.words().all(|(_, picture)| picture.is_none()) {
        return view! { <b class="code">{phrase.to_string()}</b> }.into_any();
    }
    let pictures = phrase
        .words()
        .map(|(word, picture)| view! { <li><span aria-hidden="true">{picture}</span><b class="code">{word}</b></li> })
        .collect_view();
    view! {
        <ul class="pictures" role="list">
            {pictures}
            <li class="digits"><b class="code">{phrase.digits()}</b></li>
        </ul>
    }
    .into_any()
}
