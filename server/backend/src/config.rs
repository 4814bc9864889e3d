//! Configuration, read once at start from the environment and an optional TOML file. All invalid values are
//! reported together.

mod environment;
mod file;
mod names;
pub mod smtp;
mod urls;

use std::collections::BTreeMap;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use thiserror::Error;

use smtp::SmtpServer;

pub use urls::ENCODE;

/// All settings. `docs/OPERATIONS.md` documents each by the name of its environment variable.
#[derive(Debug, Clone)]
pub struct Config {
    /// `DATABASE_URL`. Unset: embedded mode, where Greencap starts its own PostgreSQL.
    pub database_url: Option<String>,
    /// `GREENCAP_DATA`: where embedded mode stores its database and secrets.
    pub data: PathBuf,
    /// `GREENCAP_LISTEN`: address and port of the web server.
    pub listen: SocketAddr,
    /// `GREENCAP_BASE_URL`: the start of links in messages, without a slash at the end.
    pub base_url: String,
    /// `GREENCAP_PEPPER`: 32 bytes in hex, the root of all keys.
    pub pepper: Pepper,
    /// `GREENCAP_SMTP_URL`: the mail server. Unset, as in embedded mode: messages go to the mailbox page.
    pub smtp: Option<SmtpServer>,
    /// `GREENCAP_MAIL_FROM`: the sender of every message, as `Name <address>`.
    pub mail_from: Mailbox,
    /// `GREENCAP_WORKER_LEASE`: how long a worker keeps a message, in seconds. After a crash its messages
    /// wait that long for another worker; a mail server gets half of it for each answer.
    pub worker_lease: Duration,
    /// `GREENCAP_POOL`: the number of database connections.
    pub pool: u32,
    /// The most rows that a request changes itself. More run as a job, whose progress is shown: see
    /// [`ROWS_IN_REQUEST`]. No environment variable sets it; tests do.
    pub rows_in_request: usize,
    /// `GREENCAP_SITE`: the folder with the browser's files.
    pub site: PathBuf,
    /// `GREENCAP_WATCH`, set to anything: pages reload after a restart. For `./dev watch`.
    pub watch: bool,
    /// `GREENCAP_PROXIES`: the servers in front of this one. Only they are trusted to say where a request
    /// came from (OWASP ASVS 5.0, V4.1.3).
    pub proxies: Vec<IpAddr>,
    /// `GREENCAP_METRICS`: address and port of the figures for Prometheus, if they are served.
    pub metrics: Option<SocketAddr>,
    /// `GREENCAP_SECURITY_CONTACT`: where to report a weakness, for `/.well-known/security.txt` (RFC 9116).
    pub security_contact: Option<String>,
}

/// Creating 1,000 accounts takes 82 ms (docs/benchmarks.md), so a request for this many takes a fifth of a
/// second, which people still perceive as an immediate response to a button (Nielsen, "Response Times", 1993:
/// up to a second without an interruption). Ten times as many would take almost two seconds, on an otherwise
/// idle machine.
pub const ROWS_IN_REQUEST: usize = 2_000;

/// The sender until `GREENCAP_MAIL_FROM` names another. Mail servers refuse it.
pub const DEFAULT_SENDER: &str = "Greencap <greencap@localhost.localdomain>";

/// The root of all keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Pepper(pub [u8; 32]);

impl std::fmt::Debug for Pepper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pepper(..)")
    }
}

/// The settings of a process as text, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigValues {
    /// The values.
    pub values: BTreeMap<String, String>,
    /// Names in the environment that look like settings and are none: a sentence about each. They change nothing,
    /// because others may have set them, such as Kubernetes for a service called greencap.
    pub unknown: Vec<String>,
}

/// Every invalid value, with its name and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the configuration is invalid:\n{}", .0.iter().map(|p| format!("  {p}")).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<String>);

/// The problems of values that contain NUL.
fn with_nul(values: &BTreeMap<String, String>) -> Vec<String> {
    let found = values.iter().filter(|(_, value)| value.contains('\0'));
    found
        .map(|(name, _)| format!("{name} contains a character that cannot be used (NUL): remove it"))
        .collect()
}

/// The IP addresses in a list with commas.
fn addresses(list: Option<&str>) -> Result<Vec<IpAddr>, AddrParseError> {
    let list = list.into_iter().flat_map(|list| list.split(','));
    list.map(|address| address.trim().parse()).collect()
}

/// Whether it can stand in a `security.txt`. A web address begins with https (RFC 9116, section 2.5.3).
fn is_contact(contact: &str) -> bool {
    let has_scheme = ["mailto:", "https://", "tel:"].iter().any(|scheme| contact.starts_with(scheme));
    has_scheme && !contact.contains(|c: char| c.is_control() || c == ' ')
}

impl Config {
    /// Returns this process's settings by name: the environment takes precedence over the file that
    /// `GREENCAP_CONFIG` names.
    pub fn values() -> Result<ConfigValues, ConfigError> {
        environment::values(std::env::vars_os())
    }

