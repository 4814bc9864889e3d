//! Who may change a setting, and who is told.

/// Whether a new value lets more happen than the one before.
type IsLooser<T> = fn(before: &T, after: &T) -> bool;

/// Who may change a setting, and who is told. Everyone who manages settings may, except as stated.
#[derive(Debug, Clone, Copy)]
pub enum Guard<T: 'static> {
    /// Nobody is told.
    Open,
    /// Administrators are alerted to every change.
    Alerts,
    /// Administrators are alerted if it becomes looser.
    AlertsIfLooser(IsLooser<T>),
    /// Administrators are alerted to every change, and only people with every permission at all schools make it looser:
    /// it limits what a single person can do, so a single permission must not lift it.
    LoosenedByAdministrators {
        /// Whether it becomes looser.
        looser: IsLooser<T>,
        /// The error for everyone else.
        refusal: &'static str,
    },
}

/// What a change of a setting takes and causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeEffect {
    /// Whether administrators are alerted.
    pub alerts: bool,
    /// The error for people without every permission at all schools, if it takes that.
    pub refusal: Option<&'static str>,
}

impl<T> Guard<T> {
    /// What changing `before` to `after` takes and causes.
    pub fn effect(&self, before: &T, after: &T) -> ChangeEffect {
        match self {
            Self::Open => ChangeEffect { alerts: false, refusal: None },
            Self::Alerts => ChangeEffect { alerts: true, refusal: None },
            Self::AlertsIfLooser(looser) => ChangeEffect { alerts: looser(before, after), refusal: None },
            Self::LoosenedByAdministrators { looser, refusal } => {
                ChangeEffect { alerts: true, refusal: looser(before, after).then_some(*refusal) }
            }
        }
    }
}
