//! Connections, from the listener to the router: like `axum::serve`, but with time limits. A client that
//! opens connections and sends nothing, or a header byte by byte, occupies each of them for seconds and not
//! for ever.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// How often an HTTP/2 connection is pinged, and how long the answer may take.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));

/// The most concurrent requests on one HTTP/2 connection: many times what a page needs.
const STREAMS: u32 = 128;

/// How long to wait for a request on a connection.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionTimeouts {
    /// From opening the connection to the complete head of its first request.
    pub first: Duration,
    /// From the end of a response to the complete head of the next request, over HTTP/1.
    pub next: Duration,
}

impl Default for ConnectionTimeouts {
    /// Twenty seconds are enough for the slowest phone. Proxies and browsers keep idle connections for up to
    /// a minute, and they should be the ones to close them: a request sent while the server closes the
    /// connection is lost.
    fn default() -> Self {
        Self { first: Duration::from_secs(20), next: Duration::from_secs(75) }
    }
}

/// Serves until `stop` completes; then accepts no new connections, and finishes the current requests.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    patience: ConnectionTimeouts,
    stop: impl Future<Output = ()>,
) {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(patience.next);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING.0)
        .keep_alive_timeout(PING.1)
        .max_concurrent_streams(STREAMS);
    let open = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, address): (_, SocketAddr) = tokio::select! {
            // Waits and continues if the machine has no file descriptors left.
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stop => break,
        };
        let (router, asked) = (router.clone(), Arc::new(AtomicBool::new(false)));
        let service = service_fn({
            let asked = asked.clone();
            move |mut request: Request<Incoming>| {
                asked.store(true, Ordering::Relaxed);
                request.extensions_mut().insert(ConnectInfo(address));
                router.clone().oneshot(request)
            }
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service).into_owned());
        tokio::spawn(async move {
            tokio::select! {
                // Errors on a connection concern only its visitor.
                _ = connection => {}
                // The builder checks no timeout before it knows which HTTP version is spoken.
                () = silent(patience.first, &asked) => {}
            }
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// Completes when that time has passed without a request, and otherwise never.
async fn silent(time: Duration, asked: &AtomicBool) {
    tokio::time::sleep(time).await;
    if asked.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::sync::{mpsc, oneshot};
    use tokio_util::sync::CancellationToken;

    use super::*;

    const SHORT: Duration = Duration::from_millis(100);
    const LONG: Duration = Duration::from_mins(5);
    const REQUEST: &[u8] = b"GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// A server that responds with the client's port.
    #[expect(
        clippy::disallowed_methods,
        reason = "the routes of the product are declared, these are a test's"
    )]
    async fn server(patience: ConnectionTimeouts) -> SocketAddr {
        let who = get(async |ConnectInfo(address): ConnectInfo<SocketAddr>| address.port().to_string());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, Router::new().route("/who", who), patience, std::future::pending()));
        address
    }

    /// Reads one response on a connection that stays open.
    async fn answer(stream: &mut TcpStream) -> String {
        let port = stream.local_addr().unwrap().port().to_string();
        let mut read = Vec::new();
        while !read.ends_with(port.as_bytes()) {
            assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0, "{}", String::from_utf8_lossy(&read));
        }
        String::from_utf8(read).unwrap()
    }

    async fn is_closed(mut stream: TcpStream) {
        // Closed, or reset with unread data: both are an end.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_head_is_disconnected() {
        let address = server(ConnectionTimeouts { first: SHORT, next: LONG }).await;
        for begun in
            ["", "G", "GET /who HTTP/1.1\r\nHost: local", "PRI * HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
        {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            is_closed(stream).await;
        }
    }

    #[tokio::test]
    async fn nor_is_the_next_head_waited_for_without_an_end() {
        let address = server(ConnectionTimeouts { first: LONG, next: SHORT }).await;
        for begun in ["", "GET /who HTTP/1.1\r\nHost: local"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(REQUEST).await.unwrap();
            answer(&mut stream).await;
            stream.write_all(begun.as_bytes()).await.unwrap();
            is_closed(stream).await;
        }
    }

    #[tokio::test]
    async fn requests_are_answered_one_after_the_other_and_know_where_they_come_from() {
        let mut stream = TcpStream::connect(server(ConnectionTimeouts::default()).await).await.unwrap();
        for _ in 0..3 {
            stream.write_all(REQUEST).await.unwrap();
            assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
        }
    }

    #[tokio::test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the routes of the product are declared, these are a test's"
    )]
    async fn an_answer_under_way_may_take_longer_than_the_patience_and_is_finished_before_the_server_ends() {
        let (begun, mut is_begun) = mpsc::channel(1);
        let (finish, finished) = oneshot::channel::<()>();
        let finished = Arc::new(tokio::sync::Mutex::new(Some(finished)));
        let slow = get(async move || {
            begun.send(()).await.unwrap();
            let finished = finished.lock().await.take();
            finished.unwrap().await.unwrap();
            "done"
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let patience = ConnectionTimeouts { first: SHORT, next: SHORT };
        let served = tokio::spawn(serve(
            listener,
            Router::new().route("/who", slow),
            patience,
            stop.clone().cancelled_owned(),
        ));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(REQUEST).await.unwrap();
        is_begun.recv().await.unwrap();
        tokio::time::sleep(SHORT * 2).await;
        stop.cancel();
        finish.send(()).unwrap();
        let mut read = String::new();
        stream.read_to_string(&mut read).await.unwrap();
        assert!(read.starts_with("HTTP/1.1 200 OK") && read.ends_with("done"), "{read}");
        served.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "no new connection is accepted");
    }
}
