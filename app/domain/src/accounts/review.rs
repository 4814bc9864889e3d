//! Usernames that a person should look at before anyone is given them.

use super::plan::Review;
use super::username::Username;

/// Names that mail and web systems keep for themselves: the mailbox names of RFC 2142, those that Unix and web servers
/// run under, and those that a message could pretend to come from.
const RESERVED: &[&str] = &[
    // RFC 2142, sections 3 to 7.
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
    // Of operating systems and servers.
    "root",
    "admin",
    "administrator",
    "daemon",
    "nobody",
    "operator",
    "system",
    "sysadmin",
    "guest",
    "anonymous",
    "localhost",
    "mail",
    "mailer-daemon",
    "autoconfig",
    "autodiscover",
    "null",
    "undefined",
    "test",
    "api",
    "imap",
    "pop",
    "smtp",
    // Of schools and of Greencap.
    "greencap",
    "head",
    "headteacher",
    "principal",
    "office",
    "school",
    "staff",
    "teacher",
    "student",
    "students",
    "parent",
    "parents",
    "guardian",
    "helpdesk",
    "help",
    "it",
    "all",
    "everyone",
    "noreply",
    "no-reply",
    "safeguarding",
];

/// Words that offend at either end of what a username spells when its signs are left out.
const AT_EITHER_END: &[&str] = &[
    "fuck", "cunt", "nigger", "nigga", "faggot", "wanker", "whore", "bastard", "bollock", "bitch", "asshole",
    "arsehole", "rapist", "pedo", "paedo", "hitler", "retard", "tranny", "penis", "vagina",
];

/// Words that offend at the beginning alone: names such as Akshit and Rajawat end with them.
const AT_THE_BEGINNING: &[&str] = &["shit", "slut", "twat"];

/// Words too short for that, since many names begin or end with them: they offend when they are all that a username
/// or one of its parts spells.
const WHOLE: &[&str] = &[
    "anal", "anus", "arse", "ass", "balls", "boob", "boobs", "bum", "chink", "cock", "coon", "crap", "cum",
    "dick", "dyke", "fag", "fart", "gook", "homo", "kike", "kkk", "nazi", "nonce", "paki", "piss", "poo",
    "poof", "porn", "prick", "pussy", "rape", "satan", "sex", "sexy", "spaz", "spic", "tit", "tits", "turd",
    "wank", "wog", "xxx",
];

/// An initial and a name that begin like a word of [`AT_THE_BEGINNING`] and are none: S. Hitchcock, S. Hitchens.
const HARMLESS: &[&str] = &["shitch"];

/// Why a username should be looked at, if it should.
pub fn of(username: &Username) -> Option<Review> {
    let text = username.as_str();
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '_'));
    if RESERVED.contains(&bare) || RESERVED.contains(&text) {
        return Some(Review::Reserved);
    }
    let joined: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let parts = text.split(|c: char| !c.is_ascii_alphabetic());
    let whole = parts.chain([joined.as_str()]).any(|part| WHOLE.contains(&part));
    let harmless = HARMLESS.iter().any(|beginning| joined.starts_with(beginning));
    let begins = |word: &&str| joined.starts_with(*word) && !harmless;
    let at_an_end = AT_EITHER_END.iter().any(|word| begins(word) || joined.ends_with(word))
        || AT_THE_BEGINNING.iter().any(begins);
    (whole || at_an_end).then_some(Review::Offensive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Option<Review> {
        of(&text.parse().unwrap())
    }

    #[test]
    fn names_of_systems_are_held_back_also_with_a_number() {
        for text in ["admin", "postmaster", "root2", "no-reply"] {
            assert_eq!(judged(text), Some(Review::Reserved), "{text}");
        }
        assert_eq!(judged("a.adminson"), None);
    }

    #[test]
    fn words_are_found_across_the_sign_between_initial_and_name() {
        for text in ["f.uckley", "a.nal", "c.unt2", "j.cock", "t.its"] {
            assert_eq!(judged(text), Some(Review::Offensive), "{text}");
        }
    }

    #[test]
    fn names_that_only_hold_such_a_word_are_left_alone() {
        for text in [
            "p.scunthorpe",
            "s.hitchcock",
            "a.dickens",
            "r.akshit",
            "m.cockburn",
            "b.assange",
            "t.itsuki",
            "e.essexford",
        ] {
            assert_eq!(judged(text), None, "{text}");
        }
    }
}
