//! The office frame: masthead, side navigation and page.

use domain::authorization::policy::Permission;
use domain::lists::columns::{ColumnChoice, Slug};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use crate::features::lists::api::keep_columns;
use crate::features::office::me::{Me, at_the_desk};
use crate::page_permissions::required_permission;
use crate::ui::cap::CapDrawing;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::live::effect;
use crate::ui::memo::memo;
use crate::ui::notice::Notice;
use crate::ui::table::SavedColumns;
use crate::ui::toast::{ToastRack, Toasts, provide_toasts};

/// The signed-in person; available on every office page.
#[derive(Clone, Copy)]
pub struct OfficeUser(pub StoredValue<Me>);

impl OfficeUser {
    /// The person on the current page.
    pub fn get() -> Self {
        expect_context()
    }

    /// The school whose pages are shown.
    pub fn school(self) -> domain::ids::SchoolId {
        self.0.with_value(|me| me.school.id)
    }

    /// Whether the person's roles are for groups only.
    pub fn groups_only(self) -> bool {
        self.0.with_value(|me| me.groups_only)
    }

    /// Whether the person has this permission. Pages hide what they may not do.
    pub fn may(self, permission: Permission) -> bool {
        self.0.with_value(|me| me.may(permission))
    }
}

/// The frame around every office page.
#[component]
pub fn Office(
    /// Dialogs that features add to the frame once, because any page may open them.
    #[prop(into)]
    beside: ViewFn,
) -> impl IntoView {
    provide_toasts();
    // Known before the page is rendered. With a `Suspense` the server would render the frame and the whole
    // page twice, and drop the first while threads still work on it.
    at_the_desk().map(|me| {
        provide_context(me.words());
        let rack = ToastRack::get();
        SavedColumns::provide(me.columns.clone(), move |(list, choice)| keep(rack, list, choice));
        provide_context(OfficeUser(StoredValue::new(me)));
        view! { <Seated beside=beside.clone()/> }
    })
}

/// Shown to people without scripts. As text, because browsers with scripts read the contents of `noscript` as
/// text.
const WITHOUT_SCRIPT: &str = r#"<div class="notice" data-tone="amber"><div>
<p><b>JavaScript is turned off in this browser.</b> You can use lists, filters, records and downloads. To choose students, create accounts, send invitations or import files, turn on JavaScript and WebAssembly for this site, then reload the page.</p></div></div>"#;

/// Saves a choice of columns. The page shows it at once.
fn keep(rack: ToastRack, list: &'static str, choice: ColumnChoice) {
    leptos::task::spawn_local(async move {
        let kept = match Slug::try_from(list.to_owned()) {
            Ok(list) => keep_columns(list, choice).await.map_err(|error| error.message),
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = kept {
            rack.say(format!("Your choice of columns was not saved. {why}"));
        }
    });
}

/// The frame with the current page.
#[component]
fn Seated(beside: ViewFn) -> impl IntoView {
    let user = OfficeUser::get();
    // Signals that the page is interactive: keys and buttons that need WebAssembly now work.
    effect(|| {
        if let Some(root) = document().document_element() {
            // An attribute with this name can always be set.
            let _ = root.set_attribute(crate::ui::ALIVE, "");
        }
    });
    let location = use_location();
    effect(move || {
        location.pathname.track();
        request_animation_frame(show_current_link);
    });
    let reached = memo(move || {
        location.pathname.with(|path| required_permission(path).is_none_or(|permission| user.may(permission)))
    });
    view! {
        <Frame path=location.pathname>
            <noscript inner_html=WITHOUT_SCRIPT></noscript>
            <Show when=move || reached.get() fallback=OutOfReach><Outlet/></Show>
        </Frame>
        <Toasts/>
        {beside.run()}
    }
}

/// The parts around every office page, with or without WebAssembly: masthead, navigation and reminders.
#[component]
pub(super) fn Frame(
    /// The page's path.
    path: Memo<String>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let user = OfficeUser::get();
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app">
            <Masthead me=user.0.get_value()/>
            <Side path/>
            <main class="page" id="main" tabindex="-1">
                {user.0.with_value(|me| me.due.clone()).map(|day| view! { <FactorDue day/> })}
                {children()}
            </main>
        </div>
    }
}

/// Reminds staff who have no second factor yet.
#[component]
fn FactorDue(day: String) -> impl IntoView {
    let title = format!("Set up a second factor before {day}");
    view! {
        <Notice tone="amber" title=title>
            <p>"Staff must have a second factor. From that day, you can\u{2019}t continue without one. "<a href="/account/security" rel="external">"Set it up now"</a></p>
        </Notice>
    }
}

