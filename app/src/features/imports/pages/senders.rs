//! What columns mean in the files of each sender. It needs no WebAssembly.

use domain::fields::FieldErrors;
use domain::ids::SenderId;
use domain::imports::kind::ImportDeclaration;
use domain::imports::senders::{MAX_NAME, SenderView};
use leptos::prelude::*;

use crate::features::imports::components::start;
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::{Hidden, Icon};
use crate::ui::page::PageHead;
use crate::ui::time::TimeWords;

/// The page, as HTML. `wrong` are the errors in the name of a sender.
pub fn senders_page(
    page: OfficePage,
    kind: &'static ImportDeclaration,
    senders: Vec<SenderView>,
    wrong: Option<(SenderId, FieldErrors)>,
) -> String {
    let words = page.me.words();
    render(page, "Remembered columns", move || {
        let lead = "A file is recognised by the names of its columns, and its columns are matched as in the last file with the same names.";
        let is_empty = senders.is_empty();
        view! {
            <PageHead title="Remembered columns" mark=|| view! { <Icon name="table-2"/> } lead=move || lead/>
            <p><a href=start(kind)>{format!("Back to {}", kind.title.to_lowercase())}</a></p>
            {is_empty.then(|| view! { <p class="muted">"Nothing is remembered yet. The columns of a file are remembered when it is imported."</p> })}
            {senders.into_iter().map(|sender| {
                let errors = wrong.as_ref().filter(|(of, _)| *of == sender.id).map(|(_, errors)| errors.clone());
                view! { <Sender kind sender words errors/> }
            }).collect_view()}
        }
    })
}

/// A sender: its columns, its name, and the button that forgets it.
#[component]
fn Sender(
    kind: &'static ImportDeclaration,
    sender: SenderView,
    words: TimeWords,
    errors: Option<FieldErrors>,
) -> impl IntoView {
    let SenderView { id, name, used_at, columns } = sender;
    let wrong = errors.as_ref().and_then(|errors| errors.of("name")).map(str::to_owned);
    let is_wrong = wrong.is_some();
    let (field, error) = (format!("name-{id}"), format!("name-{id}-error"));
    let described = is_wrong.then(|| error.clone());
    let action = format!("/imports/senders/{id}?kind={}", kind.slug);
    view! {
        <section class="stack gap-m">
            <h2><bdi>{name.clone()}</bdi></h2>
            <p class="muted">{format!("Last imported {}.", words.at(used_at))}</p>
            <dl class="facts">
                {columns.into_iter().map(|(heading, field)| view! { <div><dt><bdi>{heading}</bdi></dt><dd>{field}</dd></div> }).collect_view()}
            </dl>
            <form class="stack" method="post" action=action>
                <div class="field" data-invalid=is_wrong.then_some("")>
                    <label for=field.clone()>"Name of this sender"</label>
                    {wrong.map(|wrong| view! { <span class="error" id=error><Icon name="circle-alert"/>{wrong}</span> })}
                    <input class="input" type="text" id=field name="name" value=name.clone() maxlength=MAX_NAME autocomplete="off"
                        autofocus=is_wrong aria-invalid=is_wrong.then_some("true") aria-describedby=described/>
                </div>
                <div class="row">
                    <button class="btn" type="submit" name="what" value="rename">"Save name"<Hidden>{format!(" of {name}")}</Hidden></button>
                    <button class="btn" type="submit" name="what" value="forget">"Forget these columns"<Hidden>{format!(" of {name}")}</Hidden></button>
                </div>
            </form>
        </section>
    }
}
