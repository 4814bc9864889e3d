//! Who is signed in to the office.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};
use domain::authorization::policy::Permission;
use domain::lists::columns::ColumnChoice;
use domain::roll::school::SchoolView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
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
    /// How many alerts they have not seen; none for those who may not see the audit log.
    pub alerts: usize,
    /// How many requests wait for them as the second person; none if nothing needs approval.
    pub approvals: Option<usize>,
    /// From which day on they need a second factor, while they have none, in words.
    pub due: Option<String>,
    /// Which columns they have chosen, by list.
    pub columns: BTreeMap<String, ColumnChoice>,
    /// When this was made.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub now: DateTime<Utc>,
    /// How far the school's clock is from UTC now, in seconds to the east.
    pub utc_offset: i32,
}

impl Me {
    /// Whether the person may do this at the school that is shown. To use the office is no permission of a role: it comes
    /// with any, and so with being at the desk.
    pub fn may(&self, permission: Permission) -> bool {
        permission == Permission::UseOffice || self.permissions.contains(&permission)
    }

    /// Moments in the words of this school's clock.
    pub fn words(&self) -> Words {
        let offset = FixedOffset::east_opt(self.utc_offset).unwrap_or_else(|| chrono::Offset::fix(&Utc));
        Words { now: self.now, offset }
    }
}

/// The person at the desk, as the server found out. The browser reads it from the page without a request. None
/// while the list of routes is made, which nobody sees.
pub fn at_the_desk() -> Option<Me> {
    #[cfg(feature = "ssr")]
    let me = || use_context::<axum::http::request::Parts>()?.extensions.get().cloned();
    #[cfg(not(feature = "ssr"))]
    let me = || None;
    SharedValue::new(me).into_inner()
}

/// The cookie that keeps the school that was chosen.
#[cfg(feature = "ssr")]
pub const SCHOOL_COOKIE: &str = "greencap-school";

#[cfg(feature = "ssr")]
impl Me {
    /// Who is signed in, at the school with the code that is wanted, if it is one of theirs.
    pub async fn of(
        backend: &backend::Backend,
        signed_in: &backend::sessions::session::SignedIn,
        wanted: Option<&str>,
    ) -> crate::error::AppResult<Self> {
        use backend::audit::alerts::count_unseen;
        use backend::operations::approvals::waiting;
        use backend::tenancy::places::reached;
        use backend::tenancy::target::InSchool;
        use domain::authorization::policy::{Resource, decide};
        use domain::factors::Duty;
        use domain::when::long_day;
        let actor = &signed_in.actor;
        let schools = reached(backend, actor, Permission::UseOffice).await?;
        let school =
            schools.iter().find(|school| Some(school.code.as_str()) == wanted).or_else(|| schools.first());
        let school = school.cloned().ok_or_else(|| {
            AppError::new(
                crate::error::ErrorKind::NotFound,
                "no_school",
                "There is no school yet. Add one with `greencap schools add CODE NAME`, then reload this page.",
            )
        })?;
        let here = Resource::InSchool(actor.organisation, school.id);
        let permissions: Vec<Permission> = Permission::ALL
            .into_iter()
            .filter(|permission| decide(actor, *permission, here).is_ok())
            .collect();
        let alerts = if permissions.contains(&Permission::ViewAudit) {
            count_unseen(backend, actor).await?
        } else {
            0
        };
        let zone = backend.enter(actor, Permission::UseOffice, InSchool(school.id)).await?.at.zone;
        let now = backend.now();
        Ok(Self {
            name: signed_in.name.clone(),
            schools,
            school,
            permissions,
            mailbox: backend.config.smtp.is_none(),
            alerts,
            approvals: waiting(backend, actor).await?,
            columns: backend::lists::columns::kept(backend, actor).await?,
            due: match signed_in.duty {
                Duty::Due(day) => Some(long_day(day)),
                _ => None,
            },
            now,
            utc_offset: chrono::Offset::fix(now.with_timezone(&zone).offset()).local_minus_utc(),
        })
    }
}
