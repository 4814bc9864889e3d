//! `greencap serve`.

use std::path::Path;
use std::time::Duration;

use axum::Extension;
use backend::Backend;
use backend::config::Config;
use backend::jobs::worker;
use backend::setup::link;
use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::out::say;
use super::{ExitStatus, Failure, demo, open, out, site, stop};
use crate::http::connections::{ConnectionTimeouts, serve};
use crate::http::{self, ShutdownSignal};

/// How long current requests and the current message may take to finish after a stop is requested.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Do not send messages. Use this if `greencap worker` sends them.
    #[arg(long)]
    no_worker: bool,
}

/// Serves the pages, and runs the worker beside them, until it is asked to stop.
pub(super) async fn run(asked: Serve) -> Result<ExitStatus, Failure> {
    let config = open::config()?;
    require_site(&config.site)?;
    // Before the database is touched, so that an address already in use is reported at once.
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        Failure::Failed(format!(
            "cannot listen on {}: {error}; set GREENCAP_LISTEN to another address and port",
            config.listen
        ))
    })?;
    let figures = match config.metrics {
        Some(address) => Some(TcpListener::bind(address).await.map_err(|error| {
            Failure::Failed(format!(
                "cannot listen on {address}: {error}; set GREENCAP_METRICS to another address and port"
            ))
        })?),
        None => None,
    };
    // Listens from here on, so that a stop during the start is noticed too.
    let stopping = CancellationToken::new();
    tokio::spawn({
        let stopping = stopping.clone();
        async move {
            stop::asked().await;
            stopping.cancel();
        }
    });
    let backend = open::with_config(config).await?;
    tokio::spawn(open::tend());
    greet(&backend, !asked.no_worker).await?;
    let worker = (!asked.no_worker)
        .then(|| tokio::spawn(worker::run(backend.clone(), stopping.clone().cancelled_owned())));
    if let Some(listener) = figures {
        let handle = http::metrics::begin().map_err(|error| {
            Failure::Failed(format!("the figures for monitoring cannot be counted: {error}"))
        })?;
        let router = http::metrics::router(backend.clone(), handle);
        tokio::spawn(serve(
            listener,
            router,
            ConnectionTimeouts::default(),
            stopping.clone().cancelled_owned(),
        ));
    }
    let stop = stopping.clone().cancelled_owned();
    let router = http::router(backend.clone()).layer(Extension(ShutdownSignal(stopping.clone())));
    let served = serve(listener, router, ConnectionTimeouts::default(), stop);
    let late = async {
        stopping.cancelled().await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        () = served => {}
        // A browser that keeps a connection open does not delay the stop.
        () = late => {}
    }
    if let Some(worker) = worker {
        // A message that takes longer is sent after its lease expires.
        let _ = tokio::time::timeout(PATIENCE, worker).await;
    }
    backend.database.close().await;
    Ok(ExitStatus::Done)
}

/// Checks that the browser's files are there: pages are useless without style and scripts.
fn require_site(folder: &Path) -> Result<(), Failure> {
    if folder.join(site::STYLE).is_file() {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "the browser's files are not in {}: build them (`./dev build`), or set GREENCAP_SITE to their folder",
        folder.display()
    )))
}

/// Prints the address, what this process uses, and how to sign in. Loads the demonstration school into an embedded database without
/// schools.
async fn greet(backend: &Backend, works: bool) -> Result<(), Failure> {
    let config = &*backend.config;
    let Config { base_url, database_url, .. } = config;
    say!("Greencap is running at {base_url}");
    say!("  version   {}", env!("CARGO_PKG_VERSION"));
    say!("  listens   on {}", config.listen);
    say!("  database  {}", open::describe(config)?);
    match &config.smtp {
        Some(server) => say!("  messages  from {} through {}:{}", config.mail_from, server.host, server.port),
        None => say!("  messages  to the mailbox page: GREENCAP_SMTP_URL is not set"),
    }
    if works {
        say!("  worker    in this process");
    } else {
        say!("  worker    not in this process: run `greencap worker`, or no message is sent");
    }
    if config.smtp.is_some() && config.has_default_sender() {
        out::note("GREENCAP_MAIL_FROM is not set, and mail servers refuse the default sender");
    }
    if database_url.is_none() {
        demo::load_into_empty(backend).await?;
        if let Some(sign_in) = demo::kept_sign_in(backend) {
            say!("{}", sign_in.trim_end());
        }
    }
    if let Some(link) = link::link(backend).await? {
        say!("There is no administrator yet. Create the first one within 24 hours at\n  {link}");
    }
    Ok(())
}
