//! Checks of the mail server, and the test message.

use backend::clock::{Clock as _, SystemClock};
use backend::config::Config;
use backend::messages::email::connection::{Connection, SendError};
use backend::messages::email::message::{EmailMessage, hello};
use backend::messages::templates::RenderedMessage;
use domain::ids::MessageId;
use domain::roll::address::EmailAddress;
use uuid::Uuid;

use super::{Finding, PATIENCE};

/// Whether the mail server takes messages from this server.
pub(super) async fn server(config: &Config) -> Finding {
    let Some(server) = &config.smtp else {
        return if config.database_url.is_none() {
            Ok("none; messages go to the mailbox page".to_owned())
        } else {
            Err("none, so messages only go to the mailbox page. Set GREENCAP_SMTP_URL".to_owned())
        };
    };
    match Connection::open(server, &hello(&config.base_url), PATIENCE).await {
        Ok(connection) => {
            connection.close().await;
            Ok(format!("{}:{} accepts messages", server.host, server.port))
        }
        Err(error) => Err(refused(config, &error)),
    }
}

/// Whether a real mail server gets a sender that it can accept.
pub(super) fn sender(config: &Config) -> Finding {
    if config.smtp.is_some() && config.has_default_sender() {
        return Err(format!(
            "messages come from {}, which mail servers refuse. Set GREENCAP_MAIL_FROM to an address of your domain",
            config.mail_from.email
        ));
    }
    Ok(config.mail_from.to_string())
}

/// Sends a test message.
pub(super) async fn send(config: &Config, to: &EmailAddress) -> Finding {
    let Some(server) = &config.smtp else {
        return Err("not sent, because there is no mail server. Set GREENCAP_SMTP_URL".to_owned());
    };
    let text = format!(
        "This is a test message from Greencap at {}.\n\nIf you can read it, messages from this server arrive. Look at \
         the sender, and whether it went to the spam folder.\n",
        config.base_url
    );
    let message = EmailMessage {
        id: MessageId(Uuid::from_u128(random())),
        name: "",
        to,
        from: &config.mail_from,
        reply_to: None,
        base_url: &config.base_url,
        date: SystemClock.now(),
        content: RenderedMessage {
            subject: "Test message from Greencap".to_owned(),
            html: format!("<p>{}</p>", text.trim_end().replace("\n\n", "</p><p>")),
            text,
        },
    };
    let ready = message.build().map_err(|error| format!("it could not be written: {error}"))?;
    let sent = async {
        let mut connection = Connection::open(server, &hello(&config.base_url), PATIENCE).await?;
        connection.propose(&ready.from, &ready.to).await?;
        connection.deliver(&ready.bytes).await?;
        connection.close().await;
        Ok::<_, SendError>(())
    };
    match sent.await {
        Ok(()) => Ok(format!("{}:{} accepted it for {to}. Check that it arrives", server.host, server.port)),
        Err(error) => Err(refused(config, &error)),
    }
}

fn random() -> u128 {
    use backend::random::{Random as _, SystemRandom};
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes);
    u128::from_le_bytes(bytes)
}

fn refused(config: &Config, error: &SendError) -> String {
    let server =
        config.smtp.as_ref().map(|server| format!("{}:{}", server.host, server.port)).unwrap_or_default();
    format!(
        "{} ({server} said: {}). Check GREENCAP_SMTP_URL and GREENCAP_MAIL_FROM",
        error.failure.sentence(),
        error.detail
    )
}
