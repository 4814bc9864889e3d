//! The two themes.

/// The theme chosen in this browser; without one, the device's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Paper.
    Light,
    /// Board.
    Dark,
}

impl Theme {
    /// The name in the cookie and on the page.
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
