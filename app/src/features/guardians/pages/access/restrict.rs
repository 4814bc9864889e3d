//! The form for a restriction.

use backend::guardians::access::map::AccessMap;
use domain::authorization::grant::PortalScope;
use domain::fields::FieldErrors;
use domain::guardians::restriction::{RestrictionForm, RestrictionReason};
use domain::ids::RestrictionId;
use leptos::prelude::*;

use super::restrictions::whom;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{SelectField, TextField};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// What the form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestrictFor {
    /// To record another restriction.
    Recording,
    /// To change one.
    Changing(RestrictionId),
}

/// The form as HTML, with what was typed; `problem` is why nothing was recorded.
pub fn restrict_page(
    page: OfficePage,
    map: AccessMap,
    purpose: RestrictFor,
    form: RestrictionForm,
    errors: FieldErrors,
    problem: Option<String>,
) -> String {
    let changed = match purpose {
        RestrictFor::Recording => None,
        RestrictFor::Changing(id) => Some(id),
    };
    let title = match changed {
        None => format!("Restrict who sees {}", map.name),
        Some(_) => format!("Change a restriction on who sees {}", map.name),
    };
    let wrong = !errors.is_empty() || problem.is_some();
    let head = if wrong { format!("Error: {title}") } else { title.clone() };
    render(page, head, move || {
        let child = map.child;
        let lead = match changed {
            None => {
                "It acts from its first day, at the earliest when you record it: then it ends sessions, invitations and codes of these adults, and drops messages about the student. Lifting it takes a second person."
            }
            Some(_) => {
                "What it closes more than before counts at once. If it would close less, or for fewer days, a second person has to approve, and until then everything stays as it is."
            }
        };
        let path = if changed.is_some() { "change" } else { "restrict" };
        let button = if changed.is_some() { "Save" } else { "Record restriction" };
        let whom = match changed {
            None => view! { <Whom map=map.clone() form=form.clone() errors=errors.clone()/> }.into_any(),
            Some(id) => view! { <SameAdults map=map.clone() id/> }.into_any(),
        };
        view! {
            <PageHead title lead=move || lead up=Some(("/students", "Students"))
                actions=move || view! { <a class="btn" href=format!("/students/{child}/access")>"Who sees this student"</a> }/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <ErrorSummary errors=errors.clone()/>
            <form class="stack" method="post" action=format!("/students/{child}/access/{path}") novalidate>
                {whom}
                <What form=form.clone() errors=errors.clone()/>
                <Why form errors/>
                <div class="row">
                    <button class="btn primary" type="submit">{button}</button>
                    <a class="btn" href=format!("/students/{child}/access")>"Cancel"</a>
                </div>
            </form>
        }
    })
}

/// Whom the restriction is about, which stays.
#[component]
fn SameAdults(map: AccessMap, id: RestrictionId) -> impl IntoView {
    let who = map.restrictions.iter().find(|line| line.id == id).map(whom).unwrap_or_default();
    view! {
        <input type="hidden" name="restriction" value=id.to_string()/>
        <dl class="facts long"><div><dt>"Who"</dt><dd><b>{who}</b></dd></div></dl>
        <p class="muted">"If it is about other adults, record another restriction and ask to lift this one."</p>
    }
    .into_any()
}

#[component]
fn Whom(map: AccessMap, form: RestrictionForm, errors: FieldErrors) -> impl IntoView {
    let adults: Vec<(String, String)> = std::iter::once((String::new(), "Choose an adult".to_owned()))
        .chain(map.adults.iter().map(|adult| (adult.adult.to_string(), adult.name.clone())))
        .collect();
    let all = form.whom == "all";
    let but = map
        .adults
        .iter()
        .map(|adult| {
            let id = adult.adult.to_string();
            let checked = form.but.contains(&id);
            view! {
                <label class="choice">
                    <input type="checkbox" name="but" value=id checked=checked/>
                    <span>{adult.name.clone()}</span>
                </label>
            }
        })
        .collect_view();
    let wrong = errors.of("but").map(str::to_owned);
    let is_wrong = wrong.is_some().then_some("");
    view! {
        <fieldset class="field">
            <legend>"Who"</legend>
            <label class="choice"><input type="radio" name="whom" value="one" checked=!all/><span>"One adult"</span></label>
            <label class="choice"><input type="radio" name="whom" value="all" checked=all/><span>"Every adult but those ticked below, also adults who are added later"</span></label>
        </fieldset>
        <SelectField id="adult" label="The adult" hint="If it is about one adult." choices=adults chosen=form.adult errors/>
        <fieldset class="field" id="but" tabindex="-1" data-invalid=is_wrong>
            <legend>"Adults who keep their access"</legend>
            <span class="hint">"If it is about every adult."</span>
            {wrong.map(|wrong| view! { <span class="error">{wrong}</span> })}
            {but}
        </fieldset>
    }
    .into_any()
}

#[component]
fn What(form: RestrictionForm, errors: FieldErrors) -> impl IntoView {
    let boxes = PortalScope::FAMILY
        .into_iter()
        .map(|scope| {
            let checked = form.scopes.iter().any(|typed| typed == scope.slug());
            view! {
                <label class="choice">
                    <input type="checkbox" name="scopes" value=scope.slug() checked=checked/>
                    <span>{scope.label()}</span>
                </label>
            }
        })
        .collect_view();
    let wrong = errors.of("scopes").map(str::to_owned);
    let is_wrong = wrong.is_some().then_some("");
    view! {
        <fieldset class="field" id="scopes" tabindex="-1" data-invalid=is_wrong>
            <legend>"What they may not see"</legend>
            {wrong.map(|wrong| view! { <span class="error">{wrong}</span> })}
            {boxes}
        </fieldset>
        <label class="choice">
            <input type="checkbox" name="hides" value="yes" checked=form.hides/>
            <span>"Hide addresses and phone numbers from them too"</span>
        </label>
    }
    .into_any()
}

#[component]
fn Why(form: RestrictionForm, errors: FieldErrors) -> impl IntoView {
    let reasons = RestrictionReason::ALL.map(|reason| (reason.slug().to_owned(), reason.label().to_owned()));
    let reasons = std::iter::once((String::new(), "Choose a reason".to_owned())).chain(reasons).collect();
    view! {
        <SelectField id="reason" label="Reason" choices=reasons chosen=form.reason errors=errors.clone()/>
        <TextField id="reference" label="Reference (optional)" hint="Where you keep the order, such as a case number. Do not describe what happened."
            value=form.reference longest=200 errors=errors.clone()/>
        <TextField id="from" label="First day" kind="date" value=form.from errors=errors.clone()/>
        <TextField id="until" label="Last day (optional)" kind="date" value=form.until errors=errors.clone()/>
        <TextField id="review" label="Review date (optional)" hint="The office gets a task on this day." kind="date" value=form.review errors/>
    }
    .into_any()
}
