//! Who is signed in to the office.

use chrono::{DateTime, FixedOffset, Utc};
use domain::access::policy::Permission;
use domain::roll::school::SchoolView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::ui::time::Words;

/// The person at the desk, as the layout needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// As the masthead shows it.
    pub name: String,
    /// The schools that their roles reach, by name; never empty.
    pub schools: Vec<SchoolView>,
    /// The school whose pages are shown: the one chosen last, or the first.
    pub school: SchoolView,
    /// What they may do at that school. Pages leave out what is not here; the server refuses it as well.
    pub permissions: Vec<Permission>,
    /// Whether messages go to the mailbox page, because no mail server is configured.
    pub mailbox: bool,
    /// When this was made.
    pub now: DateTime<Utc>,
    /// How far the school's clock is from UTC now, in seconds to the east.
    pub utc_offset: i32,
}

impl Me {
    /// Whether the person may do this at the school that is shown.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Moments in the words of this school's clock.
    pub fn words(&self) -> Words {
        let offset = FixedOffset::east_opt(self.utc_offset).unwrap_or_else(|| chrono::Offset::fix(&Utc));
        Words { now: self.now, offset }
    }
}

/// Who is signed in, and at which school.
#[server(endpoint = "access/me")]
pub async fn who_am_i() -> Result<Me, AppError> {
    use crate::guard::{answer, enter};
    let entered = enter("access/me")?;
    let schools = answer(
        backend::roll::schools::reached(&entered.backend, &entered.actor, Permission::UseOffice).await,
    )?;
    let wanted = crate::guard::cookie("greencap-school");
    let school =
        schools.iter().find(|school| Some(&school.code) == wanted.as_ref()).or_else(|| schools.first());
    let school = school.cloned().ok_or_else(|| {
        AppError::new(
            crate::error::ErrorKind::NotFound,
            "no_school",
            "There is no school yet. Add one with `greencap schools add CODE NAME`, then reload this page.",
        )
    })?;
    let permissions = Permission::ALL
        .into_iter()
        .filter(|permission| {
            let at = domain::access::policy::Resource::School(entered.actor.organisation, school.id);
            domain::access::policy::decide(&entered.actor, *permission, at).is_ok()
        })
        .collect();
    let at =
        backend::roll::schools::context(&entered.backend, &entered.actor, Permission::UseOffice, school.id)
            .await;
    let zone = answer(at)?.zone;
    let now = entered.backend.now();
    Ok(Me {
        name: entered.signed_in.name.clone(),
        schools,
        school,
        permissions,
        mailbox: entered.backend.config.smtp.is_none(),
        now,
        utc_offset: chrono::Offset::fix(now.with_timezone(&zone).offset()).local_minus_utc(),
    })
}