    /// Returns the data folder of embedded mode according to these values.
    pub fn data_folder(values: &BTreeMap<String, String>) -> PathBuf {
        values.get("GREENCAP_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from)
    }

    /// Parses the configuration from named values.
    pub fn from_values(values: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut problems = with_nul(values);
        let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let mut parse = |name: &str, value: &str, remedy: &str| -> Option<SocketAddr> {
            value
                .parse()
                .map_err(|_| problems.push(format!("{name} is \u{201c}{value}\u{201d}: {remedy}")))
                .ok()
        };
        let listen = parse(
            "GREENCAP_LISTEN",
            text("GREENCAP_LISTEN").unwrap_or("127.0.0.1:3000"),
            "use an address and a port, such as 127.0.0.1:3000",
        );
        let metrics = text("GREENCAP_METRICS").and_then(|address| {
            parse(
                "GREENCAP_METRICS",
                address,
                "use an address and a port that only your monitoring reaches, such as 127.0.0.1:9100",
            )
        });
        let base_url = match (text("GREENCAP_BASE_URL"), listen) {
            (Some(url), _) => urls::base_url(url).map_err(|problem| problems.push(problem)).ok(),
            (None, Some(address)) => Some(format!("http://{address}")),
            // The address is the problem.
            (None, None) => None,
        };
        problems.extend(text("DATABASE_URL").and_then(|url| urls::database_url(url).err()));
        let pepper = text("GREENCAP_PEPPER").and_then(|hex| {
            let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?;
            <[u8; 32]>::try_from(bytes).ok().map(Pepper)
        });
        if pepper.is_none() {
            problems.push("GREENCAP_PEPPER is missing or invalid: set it to 64 hex digits, for example from `openssl rand -hex 32`, and keep it safe".to_owned());
        }
        let pool =
            text("GREENCAP_POOL").map_or(Ok(16), str::parse::<u32>).ok().filter(|n| (2..=500).contains(n));
        if pool.is_none() {
            problems
                .push("GREENCAP_POOL is invalid: set it to a number of connections from 2 to 500".to_owned());
        }
        let smtp = text("GREENCAP_SMTP_URL").map(str::parse::<SmtpServer>).transpose();
        if let Err(error) = &smtp {
            problems.push(error.to_string());
        }
        let mail_from = text("GREENCAP_MAIL_FROM").unwrap_or(DEFAULT_SENDER).parse::<Mailbox>();
        if mail_from.is_err() {
            problems.push(
                "GREENCAP_MAIL_FROM is invalid: use a name and an address, such as Quillmere School <portal@quillmere.example>"
                    .to_owned(),
            );
        }
        let lease = text("GREENCAP_WORKER_LEASE")
            .map_or(Ok(60), str::parse::<u64>)
            .ok()
            .filter(|seconds| (2..=600).contains(seconds));
        if lease.is_none() {
            problems.push(
                "GREENCAP_WORKER_LEASE is invalid: set it to a number of seconds from 2 to 600".to_owned(),
            );
        }
        let proxies = addresses(text("GREENCAP_PROXIES"));
        if proxies.is_err() {
            problems.push(
                "GREENCAP_PROXIES is invalid: list the IP addresses of your proxies, such as 10.0.0.2,10.0.0.3".to_owned(),
            );
        }
        let security_contact = text("GREENCAP_SECURITY_CONTACT").map(str::to_owned);
        if security_contact.as_deref().is_some_and(|contact| !is_contact(contact)) {
            problems.push("GREENCAP_SECURITY_CONTACT is invalid: start it with mailto:, https:// or tel:, such as mailto:security@quillmere.example".to_owned());
        }
        match (listen, base_url, pepper, pool, smtp, mail_from, lease, proxies) {
            (
                Some(listen),
                Some(base_url),
                Some(pepper),
                Some(pool),
                Ok(smtp),
                Ok(mail_from),
                Some(lease),
                Ok(proxies),
            ) if problems.is_empty() => Ok(Self {
                database_url: text("DATABASE_URL").map(str::to_owned),
                data: Self::data_folder(values),
                listen,
                base_url,
                pepper,
                smtp,
                mail_from,
                worker_lease: Duration::from_secs(lease),
                pool,
                rows_in_request: ROWS_IN_REQUEST,
                site: text("GREENCAP_SITE").unwrap_or("target/site").into(),
                watch: text("GREENCAP_WATCH").is_some(),
                proxies,
                metrics,
                security_contact,
            }),
            _ => Err(ConfigError(problems)),
        }
    }

    /// Whether messages have the sender that nobody chose.
    pub fn has_default_sender(&self) -> bool {
        DEFAULT_SENDER.parse::<Mailbox>().is_ok_and(|sender| sender == self.mail_from)
    }

    /// Whether cookies can require a secure connection. Plain http is only for this machine.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}
