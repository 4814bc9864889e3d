//! What alerts say.

use super::AuditAction;

impl AuditAction {
    /// The text of the alert to administrators; `rows` is how many were exported.
    pub fn alert(self, rows: u64) -> String {
        match self {
            Self::AccountsExported => format!("A list of {rows} accounts was exported."),
            Self::ImportLogExported => format!("An import log with {rows} rows was exported."),
            Self::RollLoaded => {
                "One account loaded a school\u{2019}s whole roll in an unusual number of browsers in one day.".to_owned()
            }
            Self::AuditExported => format!("{rows} audit log entries were exported."),
            Self::ExportRefused => {
                "Someone tried to export more than the daily limit and was refused.".to_owned()
            }
            Self::InsufficientPermissions => {
                "Someone tried to do something they don\u{2019}t have permission for and was refused."
                    .to_owned()
            }
            Self::ApprovalAsked => format!("A request about {rows} accounts needs approval."),
            Self::AddressChangeUndone => {
                "A change of email address was undone from the old address, because its owner did not ask for it."
                    .to_owned()
            }
            Self::StaffReset => {
                let whose = if rows == 1 { "a member of staff".to_owned() } else { format!("{rows} members of staff") };
                format!("Staff reset how {whose} can sign in: by a one-time code, a removed second factor or another email address.")
            }
            Self::ManyAddressesChanged => {
                format!("One person changed the email addresses of {rows} accounts in use within a day.")
            }
            Self::SettingChanged => {
                "A setting that administrators are told about was changed: limits on exports, when approval is needed, second factors for staff, or the address that replies to messages go to."
                    .to_owned()
            },
            Self::ProviderChanged => {
                "A provider for single sign-on, or how it is used, was changed. It decides who can sign in as whom."
                    .to_owned()
            }
            Self::NightlyHeld => {
                format!("The night did not stop {rows} accounts: that is unusually many, or the clock had jumped. See Nightly changes.")
            }
            other => format!("{}.", other.sentence()),
        }
    }
}
