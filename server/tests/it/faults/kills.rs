//! `kill -9` of Greencap and of PostgreSQL, twenty times at random moments while importing, creating
//! accounts, inviting and sending.
//!
//! The seed is printed; `GREENCAP_FAULT_SEED` repeats a run as far as the machine's timing allows.

use std::collections::HashMap;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::machine::{Machine, Target};
use super::students;

/// Students added in each round.
const STUDENTS: usize = 40;
/// Rounds, each with one kill.
const KILLS: usize = 20;

/// The step to interrupt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KilledStep {
    Import,
    Generate,
    Invite,
    Deliver,
}

impl KilledStep {
    const ALL: [Self; 4] = [Self::Import, Self::Generate, Self::Invite, Self::Deliver];

    fn arguments(self, file: &str) -> Vec<&str> {
        match self {
            Self::Import => vec!["import", "students", file, "--school", "QUILL"],
            Self::Generate => vec!["accounts", "create", "--school", "QUILL", "--roll", "current"],
            Self::Invite | Self::Deliver => {
                vec!["invitations", "send", "--school", "QUILL", "--all-uninvited"]
            }
        }
    }

    /// Counts the rows that the step creates: in each round, all of its students or none.
    fn count(self) -> &'static str {
        match self {
            Self::Import => "SELECT count(*) FROM enrolments",
            Self::Generate => "SELECT count(*) FROM accounts",
            Self::Invite | Self::Deliver => {
                "SELECT count(*) FROM messages m JOIN invitations i ON i.id = m.id JOIN accounts a ON a.id = i.account_id"
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_half_made_lost_or_sent_three_times_when_processes_are_killed() {
    let seed = seed();
    eprintln!("GREENCAP_FAULT_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut machine = Machine::start().await;
    assert!(machine.run(&["schools", "add", "QUILL", "Quillmere School"]).await);
    machine.start_worker();

    // A round without a kill, to measure how long each step takes.
    let mut usual = HashMap::new();
    round(&mut machine, 0, async |machine, step, file| {
        let begun = std::time::Instant::now();
        assert!(machine.run(&step.arguments(file)).await, "{step:?}");
        usual.insert(step as usize, begun.elapsed());
    })
    .await;

    for number in 1..=KILLS {
        let struck = KilledStep::ALL[number % KilledStep::ALL.len()];
        // Three and four have no common factor: in twelve rounds each target meets each step.
        let target = if number % 3 == 0 { Target::Database } else { Target::Process };
        let longest = usual.get(&(struck as usize)).copied().unwrap_or_default();
        let after = longest.mul_f64(random.random_range(0.1..1.0));
        let messages = random.random_range(1..STUDENTS);
        round(&mut machine, number, async |machine, step, file| {
            let arguments = step.arguments(file);
            if step == struck && step == KilledStep::Deliver {
                eprintln!("{number}: {target:?} after {messages} messages");
                machine.interrupt_sending(&arguments, target, messages).await;
            } else if step == struck {
                eprintln!("{number}: {target:?} after {after:?} of {step:?}");
                machine.interrupt(&arguments, target, after).await;
            }
            // Whatever the interrupted command had done, running it again completes it.
            assert!(machine.run(&arguments).await, "{step:?} of round {number}; seed {seed}");
        })
        .await;
    }
    machine.settle().await;

    let all = i64::try_from((KILLS + 1) * STUDENTS).expect("small");
    for (what, sql) in [
        ("students", "SELECT count(DISTINCT admission_number) FROM enrolments WHERE latest"),
        ("people", "SELECT count(*) FROM people"),
        (
            "accounts",
            "SELECT count(DISTINCT person_id) FROM accounts WHERE account_state(id, state) = 'invited'",
        ),
        ("usernames", "SELECT count(*) FROM usernames u JOIN accounts a USING (organisation_id, username)"),
        ("invitations", "SELECT count(DISTINCT account_id) FROM invitations"),
        ("messages", "SELECT count(*) FROM messages"),
        ("sent", "SELECT count(*) FROM messages WHERE state = 'sent'"),
        (
            "invited accounts that say so",
            "SELECT count(*) FROM invitations i JOIN messages m ON m.id = i.id WHERE i.current AND m.state = 'sent'",
        ),
    ] {
        assert_eq!(machine.count(sql).await, all, "{what}; seed {seed}");
    }
    let mut copies = HashMap::<String, usize>::new();
    for mail in machine.mails() {
        *copies.entry(mail.to).or_default() += 1;
    }
    assert_eq!(copies.len(), (KILLS + 1) * STUDENTS, "everyone got their message; seed {seed}");
    let doubled: usize = copies.values().map(|copies| copies - 1).sum();
    eprintln!("{doubled} duplicates after {KILLS} kills");
    assert!(doubled <= KILLS, "{doubled} duplicates after {KILLS} kills; seed {seed}");
}

/// Takes a round's students from a file to an invitation. Each step is complete for all of them before the
/// next.
async fn round(
    machine: &mut Machine,
    number: usize,
    mut perform: impl AsyncFnMut(&mut Machine, KilledStep, &str),
) {
    let file = machine.write(&format!("round-{number}.csv"), &students(number, STUDENTS));
    for step in [KilledStep::Import, KilledStep::Generate, KilledStep::Invite] {
        let before = i64::try_from(number * STUDENTS).expect("small");
        assert_eq!(machine.count(step.count()).await, before, "before {step:?} of round {number}");
        // Inviting is interrupted in two ways: while it queues, and while the queue is sent.
        let performed =
            if step == KilledStep::Invite && number % KilledStep::ALL.len() == KilledStep::Deliver as usize {
                KilledStep::Deliver
            } else {
                step
            };
        perform(machine, performed, &file).await;
        let after = i64::try_from((number + 1) * STUDENTS).expect("small");
        assert_eq!(machine.count(step.count()).await, after, "after {step:?} of round {number}");
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own switch, not configuration")]
fn seed() -> u64 {
    std::env::var("GREENCAP_FAULT_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| rand::rng().random())
}
