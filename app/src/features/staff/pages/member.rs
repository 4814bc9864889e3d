//! One member of staff: their account, their invitation, and the way to their roles. It needs no WebAssembly.

use backend::authorization::roles::holders::Holder;
use backend::groups::tutored::TutoredGroup;
use chrono::NaiveDate;
use domain::accounts::plan::{PlanRow, PlannedUsername};
use domain::accounts::rename::FormerUsername;
use domain::accounts::username::Username;
use domain::authorization::policy::Permission;
use domain::credentials::invited::CurrentInvitation;
use domain::credentials::status::AccountStatus;
use domain::fields::FieldErrors;
use domain::ids::{PersonId, SchoolId};
use domain::roll::selection::Selection;
use domain::roll::views::RollAccount;
use domain::staff::views::{Employment, StaffMember};
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::authorization::pages::roles::{in_words, place};
use crate::features::office::me::Me;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::status::StatusBadge;
use crate::ui::time::TimeWords;

/// The form for an account, as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountForm {
    /// The username that is in the field.
    pub username: String,
    /// The username that staff were told to look at. Sent again, it counts as accepted.
    pub reviewed: String,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Whether a closed account is opened again, with its username.
    pub reopens: bool,
}

impl AccountForm {
    /// As it is first shown: with the username that would be made.
    pub fn proposing(row: &PlanRow) -> Self {
        let username = row.username().map(Username::to_string).unwrap_or_default();
        let reviewed = if matches!(row.made, PlannedUsername::NeedsReview(..)) {
            username.clone()
        } else {
            String::new()
        };
        let errors = row.complaint().map(|why| FieldErrors::one("username", why)).unwrap_or_default();
        Self { username, reviewed, errors, reopens: row.reopens.is_some() }
    }

    /// After `username` was not taken.
    pub fn refused(username: String, errors: FieldErrors) -> Self {
        Self { reviewed: username.clone(), username, errors, reopens: false }
    }
}

/// What is shown of the account beside what the staff list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberAccount {
    /// The usernames it had before.
    pub former: Vec<FormerUsername>,
    /// On which days it can be used, in a sentence; empty for those who cannot see it.
    pub days: String,
}

/// The page as HTML, with the groups they tutor. `roles` and `form` are for those who may give roles and make the account; `problem` is why nothing
/// happened.
pub fn member_page(
    page: OfficePage,
    shown: StaffMember,
    beside: MemberAccount,
    (roles, tutored): (Option<Vec<Holder>>, Vec<TutoredGroup>),
    form: Option<AccountForm>,
    problem: Option<String>,
) -> String {
    let wrong = form.as_ref().is_some_and(|form| !form.errors.is_empty());
    let title = if wrong { format!("Error: {}", shown.name) } else { shown.name.clone() };
    let me = page.me.clone();
    render(page, title, move || {
        let MemberAccount { former, days } = beside;
        let StaffMember { person, name, employment, works_here, email, invitation, .. } = shown;
        let employed = employment.is_some();
        let school = &me.school.name;
        let lead = match (&employment, works_here) {
            (Some(_), true) => format!("Member of staff at {school}."),
            (Some(_), false) => format!("No longer works at {school}."),
            (None, _) => format!("Has a role at {school}, and is not on its staff list."),
        };
        let leaves = employment.as_ref().and_then(|work| work.ends_on);
        let groups = (!tutored.is_empty()).then(|| view! { <Tutored tutored leaves/> });
        let has_account = shown.account.is_some();
        let account = shown.shows_account.then(|| {
            let inside = match (shown.account, form) {
                (_, Some(form)) => {
                    view! { <Create path=format!("/staff/{person}/account") form/> }.into_any()
                }
                (Some(account), None) => {
                    let path = format!("/staff/{person}/invitation");
                    let rename = ((works_here || !employed) && me.may(Permission::ManageAccounts))
                        .then(|| format!("/accounts/rename?person={person}&among=staff"));
                    let stop = format!("/staff/{person}/old-username");
                    let change_days =
                        me.may(Permission::ManageAccounts).then(|| format!("/staff/{person}/days"));
                    view! {
                        <Account me=me.clone() account invitation former=former.clone() path days has_email=email.is_some()/>
                        <p class="row gap-s">
                            {rename.map(|href| view! { <a class="btn" href=href>"Change username"</a> })}
                            {change_days.map(|href| view! { <a class="btn" href=href>"Change its days"</a> })}
                        </p>
                        <OldUsernames words=me.words() manages=me.may(Permission::ManageAccounts) former path=stop/>
                    }
                    .into_any()
                }
                (None, None) if works_here => {
                    view! { <p>"No account. Ask someone who manages portal access to create one."</p> }
                        .into_any()
                }
                (None, None) => view! { <p>"No account."</p> }.into_any(),
            };
            view! { <h2 class="gap-m">"Account"</h2>{inside} }
        });
        let changes = (has_account && me.may(Permission::ManageAccounts)).then(|| {
            view! { <ChangeAccount school=me.school.id person/> }
        });
        let rights = me.may(Permission::ManageDataRights).then(|| {
            view! { <p class="gap-m"><a class="btn" href=format!("/people/{person}/data")>"Data held"</a></p> }
        });
        view! {
            <PageHead title=name lead=move || lead.clone() up=Some(("/staff", "Staff"))/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <dl class="facts">
                {employment.as_ref().map(|work| view! { <div><dt>"Staff code"</dt><dd><span class="code">{work.staff_code.clone()}</span></dd></div> })}
                <div><dt>"Email"</dt><dd>{email.unwrap_or_else(|| "None".to_owned())}</dd></div>
                {employment.map(|Employment { starts_on, ends_on, .. }| view! {
                    <div><dt>"First day"</dt><dd>{long_day(starts_on)}</dd></div>
                    {ends_on.map(|day| view! { <div><dt>"Last day"</dt><dd>{long_day(day)}</dd></div> })}
                })}
            </dl>
            {groups}
            {account}
            {changes}
            {roles.map(|roles| view! {
                <h2 class="gap-m">"Roles"</h2>
                {if has_account {
                    view! { {roles_held(roles)}<p class="gap-s"><a class="btn" href=format!("/roles/people/{person}")>"Give or remove roles"</a></p> }.into_any()
                } else {
                    view! { <p class="muted">"Create an account first. Then you can give this person a role."</p> }.into_any()
                }}
            })}
            {rights}
        }
    })
}

