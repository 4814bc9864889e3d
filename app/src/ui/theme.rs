//! The two looks of every page.

/// The look that somebody chose in this browser; without one the device decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Paper.
    Light,
    /// Board.
    Dark,
}

impl Theme {
    /// The word in the cookie and on the page.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.slug() == slug)
    }
}
