//! Single sign-on: which providers vouch for people, and for which addresses.

mod refused;
pub mod settings;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

pub use refused::RefusedVisit;

use crate::roll::address::EmailAddress;

/// The kind of provider. Kinds differ in how far their claims about an address can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// Microsoft Entra ID, part of Microsoft 365.
    Microsoft,
    /// Google, including Google Workspace.
    Google,
    /// Any other OpenID Connect issuer.
    Other,
}

impl ProviderKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Microsoft, Self::Google, Self::Other];

    /// The name in the database and in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Microsoft => "microsoft",
            Self::Google => "google",
            Self::Other => "other",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Microsoft => "Microsoft",
            Self::Google => "Google",
            Self::Other => "Another OpenID Connect provider",
        }
    }
}

/// A domain of email addresses, such as `quillmere.example`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailDomain(String);

/// Text that is not a domain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\u{201c}{0}\u{201d} is not a domain. Enter the part after the @, such as school.example.")]
pub struct EmailDomainError(String);

impl FromStr for EmailDomain {
    type Err = EmailDomainError;

    fn from_str(text: &str) -> Result<Self, EmailDomainError> {
        let text = text.trim();
        match format!("a@{text}").parse::<EmailAddress>() {
            Ok(address) => Ok(Self(domain_of(&address))),
            Err(_) => Err(EmailDomainError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for EmailDomain {
    type Error = EmailDomainError;
    fn try_from(text: String) -> Result<Self, EmailDomainError> {
        text.parse()
    }
}

impl From<EmailDomain> for String {
    fn from(domain: EmailDomain) -> Self {
        domain.0
    }
}

impl fmt::Display for EmailDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl EmailDomain {
    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads domains separated by commas, spaces or new lines.
    pub fn list(typed: &str) -> Result<Vec<Self>, EmailDomainError> {
        let words = typed.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        words.filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}

fn domain_of(address: &EmailAddress) -> String {
    address.as_str().rsplit('@').next().unwrap_or_default().to_ascii_lowercase()
}

/// How far a provider's clock may be ahead of ours, or behind it: computers that set their clocks by the network
/// differ by less, and those that do not drift by minutes.
pub const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// A provider's claims about a person who signed in, from a verified token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// `tid` and `oid`: at Microsoft, the directory and the person in it. Unlike the subject, they stay the same when
    /// Greencap is registered there again.
    pub directory: Option<(String, String)>,
    /// `email`.
    pub email: Option<String>,
    /// `email_verified`.
    pub email_verified: bool,
    /// `preferred_username`: at Microsoft, the sign-in name.
    pub preferred_username: Option<String>,
    /// `hd`: the Google Workspace that the account belongs to.
    pub hosted_domain: Option<String>,
    /// `xms_edov`: whether Microsoft has verified that the domain's owner vouches for the address.
    pub domain_owner_verified: Option<bool>,
    /// `amr`: how they signed in there (RFC 8176).
    pub methods: Vec<String>,
    /// `acr`: the level of assurance.
    pub assurance: Option<String>,
    /// `auth_time`: when they last signed in there.
    pub authenticated_at: Option<DateTime<Utc>>,
}

/// An address that a provider claims, and whether to trust it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimedAddress {
    /// The provider has verified it.
    Verified(EmailAddress),
    /// The provider has not verified it: they have to confirm it by a message.
    Unverified(EmailAddress),
}

impl ClaimedAddress {
    /// The address, verified or not.
    pub fn address(&self) -> &EmailAddress {
        match self {
            Self::Verified(address) | Self::Unverified(address) => address,
        }
    }
}

impl Claims {
    /// The person's id in the directory of this issuer, in lower case, if it is one of Microsoft's. It is only
    /// unique, and only theirs, in that directory.
    pub fn object(&self, kind: ProviderKind, issuer: &str) -> Option<String> {
        let (tenant, object) = self.directory.as_ref().filter(|_| kind == ProviderKind::Microsoft)?;
        let (tenant, object) = (tenant.parse::<Uuid>().ok()?, object.parse::<Uuid>().ok()?);
        (issuer == format!("https://login.microsoftonline.com/{tenant}/v2.0")).then(|| object.to_string())
    }

    /// The address that a provider of this kind claims; `None` if there is none, or it is outside the
    /// `domains` that the provider may vouch for. A provider without domains vouches for nobody: the person who has an
    /// address proves it by a message.
    pub fn address(&self, kind: ProviderKind, domains: &[EmailDomain]) -> Option<ClaimedAddress> {
        let listed = |address: &EmailAddress| domains.iter().any(|domain| domain.0 == domain_of(address));
        let read =
            |claim: &Option<String>| claim.as_deref().and_then(|text| text.parse::<EmailAddress>().ok());
        match kind {
            // A directory's administrator can set both claims to anything. But in the school's own directory,
            // Microsoft only allows names and verified addresses in domains that the directory has proved it
            // owns. So the claims count in the domains that the school lists, and nowhere else.
            ProviderKind::Microsoft => {
                let email = read(&self.email).filter(|_| self.domain_owner_verified != Some(false));
                [read(&self.preferred_username), email]
                    .into_iter()
                    .flatten()
                    .find(listed)
                    .map(ClaimedAddress::Verified)
            }
            // Google is authoritative for its own mail and a Workspace's. Other addresses were verified when
            // the account was created, and may belong to someone else now
            // (<https://developers.google.com/identity/gsi/web/guides/verify-google-id-token>).
            ProviderKind::Google => {
                let address = read(&self.email)?;
                let hosted = self.hosted_domain.as_deref().map(str::to_ascii_lowercase);
                let listed_host =
                    hosted.as_ref().is_some_and(|hosted| domains.iter().any(|domain| domain.0 == *hosted));
                if !domains.is_empty() && (!listed(&address) || !listed_host) {
                    return None;
                }
                let authority = hosted.is_some() || domain_of(&address) == "gmail.com";
                Some(if self.email_verified && authority && !domains.is_empty() {
                    ClaimedAddress::Verified(address)
                } else {
                    ClaimedAddress::Unverified(address)
                })
            }
            ProviderKind::Other => {
                let address = read(&self.email).filter(|address| domains.is_empty() || listed(address))?;
                Some(if self.email_verified && !domains.is_empty() {
                    ClaimedAddress::Verified(address)
                } else {
                    ClaimedAddress::Unverified(address)
                })
            }
        }
    }

    /// Whether the provider reports a second factor, with values that have only that meaning (RFC 8176,
    /// section 2; OpenID Connect EAP ACR Values 1.0; REFEDS MFA profile).
    pub fn second_factor(&self) -> bool {
        self.methods.iter().any(|method| method == "mfa")
            || matches!(self.assurance.as_deref(), Some("phr" | "phrh" | "https://refeds.org/profile/mfa"))
    }

    /// When they last proved their identity, or the epoch if unknown. Providers also let people in by a
    /// cookie, so what counts is when the provider says it asked them; if it does not say, that it was told
    /// to ask them now (`asked_anew`; OpenID Connect Core 1.0, sections 3.1.2.1 and 3.1.3.7, point 13).
    pub fn proven_at(&self, asked_anew: bool, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.authenticated_at {
            Some(at) if at <= now + CLOCKS_DIFFER => at.min(now),
            None if asked_anew => now,
            _ => DateTime::UNIX_EPOCH,
        }
    }
}

/// A provider, as offered on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderOffer {
    /// The provider.
    pub provider: crate::ids::ProviderId,
    /// The name on its button after "Continue with".
    pub name: String,
}

/// The ways to sign in offered on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// The providers.
    pub providers: Vec<ProviderOffer>,
    /// Whether any school lets people sign in with a password.
    pub passwords: bool,
}

/// A provider identity that someone signs in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentity {
    /// The link.
    pub identity: crate::ids::IdentityId,
    /// The name of the provider.
    pub provider: String,
    /// The day it was linked, in the school's time zone.
    pub since: chrono::NaiveDate,
    /// Whether it can be removed, because another way to sign in remains.
    pub removable: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "ada@quillmere.example";

