//! Where messages go.

use crate::config::Config;

use super::server::SmtpServer;

/// Where messages go.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To a mail server.
    Smtp(SmtpServer),
    /// To the mailbox page that staff can open, since no mail server is configured.
    Mailbox,
}

impl Transport {
    /// As configured.
    pub fn of(config: &Config) -> Self {
        config.smtp.clone().map_or(Self::Mailbox, Self::Smtp)
    }
}
