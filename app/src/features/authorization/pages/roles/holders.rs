//! People with roles.

use backend::authorization::roles::holders::Holder;
use backend::authorization::roles::people::AccountHolder;
use leptos::prelude::*;

use super::{FindPerson, RoleTabs, validity_period};
use crate::features::office::desk::{DeskPage, render};
use crate::ui::listing::Listing;
use crate::ui::page::PageHead;

/// Everyone with a role, and the search for whom to give one, as HTML.
pub fn holders_page(
    page: DeskPage,
    holders: Vec<Holder>,
    words: String,
    found: Vec<AccountHolder>,
) -> String {
    render(page, "Roles", move || {
        let lead =
            "Roles decide what someone can do in the office. Students and guardians don\u{2019}t need one.";
        view! {
            <PageHead title="Roles" lead=move || lead/>
            <RoleTabs current="/roles"/>
            <section class="gap-m" aria-labelledby="give-title">
                <h2 id="give-title">"Give a role"</h2>
                <FindPerson action="/roles" to="/roles/people/" words found/>
            </section>
            <h2 class="gap-m">"People with roles"</h2>
            <HolderTable holders/>
        }
    })
}

#[component]
fn HolderTable(holders: Vec<Holder>) -> impl IntoView {
    let rows = holders
        .into_iter()
        .map(|holder| view! {
            <tr role="row">
                <td role="cell" class="m"></td>
                <th role="rowheader" scope="row">
                    <a href=format!("/roles/people/{}", holder.person)><bdi>{holder.name}</bdi></a>
                </th>
                <td role="cell"><span class="code">{holder.username.unwrap_or_else(|| "No account".to_owned())}</span></td>
                <td role="cell">{holder.role}</td>
                <td role="cell">{holder.place.unwrap_or_else(|| "All schools".to_owned())}</td>
                <td role="cell">{validity_period(holder.term, holder.holds)}</td>
            </tr>
        })
        .collect_view();
    view! {
        <Listing label="People with roles" columns=&["Name", "Username", "Role", "Where", "When"]>{rows}</Listing>
    }
    .into_any()
}
