//! Figures for monitoring, from the running program.

use sqlx::{ConnectOptions as _, PgPool};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// An address that is free at this moment.
async fn free() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

/// Requests a path over HTTP/1.0; empty while nobody listens.
async fn get(address: &str, path: &str) -> String {
    ask(address, "GET", path).await
}

async fn ask(address: &str, method: &str, path: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(address).await else { return String::new() };
    stream
        .write_all(
            format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
        )
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn figures_are_served_on_an_address_of_their_own_and_name_nobody(pool: PgPool) {
    let (site, figures) = (free().await, free().await);
    let folder = std::env::temp_dir().join(format!("greencap-metrics-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(folder.join("pkg")).unwrap();
    std::fs::write(folder.join("pkg/greencap.css"), "").unwrap();
    let mut server = tokio::process::Command::new(env!("CARGO_BIN_EXE_greencap"))
        .arg("serve")
        .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str())
        .env("GREENCAP_PEPPER", "0f".repeat(32))
        .env("GREENCAP_SITE", &folder)
        .env("GREENCAP_LISTEN", &site)
        .env("GREENCAP_METRICS", &figures)
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    while !get(&site, "/health").await.starts_with("HTTP/1.1 200") {
        assert!(server.try_wait().unwrap().is_none(), "it serves");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    get(&site, "/students/01890000-0000-7000-8000-000000000001").await;
    // A method is any word: strangers neither write into the figures nor make them grow.
    for method in ["BREW", "ADA-OKORONTA"] {
        ask(&site, method, "/health").await;
    }
    let told = get(&figures, "/metrics").await;
    assert!(!told.contains("BREW") && !told.contains("OKORONTA"), "{told}");
    assert!(told.contains("method=\"other\""), "{told}");
    for figure in [
        "greencap_database_up 1",
        "greencap_messages_waiting 0",
        "greencap_jobs_oldest_seconds ",
        "greencap_build_info{version=",
        "greencap_http_requests_total{route=\"/health\",method=\"GET\",status=\"200\"} ",
        "greencap_http_request_seconds_bucket{route=",
    ] {
        assert!(told.contains(figure), "{figure}: {told}");
    }
    assert!(!told.contains("01890000"), "no id stands in the figures: {told}");
    assert!(!get(&site, "/metrics").await.contains("greencap_"), "they are not on the public address");
    server.kill().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