/// The bar at the top.
#[component]
fn Masthead(
    /// The signed-in person.
    me: Me,
) -> impl IntoView {
    let find = NodeRef::<leptos::html::Input>::new();
    effect(move || {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if event.key() == "/" && !types_text(&event) {
                event.prevent_default();
                if let Some(input) = find.get_untracked() {
                    let _ = input.focus();
                }
            }
        });
        on_cleanup(move || handle.remove());
    });
    let (home, found) = if me.may(Permission::ViewAccounts) {
        ("/accounts", "Find a student or username")
    } else {
        ("/students", "Find a student")
    };
    view! {
        <header class="masthead">
            <a class="brand" href=home><CapDrawing has=true/>" Greencap"</a>
            {if me.schools.len() > 1 {
                view! {
                    <details class="school menu-at">
                        <summary>{me.school.name.clone()}<Icon name="chevron-down" small=true/></summary>
                        <div class="menu">
                            {me.schools.iter().map(|school| view! {
                                <a href=format!("/office/school/{}", school.code) rel="external"
                                    aria-current=(school.id == me.school.id).then_some("true")>{school.name.clone()}</a>
                            }).collect_view()}
                        </div>
                    </details>
                }.into_any()
            } else {
                view! { <span class="school">{me.school.name.clone()}</span> }.into_any()
            }}
            <form class="find" role="search" action="/students" method="get">
                <label class="vh" for="find">{found}</label>
                <Icon name="search" small=true/>
                <input id="find" node_ref=find name="q" type="search" placeholder=found autocomplete="off"/>
                <kbd aria-hidden="true">"/"</kbd>
            </form>
            <div class="tools">
                <a class="tool find-small" href="/students"><Icon name="search"/><Hidden>"Search"</Hidden></a>
                <ThemeButton/>
                <details class="menu-at">
                    <summary class="tool"><span class="label">{me.name.clone()}</span><Icon name="chevron-down" small=true/><Hidden>"Your menu"</Hidden></summary>
                    <div class="menu">
                        <a href="/portal" rel="external"><Icon name="user"/>"My own portal"</a>
                        <a href="/account/password" rel="external"><Icon name="key-round"/>"Change your password"</a>
                        <a href="/account/email" rel="external"><Icon name="mail"/>"Change your email address"</a>
                        <a href="/account/security" rel="external"><Icon name="lock"/>"Second factors"</a>
                        <a href="/account/sessions" rel="external"><Icon name="monitor-smartphone"/>"Where you are signed in"</a>
                        <form action="/sign-out" method="post"><button type="submit"><Icon name="log-out"/>"Sign out"</button></form>
                    </div>
                </details>
            </div>
        </header>
    }
}

/// Whether a key press is in a text field.
pub fn types_text(event: &leptos::ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast as _;
    event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| {
        element
            .closest("input:not([type=checkbox]):not([type=radio]), textarea, select")
            .ok()
            .flatten()
            .is_some()
    })
}

#[component]
fn ThemeButton() -> impl IntoView {
    // Light or dark, stored in a cookie so that the server renders the right one and nothing flashes.
    let change = move |_| {
        use wasm_bindgen::JsCast as _;
        let Some(root) = document().document_element() else { return };
        let dark = match root.get_attribute("data-theme").as_deref() {
            Some("dark") => true,
            Some("light") => false,
            _ => device_is_dark(),
        };
        let theme = if dark { "light" } else { "dark" };
        let _ = root.set_attribute("data-theme", theme);
        if let Ok(page) = document().dyn_into::<web_sys::HtmlDocument>() {
            let https = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
            let secure = if https { "; Secure" } else { "" };
            let _ = page.set_cookie(&format!(
                "greencap-theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax{secure}"
            ));
        }
    };
    view! { <button class="tool" type="button" data-theme-toggle on:click=change><Icon name="moon"/><Hidden>"Change theme"</Hidden></button> }
}

fn device_is_dark() -> bool {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches())
}

/// On a phone the navigation is a strip: scrolls it to the current link. Pages without WebAssembly do the same in family.js.
fn show_current_link() {
    use wasm_bindgen::JsCast as _;
    let link = document().query_selector(".side a[aria-current]").ok().flatten();
    let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    if let Ok(Some(strip)) = link.closest(".side") {
        strip.set_scroll_left(link.offset_left() - (strip.client_width() - link.offset_width()) / 2);
    }
}

