//! Where someone goes after signing in.

/// The office for staff, the portal for families; or the page they came for, if it is one of this site and of theirs.
pub(super) fn destination(staff: bool, next: Option<&str>) -> &str {
    let home = if staff { "/" } else { "/portal" };
    match next.filter(|next| is_local(next)) {
        Some(next) if staff || is_everybodys(next) => next,
        _ => home,
    }
}

/// Whether it is a page that everyone signed in has.
fn is_everybodys(path: &str) -> bool {
    path == "/portal" || path.starts_with("/portal/") || path.starts_with("/account/")
}

/// Whether it is a path of this site. Two slashes, or a slash and what browsers read as one, lead to another
/// (OWASP ASVS 5.0, V3.7.2; WHATWG URL, section 4.4).
pub(super) fn is_local(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for away in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(destination(true, Some(away)), "/", "{away:?}");
        }
        assert_eq!(destination(true, Some("/students?roll=current")), "/students?roll=current");
    }

    #[test]
    fn families_go_to_the_portal_whatever_page_of_the_office_they_came_for() {
        assert_eq!(destination(false, Some("/accounts")), "/portal");
        assert_eq!(destination(false, Some("/portal/profile")), "/portal/profile");
        assert_eq!(destination(false, None), "/portal");
    }
}
