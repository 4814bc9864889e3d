//! What is wrong with the addresses in the configuration, as far as their text shows. No message repeats an
//! address that may contain a password.

use url::Url;

/// Reads `GREENCAP_BASE_URL`: links are it and a path, and passkeys and cookies belong to its host. The result is what
/// browsers make of it, which names its host as requests do.
pub(super) fn base_url(url: &str) -> Result<String, String> {
    let problem = |remedy: &str| Err(format!("GREENCAP_BASE_URL is \u{201c}{url}\u{201d}: {remedy}"));
    let Ok(parsed) = Url::parse(url) else {
        let has_scheme =
            ["http:", "https:"].iter().any(|scheme| url.trim().to_ascii_lowercase().starts_with(scheme));
        return problem(if has_scheme {
            "use an address such as https://portal.quillmere.example"
        } else {
            "start it with https://"
        });
    };
    if !matches!(parsed.scheme(), "http" | "https") {
        return problem("start it with https://");
    }
    if !parsed.path().chars().all(|c| c == '/') || parsed.query().is_some() || parsed.fragment().is_some() {
        return problem(
            "it has more than a host name and a port. Greencap needs a host name of its own, such as https://portal.quillmere.example",
        );
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return problem("it contains a user name. Remove it");
    }
    Ok(parsed.origin().ascii_serialization())
}

/// Checks `DATABASE_URL` for characters in the user name or password that end the part they are in.
pub(super) fn database_url(url: &str) -> Result<(), String> {
    const FORM: &str = "write postgres://user:password@host/database";
    let Some(rest) = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://")) else {
        return Err(format!("DATABASE_URL is invalid: {FORM}"));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let tail = &rest[authority.len()..];
    // Without an `@` before the first of these, one after it ends the password; in a parameter it follows a `=`.
    let ends_password = tail.split_once('@').is_some_and(|(before, _)| !before.contains('='));
    if !authority.contains('@') && ends_password {
        return Err(format!(
            "DATABASE_URL is invalid: its password seems to contain / ? or #. Encode them: / as %2F, ? as %3F, # as %23; {FORM}"
        ));
    }
    Ok(())
}

/// The remedy for a `DATABASE_URL` that cannot be parsed.
pub const ENCODE: &str = "write postgres://user:password@host/database, and encode special characters in the password: / as %2F, @ as %40, : as %3A, # as %23, ? as %3F, % as %25";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_a_host_name_and_nothing_more() {
        for good in ["https://portal.quillmere.example", "http://localhost:3000", "http://[::1]:3000"] {
            assert_eq!(base_url(good).as_deref(), Ok(good));
        }
        // Requests name the host as browsers do.
        for (typed, meant) in [
            ("https://portal.quillmere.example//", "https://portal.quillmere.example"),
            (" https://portal.quillmere.example/ ", "https://portal.quillmere.example"),
            ("HTTPS://Portal.Quillmere.Example", "https://portal.quillmere.example"),
            ("https://sch\u{fc}le.example", "https://xn--schle-mva.example"),
            ("https://portal.quillmere.example:443", "https://portal.quillmere.example"),
            ("http://0.0.0.0:80", "http://0.0.0.0"),
        ] {
            assert_eq!(base_url(typed).as_deref(), Ok(meant), "{typed}");
        }
        for wrong in [
            "portal.quillmere.example",
            "https://quillmere.example/portal",
            "https://quillmere.example?x=1",
            "https://quillmere.example#x",
            "https://me@quillmere.example",
            "https://",
            "ftp://quillmere.example",
            "quillmere.example:3000",
        ] {
            assert!(base_url(wrong).is_err_and(|problem| problem.contains("GREENCAP_BASE_URL")), "{wrong}");
        }
    }

    #[test]
    fn a_slash_in_a_password_gets_a_remedy_and_the_password_is_not_repeated() {
        for wrong in [
            "postgres://green:pa/ss@db.example/greencap",
            "postgres://green:12/ab@db.example/greencap",
            "postgresql://green:pa?ss@db.example/greencap",
            "postgres://green:pa#ss@db.example/greencap",
        ] {
            let problem = database_url(wrong).unwrap_err();
            assert!(
                problem.contains("%2F") && !problem.contains("ss@") && !problem.contains("ab@"),
                "{problem}"
            );
        }
        for good in [
            "postgres://green:pa%2Fss@db.example/greencap",
            "postgres://green@db.example/greencap",
            "postgres://localhost/greencap",
            "postgres:///greencap?host=/run/postgresql",
            "postgres://green:p@ss@db.example/greencap?application_name=a@b",
            "postgres://postgres@localhost/postgres?host=/tmp/x",
            "postgres://given",
        ] {
            assert_eq!(database_url(good), Ok(()), "{good}");
        }
        assert!(database_url("mysql://x").is_err());
    }
}