/// The side navigation: what the signed-in person may open.
#[component]
fn Side(
    /// The page's path.
    path: Memo<String>,
) -> impl IntoView {
    let user = OfficeUser::get();
    let mailbox = user.0.with_value(|me| me.mailbox) && user.may(Permission::ViewMailbox);
    let (alerts, approvals, tasks) = user.0.with_value(|me| (me.alerts, me.approvals, me.tasks));
    // Of the pages about people, a role for a group reaches its groups and their accounts.
    let whole = !user.groups_only();
    let second = [
        Permission::ExportAccounts,
        Permission::ManageAccounts,
        Permission::ManageGuardians,
        Permission::ManageRestrictions,
        Permission::ManageDataRights,
    ]
    .into_iter()
    .any(|permission| user.may(permission));
    view! {
        <nav class="side" aria-label="Main">
            <SideGroup path name="People" links=vec![
                (whole && user.may(Permission::ViewRoll), "/students", "users", "Students"),
                (user.may(Permission::ViewRoll), "/groups", "users", if user.groups_only() { "My groups" } else { "Teaching groups" }),
                (user.may(Permission::ManageGroups), "/courses", "file-text", "Courses"),
                (whole && user.may(Permission::ViewRoll), "/guardians", "user", "Guardians"),
                (whole && user.may(Permission::ViewRoll), "/staff", "user", "Staff"),
                (whole && user.may(Permission::ViewAccounts), "/guardians/missing", "hand", "Without an adult"),
                (user.may(Permission::ManageGuardians), "/guardians/tasks", "hand", "Tasks"),
                (user.may(Permission::ManageGuardians), "/guardians/duplicates", "users", "Likely duplicates"),
            ] count=("/guardians/tasks", tasks, " open")/>
            <SideGroup path name="Accounts" links=vec![
                (user.may(Permission::ViewAccounts), "/accounts", "key-round", "User accounts"),
                (user.may(Permission::ManageAccounts), "/cards", "printer", "Printed passwords"),
                (user.may(Permission::ManageGuardians), "/guardians/autocreate", "flask-conical", "Autocreate"),
                (user.may(Permission::ImportRoll), "/imports", "table-2", "Import"),
                (whole && approvals.is_some() && second, "/approvals", "hand", "Approvals"),
                (mailbox, "/mailbox", "mail", "Mailbox"),
            ] count=("/approvals", approvals.unwrap_or_default(), " waiting")/>
            <SideGroup path name="School" count=("/audit", alerts, if alerts == 1 { " new alert" } else { " new alerts" }) links=vec![
                (user.may(Permission::ImportRoll), "/school-year", "history", "School year"),
                (user.may(Permission::ManageRoles), "/roles", "user", "Roles"),
                (user.may(Permission::ViewAudit), "/audit", "history", "Audit log"),
                (user.may(Permission::ManageDataRights), "/data-rights", "file-text", "Data rights"),
                (user.may(Permission::ManageSettings), "/settings", "settings", "Settings"),
            ]/>
        </nav>
    }
}

/// Pages below `/guardians` that have links of their own.
const BELOW_GUARDIANS: [&str; 4] =
    ["/guardians/missing", "/guardians/tasks", "/guardians/duplicates", "/guardians/autocreate"];

/// Whether the page at `path` belongs to this link, and to none that leads deeper.
fn is_nearest(href: &str, path: &str) -> bool {
    path.starts_with(href) && !BELOW_GUARDIANS.iter().any(|below| *below != href && path.starts_with(below))
}

/// A group of links. Links that the person may not open are left out, and so is a group without links.
#[component]
fn SideGroup(
    path: Memo<String>,
    name: &'static str,
    links: Vec<(bool, &'static str, &'static str, &'static str)>,
    /// A count beside one of the links: the link's address, the number, and its unit.
    #[prop(optional)]
    count: Option<(&'static str, usize, &'static str)>,
) -> impl IntoView {
    let links: Vec<_> = links.into_iter().filter(|(shown, ..)| *shown).collect();
    (!links.is_empty()).then(|| {
        view! {
            <p>{name}</p>
            <ul role="list">
                {links.into_iter().map(|(_, href, icon, name)| {
                    let current = move || path.with(|path| is_nearest(href, path)).then_some("page");
                    // Pages that are not in the application's router are loaded in full.
                    let rel = required_permission(href).is_none().then_some("external");
                    let count = count.filter(|(beside, many, _)| *beside == href && *many > 0).map(|(_, many, of)| view! {
                        <span class="count" data-tone="amber">{many}<Hidden>{of}</Hidden></span>
                    });
                    view! { <li><a href=href rel=rel aria-current=current><Icon name=icon/>{name}{count}</a></li> }
                }).collect_view()}
            </ul>
        }
    })
}

/// The page for people without the permission.
#[component]
fn OutOfReach() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::FORBIDDEN);
    }
    view! {
        <Title text="Not allowed"/>
        <h1>"You don\u{2019}t have permission to view this page"</h1>
        <p class="lead">"Ask an administrator at your school if you need access."</p>
        <p><a class="btn" href="/accounts">"User accounts"</a></p>
    }
}

/// The page for an unknown address.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found"/>
        <main class="page" id="main">
            <h1>"Page not found"</h1>
            <p class="lead">"If you typed the web address, check it is correct. The page may have been removed."</p>
            <p><a class="btn" href="/accounts">"User accounts"</a></p>
        </main>
    }
}
