//! The mail server, as `GREENCAP_SMTP_URL` names it.

use std::net::IpAddr;
use std::str::FromStr;

use lettre::transport::smtp::authentication::Credentials;
use thiserror::Error;
use url::{Host, Url};

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportSecurity {
    /// TLS from the first byte (RFC 8314, section 3.3).
    Tls,
    /// TLS by STARTTLS (RFC 3207) before anything else; nothing is sent to a server that does not offer it.
    StartTls,
    /// Unencrypted, only for a mail server on this machine.
    Loopback,
}

/// A mail server and how to reach it.
#[derive(Clone)]
pub struct SmtpServer {
    /// The host name or IP address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is encrypted.
    pub protection: TransportSecurity,
    /// The user name and password.
    pub credentials: Option<Credentials>,
}

/// A `GREENCAP_SMTP_URL` that cannot be used. The error does not repeat it, because it may contain a
/// password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "GREENCAP_SMTP_URL is invalid: use smtps://user:password@mail.example:465 for TLS, or smtp+starttls://user:password@mail.example:587 for STARTTLS, and encode characters such as @ and / in the password as %40 and %2F"
)]
pub struct SmtpUrlError;

impl FromStr for SmtpServer {
    type Err = SmtpUrlError;

    fn from_str(text: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(text).map_err(|_| SmtpUrlError)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpUrlError)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let loopback = match Host::parse(&host) {
            Ok(Host::Domain(name)) => {
                name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
            Ok(Host::Ipv4(ip)) => ip.is_loopback(),
            _ => host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        };
        let (protection, usual_port) = match url.scheme() {
            "smtps" => (TransportSecurity::Tls, 465),
            // Plain text stays on this machine; to any other, STARTTLS is required.
            "smtp" if loopback => (TransportSecurity::Loopback, 25),
            "smtp" | "smtp+starttls" => (TransportSecurity::StartTls, 587),
            _ => return Err(SmtpUrlError),
        };
        let credentials = if url.username().is_empty() {
            None
        } else {
            Some(Credentials::new(decoded(url.username())?, decoded(url.password().unwrap_or_default())?))
        };
        Ok(Self { host, port: url.port().unwrap_or(usual_port), protection, credentials })
    }
}

impl std::fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpServer")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("protection", &self.protection)
            .finish_non_exhaustive()
    }
}

/// Decodes percent-encoding (RFC 3986, section 2.1), without reading `+` as a space.
fn decoded(text: &str) -> Result<String, SmtpUrlError> {
    let plain = text.replace('+', "%2B");
    let (value, _) = url::form_urlencoded::parse(plain.as_bytes()).next().ok_or(SmtpUrlError)?;
    Ok(value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SmtpServer {
        text.parse().unwrap()
    }

    #[test]
    fn plain_text_never_leaves_the_machine() {
        assert_eq!(read("smtp://127.0.0.1:2525").protection, TransportSecurity::Loopback);
        assert_eq!(read("smtp://[::1]:2525").protection, TransportSecurity::Loopback);
        assert_eq!(read("smtp://localhost").protection, TransportSecurity::Loopback);
        assert_eq!(read("smtp://mail.school.example").protection, TransportSecurity::StartTls);
        assert_eq!(read("smtps://mail.school.example").protection, TransportSecurity::Tls);
        assert_eq!(read("smtps://mail.school.example").port, 465);
    }

    #[test]
    fn signs_in_a_password_are_decoded() {
        let server = read("smtp+starttls://greencap%40school.example:p%40ss+w%3Drd%26x@mail.example:2587");
        assert_eq!(server.port, 2587);
        let wanted = Credentials::new("greencap@school.example".to_owned(), "p@ss+w=rd&x".to_owned());
        assert!(server.credentials == Some(wanted));
    }

    #[test]
    fn what_names_no_mail_server_is_refused_without_repeating_it() {
        for text in ["mail.example", "https://user:secret@mail.example", "smtp://"] {
            let error = text.parse::<SmtpServer>().unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