    fn domains() -> Vec<EmailDomain> {
        EmailDomain::list("Quillmere.example").unwrap()
    }

    fn verified(text: &str) -> ClaimedAddress {
        ClaimedAddress::Verified(text.parse().unwrap())
    }

    fn unverified(text: &str) -> ClaimedAddress {
        ClaimedAddress::Unverified(text.parse().unwrap())
    }

    fn claims(email: &str, email_verified: bool) -> Claims {
        Claims { email: Some(email.to_owned()), email_verified, ..Claims::default() }
    }

    #[test]
    fn domains_are_read_from_a_list_and_what_is_none_is_named() {
        let read = EmailDomain::list(" a.example, B.example\nc.example;").unwrap();
        assert_eq!(
            read.iter().map(EmailDomain::as_str).collect::<Vec<_>>(),
            ["a.example", "b.example", "c.example"]
        );
        for wrong in ["ada@quillmere.example", "localhost", "-x.example", "a..example"] {
            assert_eq!(EmailDomain::list(wrong), Err(EmailDomainError(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn any_issuer_is_believed_in_its_domains_where_it_says_that_it_verified_the_address() {
        assert_eq!(claims(ADA, true).address(ProviderKind::Other, &domains()), Some(verified(ADA)));
        assert_eq!(claims(ADA, false).address(ProviderKind::Other, &domains()), Some(unverified(ADA)));
        assert_eq!(claims(ADA, true).address(ProviderKind::Other, &[]), Some(unverified(ADA)), "no domains");
        assert_eq!(claims("ada@elsewhere.example", true).address(ProviderKind::Other, &domains()), None);
        assert_eq!(claims("no address", true).address(ProviderKind::Other, &[]), None);
        let named = Claims { preferred_username: Some(ADA.to_owned()), ..Claims::default() };
        assert_eq!(named.address(ProviderKind::Other, &[]), None);
    }

    #[test]
    fn microsoft_speaks_for_the_listed_domains_and_for_no_other() {
        let of = |name: &str, email: &str, edov| Claims {
            preferred_username: Some(name.to_owned()),
            email: Some(email.to_owned()),
            domain_owner_verified: edov,
            ..Claims::default()
        };
        let address = |claims: Claims| claims.address(ProviderKind::Microsoft, &domains());
        assert_eq!(
            address(of("Ada@Quillmere.example", "x@post.example", None)),
            Some(verified("Ada@quillmere.example"))
        );
        assert_eq!(address(of("ada@tenant.onmicrosoft.example", ADA, Some(true))), Some(verified(ADA)));
        assert_eq!(address(of("ada@tenant.onmicrosoft.example", ADA, Some(false))), None);
        assert_eq!(address(of("guest@elsewhere.example", "guest@elsewhere.example", Some(true))), None);
        assert_eq!(of(ADA, ADA, Some(true)).address(ProviderKind::Microsoft, &[]), None);
    }

    #[test]
    fn google_speaks_for_its_own_mail_and_for_the_workspace_that_is_listed() {
        let of = |email: &str, hosted: Option<&str>| Claims {
            hosted_domain: hosted.map(str::to_owned),
            ..claims(email, true)
        };
        let address = |claims: Claims, domains: &[EmailDomain]| claims.address(ProviderKind::Google, domains);
        assert_eq!(address(of(ADA, Some("quillmere.example")), &domains()), Some(verified(ADA)));
        assert_eq!(address(of(ADA, None), &domains()), None);
        assert_eq!(address(of(ADA, Some("elsewhere.example")), &domains()), None);
        assert_eq!(address(of("ada@gmail.com", None), &[]), Some(unverified("ada@gmail.com")));
        assert_eq!(address(of(ADA, Some("quillmere.example")), &[]), Some(unverified(ADA)), "no domains");
        assert_eq!(address(of(ADA, None), &[]), Some(unverified(ADA)));
        assert_eq!(address(claims("ada@gmail.com", false), &[]), Some(unverified("ada@gmail.com")));
    }

    #[test]
    fn a_person_of_a_directory_keeps_their_id_there_and_nowhere_else() {
        const TENANT: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        const OBJECT: &str = "00000000-0000-0000-66f3-3332eca7ea81";
        let issuer = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
        let of = |tenant: &str, object: &str| Claims {
            directory: Some((tenant.to_owned(), object.to_owned())),
            ..Claims::default()
        };
        let ours = of(&TENANT.to_uppercase(), &OBJECT.to_uppercase());
        assert_eq!(ours.object(ProviderKind::Microsoft, &issuer).as_deref(), Some(OBJECT));
        assert_eq!(ours.object(ProviderKind::Other, &issuer), None);
        assert_eq!(ours.object(ProviderKind::Microsoft, "https://login.example"), None);
        assert_eq!(of(OBJECT, OBJECT).object(ProviderKind::Microsoft, &issuer), None, "another directory");
        assert_eq!(of(TENANT, "someone").object(ProviderKind::Microsoft, &issuer), None);
        assert_eq!(Claims::default().object(ProviderKind::Microsoft, &issuer), None);
    }

    #[test]
    fn a_second_factor_counts_where_the_provider_says_so_in_so_many_words() {
        let with = |methods: &[&str], assurance: Option<&str>| Claims {
            methods: methods.iter().map(|method| (*method).to_owned()).collect(),
            assurance: assurance.map(str::to_owned),
            ..Claims::default()
        };
        assert!(with(&["pwd", "mfa"], None).second_factor());
        assert!(with(&[], Some("phrh")).second_factor());
        assert!(!with(&["pwd", "otp"], Some("1")).second_factor());
        assert!(!Claims::default().second_factor());
    }

    #[test]
    fn what_a_provider_says_of_when_it_asked_them_goes_before_what_it_was_told() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let of = |at: Option<DateTime<Utc>>| Claims { authenticated_at: at, ..Claims::default() };
        let before = now - TimeDelta::hours(3);
        for asked_anew in [false, true] {
            assert_eq!(of(Some(before)).proven_at(asked_anew, now), before);
            assert_eq!(of(Some(now + CLOCKS_DIFFER)).proven_at(asked_anew, now), now);
            let made_up = now + CLOCKS_DIFFER + TimeDelta::seconds(1);
            assert_eq!(of(Some(made_up)).proven_at(asked_anew, now), DateTime::UNIX_EPOCH);
        }
        assert_eq!(of(None).proven_at(true, now), now);
        assert_eq!(of(None).proven_at(false, now), DateTime::UNIX_EPOCH);
    }
}
