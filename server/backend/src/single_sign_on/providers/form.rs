//! What administrators type about a provider, and its validation.

use domain::fields::FieldErrors;
use domain::single_sign_on::{EmailDomain, ProviderKind};
use url::Url;
use uuid::Uuid;

use crate::single_sign_on::web::is_safe;

/// Google's only issuer.
const GOOGLE: &str = "https://accounts.google.com";

/// The submitted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderForm {
    /// [`ProviderKind::slug`].
    pub kind: String,
    /// The name on the button after "Continue with".
    pub name: String,
    /// The issuer. For Microsoft the directory's id is enough; for Google it may be empty.
    pub issuer: String,
    /// The client id that the provider assigned to Greencap.
    pub client_id: String,
    /// The client secret from the provider; empty keeps the current one.
    pub client_secret: String,
    /// Email domains, separated by commas.
    pub domains: String,
    /// Whether a second factor given there counts here.
    pub trusts_second_factor: bool,
    /// Whether people may sign in with it.
    pub enabled: bool,
}

impl Default for ProviderForm {
    fn default() -> Self {
        Self {
            kind: ProviderKind::Microsoft.slug().to_owned(),
            name: ProviderKind::Microsoft.label().to_owned(),
            issuer: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            domains: String::new(),
            trusts_second_factor: false,
            enabled: true,
        }
    }
}

/// The form, with every field valid by itself.
pub(super) struct Settings {
    pub(super) kind: ProviderKind,
    pub(super) name: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    pub(super) domains: Vec<EmailDomain>,
}

impl ProviderForm {
    /// Validates every field. `before` is the issuer that the current secret is for, if there is one; `loopback`
    /// whether an issuer on this machine is allowed.
    pub(super) fn parse(&self, before: Option<&str>, loopback: bool) -> Result<Settings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let kind = ProviderKind::from_slug(&self.kind);
        if kind.is_none() {
            errors.push("kind", "Choose a provider.");
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 40 {
            errors.push("name", "Enter a name for the button of at most 40 characters, such as Microsoft.");
        }
        let issuer = kind.and_then(|kind| errors.take("issuer", issuer(kind, self.issuer.trim(), loopback)));
        let client_id = self.client_id.trim();
        if client_id.is_empty() || client_id.len() > 255 {
            errors.push("client_id", "Enter the client ID from the provider.");
        }
        let client_secret = Some(self.client_secret.trim()).filter(|secret| !secret.is_empty());
        if client_secret.is_none() {
            match before {
                None => errors.push("client_secret", "Enter the client secret from the provider."),
                // It is sent to the issuer, so it would be given to someone else.
                Some(before) if issuer.as_deref().is_some_and(|issuer| issuer != before) => errors.push(
                    "client_secret",
                    "The issuer changed. Enter the client secret again: the current one is only sent to the issuer it is from.",
                ),
                Some(_) => {}
            }
        }
        let domains = errors.take("domains", EmailDomain::list(&self.domains));
        if kind == Some(ProviderKind::Microsoft) && domains.as_ref().is_some_and(Vec::is_empty) {
            errors.push(
                "domains",
                "Enter the domains verified in your Microsoft directory. Only these can sign in.",
            );
        }
        match (kind, issuer, domains) {
            (Some(kind), Some(issuer), Some(domains)) if errors.is_empty() => Ok(Settings {
                kind,
                name: name.to_owned(),
                issuer,
                client_id: client_id.to_owned(),
                client_secret: client_secret.map(str::to_owned),
                domains,
            }),
            _ => Err(errors),
        }
    }
}

/// Parses the issuer for a kind of provider. Microsoft issuers must be for one directory: those for all
/// directories, such as `common`, would accept strangers.
fn issuer(kind: ProviderKind, typed: &str, loopback: bool) -> Result<String, &'static str> {
    const TENANT: &str = "Enter the directory (tenant) ID of your own Microsoft directory, such as 8eaef023-2b34-4da1-9baa-8bc8c9d6a490.";
    match kind {
        ProviderKind::Google if typed.is_empty() || typed == GOOGLE => Ok(GOOGLE.to_owned()),
        ProviderKind::Google => Err("Google's issuer is https://accounts.google.com. Leave this empty."),
        ProviderKind::Microsoft => {
            let tenant = typed
                .strip_prefix("https://login.microsoftonline.com/")
                .and_then(|rest| rest.trim_end_matches('/').strip_suffix("/v2.0"))
                .unwrap_or(typed);
            let tenant = Uuid::try_parse(tenant).map_err(|_| TENANT)?;
            Ok(format!("https://login.microsoftonline.com/{tenant}/v2.0"))
        }
        ProviderKind::Other => {
            const WRONG: &str = "Enter the address of the issuer, such as https://login.school.example.";
            let url: Url = typed.parse().map_err(|_| WRONG)?;
            let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
            if plain && is_safe(&url, loopback) { Ok(typed.to_owned()) } else { Err(WRONG) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ProviderForm {
        ProviderForm {
            kind: "other".to_owned(),
            name: "Quill ID".to_owned(),
            issuer: "https://login.quillmere.example/".to_owned(),
            client_id: "greencap".to_owned(),
            client_secret: "given".to_owned(),
            ..ProviderForm::default()
        }
    }

    fn wrong(form: &ProviderForm) -> Vec<String> {
        let errors = form.parse(None, false).err().unwrap_or_default();
        errors.0.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn every_field_is_judged_at_once() {
        assert!(wrong(&form()).is_empty());
        let empty = ProviderForm { name: String::new(), ..ProviderForm::default() };
        assert_eq!(wrong(&empty), ["name", "issuer", "client_id", "client_secret", "domains"]);
        let keeps = ProviderForm { client_secret: String::new(), ..form() };
        assert_eq!(wrong(&keeps), ["client_secret"]);
        assert!(keeps.parse(Some("https://login.quillmere.example/"), false).is_ok());
        let moved = keeps.parse(Some("https://login.elsewhere.example"), false).err().unwrap();
        assert!(moved.of("client_secret").is_some(), "a secret does not follow to another issuer");
    }

    #[test]
    fn issuers_are_addresses_with_https_and_microsofts_of_one_directory() {
        for typed in
            ["http://login.example", "http://127.0.0.1:4000", "login.example", "https://x.example?a=b", ""]
        {
            assert_eq!(wrong(&ProviderForm { issuer: typed.to_owned(), ..form() }), ["issuer"], "{typed}");
        }
        let microsoft = |typed: &str| issuer(ProviderKind::Microsoft, typed, false);
        let ours = "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0";
        assert_eq!(microsoft("8EAEF023-2b34-4da1-9baa-8bc8c9d6a490").unwrap(), ours);
        assert_eq!(microsoft(ours).unwrap(), ours);
        for everybodys in
            ["common", "https://login.microsoftonline.com/common/v2.0", "organizations", "consumers"]
        {
            assert!(microsoft(everybodys).is_err(), "{everybodys}");
        }
        assert_eq!(issuer(ProviderKind::Google, "", false).unwrap(), GOOGLE);
    }
}
