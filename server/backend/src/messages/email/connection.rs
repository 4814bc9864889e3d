//! One connection to a mail server, used for many messages. It speaks in the two steps that keep duplicates rare:
//! [`Connection::propose`] names sender and recipient, which commits nobody to anything; [`Connection::deliver`] hands
//! the message over.

use std::time::Duration;

use domain::messages::failure::{DeliveryFailure, Remedy, Stage};
use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::smtp::{Protection, SmtpServer};

/// Why the mail server did not take a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError {
    /// In one of our words.
    pub failure: DeliveryFailure,
    /// What follows.
    pub remedy: Remedy,
    /// The mail server's own words, or the network's.
    pub detail: String,
    /// Whether the connection can carry no further message.
    pub broken: bool,
}

impl SendError {
    fn network(detail: impl Into<String>) -> Self {
        Self {
            failure: DeliveryFailure::Unreachable,
            remedy: Remedy::ServerLater,
            detail: detail.into(),
            broken: true,
        }
    }

    fn insecure(detail: impl Into<String>) -> Self {
        Self { failure: DeliveryFailure::Insecure, ..Self::network(detail) }
    }

    fn of(stage: Stage, error: &SmtpError) -> Self {
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

/// An open, signed-in connection.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    patience: Duration,
    /// Messages carried so far: a connection that broke after some may only have been idle or counted out.
    carried: u32,
}

impl Connection {
    /// Connects, says who it is, protects the connection and signs in. `patience` bounds the wait for this and for each
    /// answer after it.
    pub async fn open(server: &SmtpServer, hello: &ClientId, patience: Duration) -> Result<Self, SendError> {
        match timeout(patience, Self::begin(server, hello)).await {
            Ok(opened) => opened.map(|smtp| Self { smtp, patience, carried: 0 }),
            Err(_) => Err(SendError::network("the mail server did not answer in time")),
        }
    }

    async fn begin(server: &SmtpServer, hello: &ClientId) -> Result<AsyncSmtpConnection, SendError> {
        let place = (server.host.as_str(), server.port);
        let failed = |error: SmtpError| SendError::of(Stage::Connect, &error);
        let tls = || {
            TlsParameters::new(server.host.clone()).map_err(|error| SendError::insecure(error.to_string()))
        };
        let mut smtp = if server.protection == Protection::Tls {
            AsyncSmtpConnection::connect_tokio1(place, None, hello, Some(tls()?), None)
                .await
                .map_err(failed)?
        } else {
            let stream =
                TcpStream::connect(place).await.map_err(|error| SendError::network(error.to_string()))?;
            // The end of a message is a packet of its own; without this it waits for an acknowledgement that the
            // other side puts off for 40 ms.
            stream.set_nodelay(true).map_err(|error| SendError::network(error.to_string()))?;
            let mut smtp =
                AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello).await.map_err(failed)?;
            if server.protection == Protection::StartTls {
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
                let refused = SendError::of(Stage::SignIn, &error);
                // Neither PLAIN nor LOGIN on offer: lettre's word for it has no code.
                if error.is_client() {
                    SendError { failure: DeliveryFailure::NotSignedIn, ..refused }
                } else {
                    refused
                }
            })?;
        }
        Ok(smtp)
    }

    /// Names sender and recipient of the next message.
    pub async fn propose(&mut self, from: &Address, to: &Address) -> Result<(), SendError> {
        let smtp = &mut self.smtp;
        let said = timeout(self.patience, async {
            smtp.command(Mail::new(Some(from.clone()), Vec::new()))
                .await
                .map_err(|error| SendError::of(Stage::Sender, &error))?;
            smtp.command(Rcpt::new(to.clone(), Vec::new()))
                .await
                .map_err(|error| SendError::of(Stage::Recipient, &error))
        })
        .await;
        said.map_err(|_| SendError::network("the mail server did not answer in time"))?.map(drop)
    }

    /// Hands over the message that was proposed. `Ok` means that the mail server has taken charge of it (RFC 5321,
    /// section 6.1).
    pub async fn deliver(&mut self, message: &[u8]) -> Result<(), SendError> {
        let smtp = &mut self.smtp;
        let said = timeout(self.patience, async {
            smtp.command(Data).await.map_err(|error| SendError::of(Stage::Message, &error))?;
            smtp.message(message).await.map_err(|error| {
                let refused = SendError::of(Stage::Message, &error);
                if refused.broken && error.status().is_none() {
                    // Perhaps it was taken, perhaps not: this message, not the server, is what is in doubt.
                    SendError { failure: DeliveryFailure::Interrupted, remedy: Remedy::Later, ..refused }
                } else {
                    refused
                }
            })
        })
        .await;
        let in_doubt = |_| SendError {
            failure: DeliveryFailure::Interrupted,
            remedy: Remedy::Later,
            ..SendError::network("the mail server did not confirm the message in time")
        };
        said.map_err(in_doubt)??;
        self.carried += 1;
        Ok(())
    }

    /// Takes a proposal back (RFC 5321, section 4.1.1.5).
    pub async fn reset(&mut self) -> Result<(), SendError> {
        match timeout(self.patience, self.smtp.command(Rset)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(SendError { broken: true, ..SendError::of(Stage::Connect, &error) }),
            Err(_) => Err(SendError::network("the mail server did not answer in time")),
        }
    }

    /// Whether it has carried a message before.
    pub fn is_used(&self) -> bool {
        self.carried > 0
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        // Nothing depends on the answer.
        let _ = timeout(Duration::from_secs(1), self.smtp.quit()).await;
    }
}