/// The groups they tutor, with the question who does when they leave.
#[component]
fn Tutored(tutored: Vec<TutoredGroup>, leaves: Option<NaiveDate>) -> impl IntoView {
    let alone = tutored.iter().filter(|group| !group.closed && !group.shared).count();
    let asked = leaves.filter(|_| alone > 0).map(|day| {
        let groups = if alone == 1 { "1 group".to_owned() } else { format!("{alone} groups") };
        let why = format!("Their last day is {}. After that, {groups} would have no tutor.", long_day(day));
        view! {
            <Notice tone="amber" title="Choose another tutor"><p>{why}" Open each group and add one."</p></Notice>
        }
    });
    let lines = tutored
        .into_iter()
        .map(|group| {
            let mut said = vec![group.year];
            said.extend(group.closed.then(|| "closed, so the role gives nothing".to_owned()));
            said.extend(group.until.map(|day| format!("until {}", long_day(day))));
            let said: Vec<String> = said.into_iter().filter(|part| !part.is_empty()).collect();
            view! {
                <li><a href=format!("/groups/{}", group.group)><bdi>{group.name}</bdi></a>" "<span class="muted">{said.join(", ")}</span></li>
            }
        })
        .collect_view();
    view! {
        <h2 class="gap-m">"Tutor of"</h2>
        {asked}
        <ul role="list" class="stack">{lines}</ul>
    }
    .into_any()
}

/// Leads to the page that disables, enables, unlocks or closes the account.
#[component]
fn ChangeAccount(school: SchoolId, person: PersonId) -> impl IntoView {
    let selection = serde_json::to_string(&Selection::People { ids: vec![person] }).unwrap_or_default();
    view! {
        <form class="gap-s" method="post" action="/accounts/bulk">
            <input type="hidden" name="school" value=school.to_string()/>
            <input type="hidden" name="selection" value=selection/>
            <input type="hidden" name="among" value="staff"/>
            <button class="btn" type="submit">"Disable, enable, unlock or close the account"</button>
        </form>
    }
}

/// The roles a person has, with the place and the dates of each.
fn roles_held(roles: Vec<Holder>) -> AnyView {
    if roles.is_empty() {
        return view! { <p class="muted">"No role. They can see their own portal, but not the office."</p> }
            .into_any();
    }
    let lines = roles
        .into_iter()
        .map(|held| {
            let (place, when) = (place(&held), in_words(&held));
            view! { <div><dt>{held.role}</dt><dd><span>{place}</span><span class="muted">{when}</span></dd></div> }
        })
        .collect_view();
    view! { <dl class="facts">{lines}</dl> }.into_any()
}

/// The form that opens a closed account again.
#[component]
pub fn ReopenAccount(
    /// Where it is sent.
    path: String,
    /// The account's username.
    username: String,
) -> impl IntoView {
    view! {
        <p class="gap-s">"The account "<span class="code">{username.clone()}</span>" is closed. You can re-open it with the same username. The old password no longer works: send an invitation afterwards."</p>
        <form class="gap-s" method="post" action=path>
            <input type="hidden" name="username" value=username/>
            <button class="btn primary" type="submit">"Re-open account"</button>
        </form>
    }
}

