//! Which user runs PostgreSQL: the one who started Greencap, unless that is root.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use super::EmbeddedError;

/// An unprivileged system user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct User {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl User {
    /// The user to run PostgreSQL as; `None` for the current user.
    pub(super) fn to_become() -> Result<Option<Self>, EmbeddedError> {
        // A process's entry in /proc belongs to its effective user (proc(5)).
        let own = fs::metadata("/proc/self").map_err(EmbeddedError::file("/proc/self".as_ref()))?;
        if own.uid() != 0 {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").map_err(EmbeddedError::file("/etc/passwd".as_ref()))?;
        ["greencap", "postgres"]
            .into_iter()
            .find_map(|name| Self::named(&users, name))
            .map(Some)
            .ok_or(EmbeddedError::NoUser)
    }

    /// Finds a user in the text of `/etc/passwd` (passwd(5)).
    fn named(users: &str, name: &str) -> Option<Self> {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next()? != name {
                return None;
            }
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            (uid != 0).then_some(Self { uid, gid })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_the_whole_name_and_root_is_never_taken() {
        let users = "root:x:0:0::/root:/bin/sh\nmypostgres:x:7:7:::\npostgres:x:101:104:PG,,,:/var/lib:/bin/bash\ngreencap:x:0:0:::\n";
        assert_eq!(User::named(users, "postgres"), Some(User { uid: 101, gid: 104 }));
        assert_eq!(User::named(users, "greencap"), None);
        assert_eq!(User::named(users, "nobody"), None);
    }
}
