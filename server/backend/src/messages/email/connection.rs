//! One connection to a mail server, used for many messages. Sending takes two steps, which makes duplicates
//! rare: [`Connection::propose`] names the sender and the recipient, which commits to nothing;
//! [`Connection::deliver`] sends the message.

use std::time::Duration;

use domain::messages::failure::{DeliveryFailure, RetryAdvice, SmtpStage};
use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::smtp::{SmtpServer, TransportSecurity};

/// Why the mail server did not accept a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError {
    /// The failure, in Greencap's terms.
    pub failure: DeliveryFailure,
    /// What to do next.
    pub remedy: RetryAdvice,
    /// The text from the mail server or the network.
    pub detail: String,
    /// Whether the connection can no longer be used.
    pub broken: bool,
}

impl SendError {
    fn network(detail: impl Into<String>) -> Self {
        Self {
            failure: DeliveryFailure::Unreachable,
            remedy: RetryAdvice::ServerLater,
            detail: detail.into(),
            broken: true,
        }
    }

    fn insecure(detail: impl Into<String>) -> Self {
        Self { failure: DeliveryFailure::Insecure, ..Self::network(detail) }
    }

    fn of(stage: SmtpStage, error: &SmtpError) -> Self {
        let detail = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
        match error.status().map(u16::from) {
            Some(code) => {
                let (failure, remedy) = DeliveryFailure::of_reply(stage, code, &detail);
                Self { failure, remedy, detail: format!("{code} {detail}"), broken: code == 421 }
            }
            None if error.is_tls() => Self::insecure(detail),
            None => Self::network(detail),
        }
    }
}

/// An open connection, signed in.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    patience: Duration,
    /// The number of messages sent so far. If a used connection breaks, the server may only have closed it
    /// after a time or a number of messages.
    carried: u32,
}

impl Connection {
    /// Connects, greets the server, starts TLS if configured, and signs in. `patience` limits the wait for
    /// this and for every later answer.
    pub async fn open(server: &SmtpServer, hello: &ClientId, patience: Duration) -> Result<Self, SendError> {
        match timeout(patience, Self::begin(server, hello)).await {
            Ok(opened) => opened.map(|smtp| Self { smtp, patience, carried: 0 }),
            Err(_) => Err(SendError::network("the mail server did not answer in time")),
        }
    }

    async fn begin(server: &SmtpServer, hello: &ClientId) -> Result<AsyncSmtpConnection, SendError> {
        let place = (server.host.as_str(), server.port);
        let failed = |error: SmtpError| SendError::of(SmtpStage::Connect, &error);
        let tls = || {
            TlsParameters::new(server.host.clone()).map_err(|error| SendError::insecure(error.to_string()))
        };
        let mut smtp = if server.protection == TransportSecurity::Tls {
            AsyncSmtpConnection::connect_tokio1(place, None, hello, Some(tls()?), None)
                .await
                .map_err(failed)?
        } else {
            let stream =
                TcpStream::connect(place).await.map_err(|error| SendError::network(error.to_string()))?;
            // The end of a message is a separate packet. Without this it waits for an acknowledgement that
            // the other side delays by 40 ms.
            stream.set_nodelay(true).map_err(|error| SendError::network(error.to_string()))?;
            let mut smtp =
                AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello).await.map_err(failed)?;
            if server.protection == TransportSecurity::StartTls {
                if !smtp.can_starttls() {
                    return Err(SendError::insecure("the mail server offers no STARTTLS"));
                }
                smtp.starttls(tls()?, hello)
                    .await
                    .map_err(|error| SendError { failure: DeliveryFailure::Insecure, ..failed(error) })?;
            }
            smtp
        };
        if let Some(credentials) = &server.credentials {
            smtp.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await.map_err(|error| {
                let refused = SendError::of(SmtpStage::SignIn, &error);
                // The server offers neither PLAIN nor LOGIN; lettre reports that without a code.
                if error.is_client() {
                    SendError { failure: DeliveryFailure::NotSignedIn, ..refused }
                } else {
                    refused
                }
            })?;
        }
        Ok(smtp)
    }

    /// Names the sender and recipient of the next message.
    pub async fn propose(&mut self, from: &Address, to: &Address) -> Result<(), SendError> {
        let smtp = &mut self.smtp;
        let said = timeout(self.patience, async {
            smtp.command(Mail::new(Some(from.clone()), Vec::new()))
                .await
                .map_err(|error| SendError::of(SmtpStage::Sender, &error))?;
            smtp.command(Rcpt::new(to.clone(), Vec::new()))
                .await
                .map_err(|error| SendError::of(SmtpStage::Recipient, &error))
        })
        .await;
        said.map_err(|_| SendError::network("the mail server did not answer in time"))?.map(drop)
    }

    /// Sends the proposed message. `Ok` means that the mail server has accepted responsibility for it (RFC
    /// 5321, section 6.1).
    pub async fn deliver(&mut self, message: &[u8]) -> Result<(), SendError> {
        let smtp = &mut self.smtp;
        let said = timeout(self.patience, async {
            smtp.command(Data).await.map_err(|error| SendError::of(SmtpStage::Message, &error))?;
            smtp.message(message).await.map_err(|error| {
                let refused = SendError::of(SmtpStage::Message, &error);
                if refused.broken && error.status().is_none() {
                    // The server may or may not have accepted it: the fate of this message is unknown, not
                    // the server's state.
                    SendError { failure: DeliveryFailure::Interrupted, remedy: RetryAdvice::Later, ..refused }
                } else {
                    refused
                }
            })
        })
        .await;
        let in_doubt = |_| SendError {
            failure: DeliveryFailure::Interrupted,
            remedy: RetryAdvice::Later,
            ..SendError::network("the mail server did not confirm the message in time")
        };
        said.map_err(in_doubt)??;
        self.carried += 1;
        Ok(())
    }

    /// Withdraws a proposal (RFC 5321, section 4.1.1.5).
    pub async fn reset(&mut self) -> Result<(), SendError> {
        match timeout(self.patience, self.smtp.command(Rset)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(SendError { broken: true, ..SendError::of(SmtpStage::Connect, &error) }),
            Err(_) => Err(SendError::network("the mail server did not answer in time")),
        }
    }

    /// Whether it has sent a message before.
    pub fn is_used(&self) -> bool {
        self.carried > 0
    }

    /// Closes the connection politely.
    pub async fn close(mut self) {
        // Nothing depends on the answer.
        let _ = timeout(Duration::from_secs(1), self.smtp.quit()).await;
    }
}