#[component]
fn Create(path: String, form: AccountForm) -> impl IntoView {
    let AccountForm { username, reviewed, errors, reopens } = form;
    if reopens {
        return view! { <ReopenAccount path username/> }.into_any();
    }
    view! {
        <ErrorSummary errors=errors.clone()/>
        <form class="stack gap-s" method="post" action=path novalidate>
            <input type="hidden" name="reviewed" value=reviewed/>
            <TextField id="username" label="Username" value=username errors
                hint="From the school\u{2019}s username pattern. You can also change it later."/>
            <div class="row"><button class="btn primary" type="submit">"Create account"</button></div>
        </form>
        <p class="muted gap-s">"An account gives no permissions. Those come with a role."</p>
    }
    .into_any()
}

#[component]
fn Account(
    me: Me,
    account: RollAccount,
    invitation: Option<CurrentInvitation>,
    former: Vec<FormerUsername>,
    path: String,
    days: String,
    has_email: bool,
) -> impl IntoView {
    let status = AccountStatus::of(Some(&account.standing), me.now);
    let waits = account.standing.state.waits_for_password();
    let invite = (waits && me.may(Permission::SendInvitations))
        .then(|| view! { <Invite me=me.clone() invitation path has_email/> });
    view! {
        <dl class="facts">
            <div><dt>"Username"</dt><dd><span class="code">{account.username}</span></dd></div>
            {former_lines(me.words(), &former)}
            <div><dt>"Status"</dt><dd><StatusBadge status/></dd></div>
            {(!days.is_empty()).then(|| view! { <div><dt>"Days"</dt><dd>{days}</dd></div> })}
        </dl>
        {invite}
    }
    .into_any()
}

/// What became of the invitation, and the form that sends one: nothing while one is on its way, and again only as the second
/// choice.
#[component]
fn Invite(me: Me, invitation: Option<CurrentInvitation>, path: String, has_email: bool) -> impl IntoView {
    let became = invitation.as_ref().map(|invitation| invitation.sentence(|at| me.words().at(at)));
    let again = invitation.as_ref().is_some_and(CurrentInvitation::was_sent);
    let form = match has_email {
        _ if invitation.as_ref().is_some_and(CurrentInvitation::is_on_the_way) => None,
        true if again => Some(
            view! {
                <form class="gap-s" method="post" action=path>
                    <input type="hidden" name="again" value="yes"/>
                    <button class="btn" type="submit">"Send again"</button>
                </form>
            }
            .into_any(),
        ),
        true => Some(
            view! {
                <form class="gap-s" method="post" action=path>
                    <button class="btn primary" type="submit">"Send invitation code email"</button>
                </form>
            }
            .into_any(),
        ),
        false => Some(view! { <p class="muted">"There is no email address to send an invitation to. Import staff with their email addresses to add one."</p> }.into_any()),
    };
    view! {
        {became.map(|became| view! { <p class="gap-s">{became}</p> })}
        {form}
    }
    .into_any()
}

/// The form that stops the sign-in by usernames they had before, or undoes that.
#[component]
pub fn OldUsernames(
    /// Puts days into words.
    words: TimeWords,
    /// Whether the reader manages portal access.
    manages: bool,
    /// The usernames.
    former: Vec<FormerUsername>,
    /// Where the form is sent.
    path: String,
) -> impl IntoView {
    let stop = (manages && former.iter().any(FormerUsername::signs_in)).then(|| {
        view! {
            <form class="gap-s" method="post" action=path.clone()>
                <p class="muted">{FormerUsername::WHAT_ENDS}</p>
                <button class="btn" type="submit">"Stop the old username now"</button>
            </form>
        }
    });
    let undo = FormerUsername::undoable_until(&former).filter(|_| manages).map(|until| {
        view! {
            <form class="gap-s" method="post" action=path>
                <input type="hidden" name="undo" value="yes"/>
                <button class="btn" type="submit">"Let the old username sign in again"</button>
                " "<span class="muted">{format!("Until {}.", words.until(until))}</span>
            </form>
        }
    });
    view! { {stop}{undo} }.into_any()
}

/// The usernames they had before, as lines of a list of facts.
pub fn former_lines(words: TimeWords, former: &[FormerUsername]) -> AnyView {
    former
        .iter()
        .map(|former| {
            let sentence = former.sentence(|day| words.until(day));
            let username = former.username.clone();
            view! {
                <div>
                    <dt>"Former username"</dt>
                    <dd>{username.map(|username| view! { <span class="code">{username}</span>" " })}<span class="muted">{sentence}</span></dd>
                </div>
            }
        })
        .collect_view()
        .into_any()
}
