//! Whether a student can sign in, why not, and what helps.

use domain::accounts::action::AccountAction;
use domain::authorization::policy::Permission;
use domain::ids::AccountId;
use domain::record::help::{SignInHelp, SignInRemedy};
use leptos::prelude::*;

use super::Record;
use super::actions::RecordActions;
use super::again::SendAgainDialog;
use super::code::CodeDialog;
use crate::features::office::layout::OfficeUser;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;

/// The id of the panel's heading.
const HEADING: &str = "help-title";

/// The panel "Sign-in help".
#[component]
pub fn Help(at: Record, account: AccountId, help: SignInHelp, has_email: bool) -> impl IntoView {
    let coding = RwSignal::new(false);
    let removing = RwSignal::new(false);
    let unlinking = RwSignal::new(false);
    let (asking_again, closing) = (RwSignal::new(false), RwSignal::new(false));
    let actions = RecordActions::to(at, account, HEADING);
    let offer = move |remedy: Option<SignInRemedy>| {
        let remedy = remedy.filter(|remedy| OfficeUser::get().may(remedy.takes()))?;
        if remedy == SignInRemedy::AddAddress {
            let to = format!("/students/{}", at.person);
            return Some(view! { <a class=button(remedy) href=to>{remedy.label()}</a> }.into_any());
        }
        let go = move |_| match remedy {
            SignInRemedy::Enable => actions.act(AccountAction::Enable),
            SignInRemedy::Unlock => actions.act(AccountAction::Unlock),
            SignInRemedy::Invite => actions.invite(false),
            SignInRemedy::InviteAgain => asking_again.set(true),
            SignInRemedy::Close => closing.set(true),
            SignInRemedy::RemoveFactors => removing.set(true),
            SignInRemedy::RemoveIdentities => unlinking.set(true),
            SignInRemedy::Code | SignInRemedy::AddAddress => coding.set(true),
        };
        Some(
            view! { <button class=button(remedy) type="button" on:click=go>{remedy.label()}</button> }
                .into_any(),
        )
    };
    let facts = help
        .facts
        .into_iter()
        .map(|fact| view! { <div><dt>{fact.about}</dt><dd>{fact.tells}" "{offer(fact.remedy)}</dd></div> })
        .collect_view();
    let icon = if help.can { "circle-check" } else { "ban" };
    view! {
        <section aria-labelledby=HEADING>
            <div class="section-head"><h2 id=HEADING tabindex="-1">"Sign-in help"</h2></div>
            <p class="row gap-s"><Icon name=icon/><b>{help.verdict}</b>{offer(help.remedy)}</p>
            <dl class="facts gap-s">{facts}</dl>
            {OfficeUser::get().may(Permission::ManageAccounts).then(|| view! {
                <p><a class="btn" rel="external" href=format!("/cards/new?person={}", at.person)><Icon name="printer"/>"Print a password"</a></p>
            })}
            <CodeDialog at open=coding has_email focus=HEADING/>
            <SendAgainDialog at actions open=asking_again/>
            <CloseDialog at actions open=closing/>
            <RemoveFactorsDialog at actions open=removing/>
            <RemoveIdentitiesDialog at actions open=unlinking/>
        </section>
    }
    .into_any()
}

/// What is next stands out; the rest is there for those who need it.
fn button(remedy: SignInRemedy) -> &'static str {
    if remedy.is_next() { "btn small primary" } else { "btn small" }
}

/// The question before the account of someone who has left is closed.
#[component]
fn CloseDialog(at: Record, actions: RecordActions, open: RwSignal<bool>) -> impl IntoView {
    let title = move || format!("Close the account of {}?", at.name.get_value());
    view! {
        <Dialog open title=Signal::derive(title)>
            <p>{AccountAction::Close.warning(1, 0)}</p>
            <footer>
                <button class="btn danger" type="button" on:click=move |_| { open.set(false); actions.act(AccountAction::Close); }>"Close the account"</button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        </Dialog>
    }
}

/// The question before removing second factors.
#[component]
fn RemoveFactorsDialog(at: Record, actions: RecordActions, open: RwSignal<bool>) -> impl IntoView {
    let title = move || format!("Remove the second factors of {}?", at.name.get_value());
    view! {
        <Dialog open title=Signal::derive(title)>
            <p>"They can then sign in with their password alone, until they set up new ones. They will be signed out everywhere and told by email."</p>
            <footer>
                <button class="btn danger" type="button" on:click=move |_| { open.set(false); actions.remove_factors(); }>"Remove second factors"</button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        </Dialog>
    }
}

/// The question before removing identities linked for single sign-on.
#[component]
fn RemoveIdentitiesDialog(at: Record, actions: RecordActions, open: RwSignal<bool>) -> impl IntoView {
    let title = move || format!("Remove the link for {}?", at.name.get_value());
    view! {
        <Dialog open title=Signal::derive(title)>
            <p>"Do this if the wrong account was linked. They will be signed out everywhere and told by email. The next person who signs in with the address on record can link again."</p>
            <footer>
                <button class="btn danger" type="button" on:click=move |_| { open.set(false); actions.remove_identities(); }>"Remove the link"</button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        </Dialog>
    }
}
