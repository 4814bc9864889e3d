//! Many concurrent sign-ins and many concurrent pages, on a separate server: memory is bounded, nobody else
//! waits, no response breaks off.

use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backend::imports::simulate::simulate;
use backend::imports::stage::stage;
use backend::testing::{active_account, staff_role, student};
use domain::authorization::role::Role;
use domain::imports::kind::KindSlug;
use domain::roll::import::STUDENTS;
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use sqlx::{ConnectOptions as _, PgPool};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::scene::{PASSWORD, Scene};

/// How many people sign in at the same moment.
const CROWD: usize = 200;
/// How many office pages are requested at a time.
const AT_A_TIME: usize = 30;
/// Database connections: more than concurrent requests, because a page that waits too long for one is told to
/// try again, and how long it waits depends on the machine.
const POOL: usize = 2 * AT_A_TIME;

/// A running server, on its own port.
struct Server {
    child: Child,
    port: u16,
    site: std::path::PathBuf,
}

impl Server {
    async fn start(pool: &PgPool) -> Self {
        let probe = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = probe.local_addr().unwrap().port();
        drop(probe);
        let site = std::env::temp_dir().join(format!("greencap-crowd-{port}"));
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        std::fs::write(site.join("pkg/greencap.css"), "").unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_greencap"))
            .args(["serve", "--no-worker"])
            .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str())
            .env("GREENCAP_PEPPER", "0f".repeat(32))
            .env("GREENCAP_LISTEN", format!("127.0.0.1:{port}"))
            .env("GREENCAP_SITE", &site)
            .env("GREENCAP_POOL", POOL.to_string())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut server = Self { child, port, site };
        for _ in 0..1200 {
            if ask(port, "GET /health HTTP/1.1\r\n", "").await == Some(200) {
                return server;
            }
            assert_eq!(server.child.try_wait().unwrap(), None, "the server ended at its start");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not start");
    }

    /// Stops it, so that nobody uses the test's database any more.
    async fn stop(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Its peak memory so far, in KiB (proc(5), `VmHWM`).
    fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Files left in the temporary folder do no harm.
        let _ = std::fs::remove_dir_all(&self.site);
    }
}

/// The status of the response, if there was one.
async fn ask(port: u16, head: &str, body: &str) -> Option<u16> {
    status(&answer(port, head, body).await?)
}

fn status(answer: &str) -> Option<u16> {
    answer.split(' ').nth(1)?.parse().ok()
}

/// Sends a request and reads the whole response.
async fn answer(port: u16, head: &str, body: &str) -> Option<String> {
    read(send(port, head, body).await?).await
}

/// Sends a request without reading the response.
async fn send(port: u16, head: &str, body: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let length = body.len();
    let request = format!(
        "{head}Host: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    Some(stream)
}

async fn read(mut stream: TcpStream) -> Option<String> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn two_hundred_sign_ins_at_once_keep_memory_bounded_and_health_quick(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let server = Server::start(scene.backend.database.raw()).await;
    let port = server.port;
    let before = server.peak_memory();
    let asked = join_all((0..CROWD).map(|n| async move {
        // Each with a different name, so that only the limit on hashes applies.
        let name = if n == 0 { "a.okoronta".to_owned() } else { format!("someone.{n}") };
        let form = format!("name={name}&password={}", PASSWORD.replace(' ', "+"));
        send(port, "POST /sign-in HTTP/1.1\r\n", &form).await
    }))
    .await;
    // All have asked. On every machine their hashes take longer than a database query, and if there are
    // enough cores for all of them at once, the refusals still wait for constant time.
    let answered = Arc::new(AtomicUsize::new(0));
    let mut crowd = JoinSet::new();
    for stream in asked {
        let answered = answered.clone();
        crowd.spawn(async move {
            let answer = read(stream?).await;
            answered.fetch_add(1, Ordering::Relaxed);
            status(&answer?)
        });
    }
    assert_eq!(ask(port, "GET /health HTTP/1.1\r\n", "").await, Some(200));
    assert!(answered.load(Ordering::Relaxed) < CROWD, "health answers while the crowd is there");
    let statuses = crowd.join_all().await;
    // Answered, or told to try again.
    assert!(statuses.iter().all(|status| matches!(status, Some(200 | 303 | 503))), "{statuses:?}");
    assert!(statuses.iter().any(|status| matches!(status, Some(200 | 303))));
    // A hash takes 19 MiB; there is one per core at a time, and the rest of the crowd takes little.
    let cores = std::thread::available_parallelism().unwrap().get() as u64;
    let grown = server.peak_memory() - before;
    assert!(grown < (cores * 19 + 100) * 1024, "{grown} KiB for {cores} hashes at a time");
    server.stop().await;
}

/// The page of an import that was checked and is not imported yet.
async fn planned_import(scene: &Scene) -> String {
    let actor = scene.school.actor(&scene.backend, Role::AccountManager);
    let (kind, file) = (KindSlug::from(&STUDENTS), "Adm No,Forename,Surname\n7001,Ida,Falk\n".into());
    let staged = stage(&scene.backend, &actor, &kind, scene.school.school, "roll.csv", file).await.unwrap();
    simulate(&scene.backend, &actor, staged.id).await.unwrap();
    format!("/imports/{}", staged.id)
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn pages_of_the_office_asked_for_at_once_come_whole(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let clerk = student(&scene.backend, &scene.school, "Ines", "Marchetti", "2", None).await;
    active_account(&scene.backend, &scene.school, clerk, "i.marchetti", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, clerk, Role::AccountManager).await;
    let import = planned_import(&scene).await;
    let server = Server::start(scene.backend.database.raw()).await;
    let port = server.port;
    let form = format!("name=i.marchetti&password={}", PASSWORD.replace(' ', "+"));
    let entered = answer(port, "POST /sign-in HTTP/1.1\r\n", &form).await.unwrap();
    let cookie = entered
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: greencap=")?.split(';').next())
        .unwrap_or_else(|| panic!("{entered}"));
    let record = format!("/students/{clerk}");
    let pages = [
        &*record,
        "/accounts",
        "/students",
        "/accounts/new",
        "/accounts/paste?new=7A",
        "/accounts/batches",
        "/imports",
        &*import,
    ];
    let asked = futures_util::stream::iter((0..280).map(|n| {
        let head = format!("GET {} HTTP/1.1\r\nCookie: greencap={cookie}\r\n", pages[n % pages.len()]);
        async move { answer(port, &head, "").await.unwrap() }
    }));
    // Enough for every thread.
    let answers: Vec<String> = asked.buffer_unordered(AT_A_TIME).collect().await;
    for page in answers {
        // A streamed page ends with its root element; a view that two threads render at once breaks off
        // earlier.
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("<h1"), "{page}");
        assert!(page.contains("</html>") && page.trim_end().ends_with('0'), "{page}");
    }
    server.stop().await;
}
