//! The person signed in to the office.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};
use domain::authorization::policy::Permission;
use domain::lists::columns::ColumnChoice;
use domain::roll::school::SchoolView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::ui::time::TimeWords;

/// The signed-in person, as the layout needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Their name, as the masthead shows it.
    pub name: String,
    /// The schools that their roles cover, by name; never empty.
    pub schools: Vec<SchoolView>,
    /// The current school: the one chosen last, or the first.
    pub school: SchoolView,
    /// Their permissions at that school. Pages hide what is not included; the server refuses it as well.
    pub permissions: Vec<Permission>,
    /// Whether their roles are for groups only: they see their groups, and nothing of the rest of the school.
    pub groups_only: bool,
    /// Whether messages go to the mailbox page, because no mail server is configured.
    pub mailbox: bool,
    /// The number of alerts they have not seen; 0 for people who may not see the audit log.
    pub alerts: usize,
    /// The number of requests they could approve as the second person; `None` if nothing needs approval.
    pub approvals: Option<usize>,
    /// The number of open tasks about guardians; 0 for people who do not work on them.
    pub tasks: usize,
    /// The day from which they need a second factor, in words; `None` if they have one.
    pub due: Option<String>,
    /// Their choice of columns, by list.
    pub columns: BTreeMap<String, ColumnChoice>,
    /// When this was created.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub now: DateTime<Utc>,
    /// The school's offset from UTC now, in seconds, positive to the east.
    pub utc_offset: i32,
}

impl Me {
    /// Whether the person has this permission at the current school. No role gives permission to use the
    /// office itself: anyone with a role may.
    pub fn may(&self, permission: Permission) -> bool {
        permission == Permission::UseOffice || self.permissions.contains(&permission)
    }

    /// Words for times in this school's time zone.
    pub fn words(&self) -> TimeWords {
        let offset = FixedOffset::east_opt(self.utc_offset).unwrap_or_else(|| chrono::Offset::fix(&Utc));
        TimeWords { now: self.now, offset }
    }
}

/// The signed-in person, as the server found out. The browser reads them from the page without a request.
/// `None` while the list of routes is made, which nobody sees.
pub fn at_the_desk() -> Option<Me> {
    #[cfg(feature = "ssr")]
    let me = || use_context::<axum::http::request::Parts>()?.extensions.get().cloned();
    #[cfg(not(feature = "ssr"))]
    let me = || None;
    SharedValue::new(me).into_inner()
}

/// The cookie that stores the chosen school.
#[cfg(feature = "ssr")]
pub const SCHOOL_COOKIE: &str = "greencap-school";

/// The code of the error for an organisation without a school.
#[cfg(feature = "ssr")]
pub const NO_SCHOOL: &str = "no_school";

#[cfg(feature = "ssr")]
impl Me {
    /// Loads the signed-in person, at the school with the wanted code if it is one of theirs.
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
        use domain::factors::SecondFactorDuty;
        use domain::when::long_day;
        let actor = &signed_in.actor;
        let schools = reached(backend, actor, Permission::UseOffice).await?;
        let school =
            schools.iter().find(|school| Some(school.code.as_str()) == wanted).or_else(|| schools.first());
        let school = school.cloned().ok_or_else(|| {
            AppError::new(
                crate::error::ErrorKind::NotFound,
                NO_SCHOOL,
                "There is no school yet. Ask an administrator of all schools to add one.",
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
        let groups_only =
            decide(actor, Permission::UseOffice, Resource::School(actor.organisation, school.id)).is_err();
        let zone = backend.enter(actor, Permission::UseOffice, InSchool(school.id)).await?.at.zone;
        let now = backend.now();
        Ok(Self {
            name: signed_in.name.clone(),
            schools,
            school,
            groups_only,
            mailbox: backend.config.smtp.is_none(),
            alerts,
            approvals: waiting(backend, actor).await?,
            tasks: if permissions.contains(&Permission::ManageGuardians) {
                backend::guardians::tasks::list::count(backend, actor).await?
            } else {
                0
            },
            columns: backend::lists::columns::kept(backend, actor).await?,
            due: match signed_in.duty {
                SecondFactorDuty::Due(day) => Some(long_day(day)),
                _ => None,
            },
            permissions,
            now,
            utc_offset: chrono::Offset::fix(now.with_timezone(&zone).offset()).local_minus_utc(),
        })
    }
}
