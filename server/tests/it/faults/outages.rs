//! What Greencap needs becomes unavailable under a running server, and returns.

use std::time::{Duration, Instant};

use super::machine::Machine;
use super::students;

/// Students with accounts who wait for their invitations.
const STUDENTS: usize = 20;
const INVITE: [&str; 5] = ["invitations", "send", "--school", "QUILL", "--all-uninvited"];

async fn school_with_accounts() -> Machine {
    let mut machine = Machine::start().await;
    let file = machine.write("roll.csv", &students(0, STUDENTS));
    assert!(machine.run(&["schools", "add", "QUILL", "Quillmere School"]).await);
    assert!(machine.run(&["import", "students", &file, "--school", "QUILL"]).await);
    assert!(machine.run(&["accounts", "create", "--school", "QUILL", "--roll", "current"]).await);
    machine.start_worker();
    machine.healthy().await;
    machine
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_database_is_a_clear_answer_and_work_goes_on_when_it_is_back() {
    let mut machine = school_with_accounts().await;
    machine.lose_database();
    for (method, path, words) in [
        ("GET", "/sign-in", "The portal is unavailable"),
        ("GET", "/activate", "The portal is unavailable"),
        ("GET", "/students", "The portal is unavailable"),
        ("POST", "/api/roll/list", "The database cannot be reached right now. Nothing was changed."),
        ("GET", "/health", "The database cannot be reached."),
    ] {
        let asked = Instant::now();
        let answer = machine.visit(method, path).await.expect("the server is still there");
        // One wait for a connection, of five seconds.
        let waited = asked.elapsed();
        assert!(waited < Duration::from_secs(9), "{method} {path}: {waited:?}");
        assert!(answer.starts_with("HTTP/1.1 503"), "{method} {path}: {answer}");
        assert!(answer.to_lowercase().contains("\r\nretry-after: "), "{method} {path}: {answer}");
        assert!(answer.contains(words), "{method} {path}: {answer}");
    }

    machine.bring_database_back().await;
    machine.healthy().await;
    let answer = machine.visit("GET", "/sign-in").await.expect("the server is still there");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(machine.run(&INVITE).await);
    machine.settle().await;
    assert_eq!(machine.mails().len(), STUDENTS, "the worker goes on too");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_wait_for_a_lost_mail_server_say_so_and_go_out_when_it_is_back() {
    let mut machine = school_with_accounts().await;
    let port = machine.lose_mail_server().await;
    assert!(machine.run(&INVITE).await);
    let waiting = "SELECT count(*) FROM messages WHERE state = 'queued' AND error_code = 'unreachable'";
    machine.wait_for_some(waiting).await;
    machine.bring_mail_server_back(port).await;
    machine.settle().await;
    assert_eq!(machine.mails().len(), STUDENTS);
    assert_eq!(
        machine.count("SELECT count(*) FROM messages WHERE state = 'sent' AND error_code IS NULL").await,
        20
    );
}
