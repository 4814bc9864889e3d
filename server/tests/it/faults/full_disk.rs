//! The disk is full under the embedded database.

use super::machine::Machine;
use super::students;

/// Enough that they need more space than PostgreSQL has reserved.
const STUDENTS: usize = 5_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_named_nothing_is_half_done_and_all_goes_on_once_there_is_room() {
    let Some(mut machine) = Machine::small(192).await else {
        eprintln!("skipped: a small disk can be mounted by root alone");
        return;
    };
    let roll = machine.write("roll.csv", &students(0, STUDENTS));
    let import = ["import", "students", &roll, "--school", "QUILL"];
    assert!(machine.run(&["schools", "add", "QUILL", "Quillmere School"]).await);
    machine.start_worker();
    machine.healthy().await;

    machine.fill_disk();
    let ended = machine.attempt(&import).await;
    assert_eq!(ended.status, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("the database has run out of disk space; nothing was changed"),
        "{}",
        ended.stderr
    );
    machine.empty_disk();

    machine.healthy().await;
    assert_eq!(machine.count("SELECT count(*) FROM people").await, 0);
    assert_eq!(machine.count("SELECT count(*) FROM import_parts").await, 0);
    let all = i64::try_from(STUDENTS).expect("small");
    assert!(machine.run(&import).await, "the same file again");
    assert_eq!(machine.count("SELECT count(*) FROM people").await, all);
    machine.fill_disk();
    let create = ["accounts", "create", "--school", "QUILL", "--roll", "current"];
    let ended = machine.attempt(&create).await;
    assert_eq!(ended.status, Some(1), "{}", ended.stderr);
    machine.empty_disk();
    machine.healthy().await;
    assert_eq!(machine.count("SELECT count(*) FROM accounts").await, 0);
    assert!(machine.run(&create).await, "the same accounts again");
    assert_eq!(machine.count("SELECT count(*) FROM accounts").await, all);
}
