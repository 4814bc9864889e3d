//! `greencap staff`.

use backend::Backend;
use backend::setup::colleague::{ColleagueForm, InvitedColleague, invite_colleague, offer};
use backend::staff::list::list;
use clap::{Args, Subcommand};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::credentials::status::AccountStatus;
use domain::lists::page::Order;
use domain::roll::school::SchoolCode;
use domain::staff::views::StaffEntry;
use serde_json::{Value, json};

use super::out::say;
use super::{ExitStatus, Failure, open, school};

#[derive(Debug, Subcommand)]
pub(super) enum Staff {
    /// Invite a colleague: an account, a role, and an email with a link to choose a password.
    Invite(Invite),
    /// List the staff of a school, and colleagues who have a role there.
    List(List),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("where").required(true).args(["school", "all_schools"]))]
pub(super) struct Invite {
    /// Given name.
    #[arg(long)]
    given: String,
    /// Family name.
    #[arg(long, default_value = "")]
    family: String,
    /// Email address, to which the invitation goes.
    #[arg(long)]
    email: String,
    /// The role: administrator, `account_manager`, tutor, `office_viewer`, or the name of a role of your own.
    #[arg(long)]
    role: String,
    /// The code of the school where the role applies.
    #[arg(long)]
    school: Option<SchoolCode>,
    /// The role applies at all schools.
    #[arg(long)]
    all_schools: bool,
    /// Username. Without it, one is made by the school's pattern.
    #[arg(long, default_value = "")]
    username: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Staff) -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    match command {
        Staff::Invite(asked) => invite(&backend, asked).await?,
        Staff::List(asked) => show(&backend, asked).await?,
    }
    Ok(ExitStatus::Done)
}

async fn invite(backend: &Backend, asked: Invite) -> Result<(), Failure> {
    let (actor, place) = match &asked.school {
        Some(code) => {
            let (actor, school) = school::find(backend, Permission::ManageRoles, code).await?;
            (actor, school.school.to_string())
        }
        None => (Actor::system(backend::roll::organisation::ensure(backend).await?), "all".to_owned()),
    };
    let role = role(backend, &actor, &asked.role).await?;
    let form = ColleagueForm {
        given: asked.given,
        family: asked.family,
        email: asked.email,
        username: asked.username,
        role,
        place,
    };
    let InvitedColleague { person, account, username } = invite_colleague(backend, &actor, &form).await?;
    if asked.json {
        say!(
            "{}",
            json!({ "person": person, "account": account, "username": username, "email": form.email, "queued": 1 })
        );
    } else {
        say!("Invitation to {} queued. Their username is {username}.", form.email);
    }
    Ok(())
}

/// Finds the role by its name, in any case, and returns its key as forms send it.
async fn role(backend: &Backend, actor: &Actor, asked: &str) -> Result<String, Failure> {
    let kinds = offer(backend, actor).await?.kinds;
    let same = |text: &str| text.to_lowercase() == asked.trim().to_lowercase();
    if let Some(kind) = kinds.iter().find(|kind| same(&kind.key.text()) || same(&kind.name)) {
        return Ok(kind.key.text());
    }
    let names = kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(", ");
    Err(Failure::WrongUse(format!("there is no role {asked}; use one of: {names}")))
}

async fn show(backend: &Backend, asked: List) -> Result<(), Failure> {
    let (actor, school) = school::find(backend, Permission::ViewRoll, &asked.school).await?;
    let order = Order { by: "name".to_owned(), descending: false };
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = list(backend, &actor, school.school, "", &order, after.as_ref()).await?;
        found.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if asked.json {
        say!("{}", json!({ "staff": found.iter().map(line).collect::<Vec<_>>() }));
    } else {
        for entry in &found {
            let username = entry.username.as_deref().unwrap_or_default();
            let status = entry.status.map_or("", AccountStatus::label);
            say!("{}\t{username}\t{}\t{}\t{status}", entry.staff_code, entry.name, entry.email);
        }
    }
    Ok(())
}

fn line(entry: &StaffEntry) -> Value {
    json!({
        "person": entry.person,
        "key": entry.staff_code,
        "name": entry.name,
        "email": entry.email,
        "username": entry.username,
        "status": entry.status,
        "ends_on": entry.ends_on,
    })
}
