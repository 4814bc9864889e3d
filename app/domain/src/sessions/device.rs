//! What a browser says about itself, in words that its owner recognises.
//!
//! A `User-Agent` may contain anything; only the values listed here are kept.

use serde::{Deserialize, Serialize};

/// A browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Browser {
    /// Microsoft Edge.
    Edge,
    /// Opera.
    Opera,
    /// Samsung Internet.
    Samsung,
    /// Mozilla Firefox.
    Firefox,
    /// Google Chrome, or Chromium.
    Chrome,
    /// Apple Safari.
    Safari,
}

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// An iPhone.
    IPhone,
    /// An iPad that says so; most claim to be a Mac.
    IPad,
    /// Android.
    Android,
    /// `ChromeOS`.
    ChromeOs,
    /// Windows.
    Windows,
    /// macOS.
    Mac,
    /// Linux.
    Linux,
}

/// A browser and its operating system, if known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Device {
    /// The browser.
    pub browser: Option<Browser>,
    /// The operating system.
    pub system: Option<System>,
}

impl Browser {
    /// In the order in which they are tried: most browsers also claim to be Chrome or Safari.
    pub const ALL: [Self; 6] =
        [Self::Edge, Self::Opera, Self::Samsung, Self::Firefox, Self::Chrome, Self::Safari];

    /// Its name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Edge => "Edge",
            Self::Opera => "Opera",
            Self::Samsung => "Samsung Internet",
            Self::Firefox => "Firefox",
            Self::Chrome => "Chrome",
            Self::Safari => "Safari",
        }
    }

    /// The strings in a `User-Agent` that identify it.
    fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Edge => &["Edg/", "EdgA/", "EdgiOS/"],
            Self::Opera => &["OPR/", "OPT/"],
            Self::Samsung => &["SamsungBrowser/"],
            Self::Firefox => &["Firefox/", "FxiOS/"],
            Self::Chrome => &["Chrome/", "CriOS/"],
            Self::Safari => &["Safari/"],
        }
    }

    /// Reads [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|browser| browser.name() == name)
    }
}

impl System {
    /// In the order in which they are tried.
    pub const ALL: [Self; 7] =
        [Self::IPhone, Self::IPad, Self::Android, Self::ChromeOs, Self::Windows, Self::Mac, Self::Linux];

    /// Its name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::IPhone => "iPhone",
            Self::IPad => "iPad",
            Self::Android => "Android",
            Self::ChromeOs => "ChromeOS",
            Self::Windows => "Windows",
            Self::Mac => "Mac",
            Self::Linux => "Linux",
        }
    }

    fn mark(self) -> &'static str {
        match self {
            Self::IPhone => "iPhone",
            Self::IPad => "iPad",
            Self::Android => "Android",
            Self::ChromeOs => "CrOS",
            Self::Windows => "Windows",
            Self::Mac => "Macintosh",
            Self::Linux => "Linux",
        }
    }

    /// Reads [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.name() == name)
    }
}

impl Device {
    /// Reads a `User-Agent` (RFC 9110, section 10.1.5).
    pub fn of(user_agent: &str) -> Self {
        let browser = Browser::ALL
            .into_iter()
            .find(|browser| browser.marks().iter().any(|mark| user_agent.contains(mark)));
        let system = System::ALL.into_iter().find(|system| user_agent.contains(system.mark()));
        Self { browser, system }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_its_owner_calls_it() {
        for (user_agent, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                Some(Browser::Edge),
                Some(System::Windows),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                Some(Browser::Safari),
                Some(System::IPhone),
            ),
            (
                "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                Some(Browser::Samsung),
                Some(System::Android),
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                Some(Browser::Chrome),
                Some(System::ChromeOs),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                Some(Browser::Firefox),
                Some(System::Linux),
            ),
            ("<svg onload=alert(1)>", None, None),
            ("", None, None),
        ] {
            assert_eq!(Device::of(user_agent), Device { browser, system }, "{user_agent}");
        }
    }

    #[test]
    fn names_read_back() {
        assert!(Browser::ALL.into_iter().all(|browser| Browser::from_name(browser.name()) == Some(browser)));
        assert!(System::ALL.into_iter().all(|system| System::from_name(system.name()) == Some(system)));
    }
}
