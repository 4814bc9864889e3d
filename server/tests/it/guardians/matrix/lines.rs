//! The lines of the matrix. A form is sent empty, so that nobody changes anything.

use axum::http::Method;

use super::{Line, Page};

/// Pages of a child, or of their contact, for whom seeing the roll is enough.
const ROLL: [Line; 3] = [
    [303, 403, 403, 200, 200, 200, 404, 200],
    [303, 403, 403, 200, 200, 200, 404, 200],
    [303, 403, 403, 200, 200, 200, 404, 403],
];

/// The form of those who record restrictions.
const RESTRICT: [Line; 3] = [
    [303, 403, 403, 403, 403, 200, 404, 200],
    [303, 403, 403, 403, 403, 200, 404, 200],
    [303, 403, 403, 403, 403, 200, 404, 403],
];

/// The same, sent empty.
const RESTRICT_FORM: [Line; 3] = [
    [401, 403, 403, 403, 403, 200, 404, 200],
    [401, 403, 403, 403, 403, 200, 404, 200],
    [401, 403, 403, 403, 403, 200, 404, 403],
];

/// What Mara sees of a child: nothing is said of one that is not hers.
const OF_MARA: [Line; 3] = [
    [303, 403, 403, 403, 403, 200, 404, 200],
    [303, 403, 403, 403, 403, 404, 404, 404],
    [303, 403, 403, 403, 403, 200, 404, 404],
];

/// Lists for whom seeing the roll is enough.
const LISTS: [Line; 3] = [[303, 403, 403, 200, 200, 200, 200, 200]; 3];

/// Pages of the office about nobody in particular.
const OFFICE: [Line; 3] = [[303, 403, 403, 403, 403, 200, 200, 200]; 3];

/// Their forms, sent empty: something is missing, or there is nobody to do it for.
const OFFICE_FORM: [Line; 3] = [[401, 403, 403, 403, 403, 200, 200, 200]; 3];

/// Choosing among guardians, for whom seeing accounts is enough.
const BULK: [Line; 3] = [[401, 403, 403, 200, 200, 200, 200, 200]; 3];

/// Signing an adult out everywhere. Mara is asked about first.
const SIGNED_OUT: [Line; 3] = [
    [401, 403, 403, 403, 403, 303, 404, 303],
    [401, 403, 401, 403, 403, 303, 404, 303],
    [401, 403, 401, 403, 403, 303, 404, 303],
];

/// A form without fields.
const SEARCH: [Line; 3] = [[401, 403, 403, 403, 403, 303, 303, 303]; 3];

/// For administrators, of whom nobody is here.
const ADMINISTRATOR: [Line; 3] = [[303, 403, 403, 403, 403, 403, 403, 403]; 3];

/// The same, sent.
const ADMINISTRATOR_FORM: [Line; 3] = [[401, 403, 403, 403, 403, 403, 403, 403]; 3];

/// An adult’s record.
const ADULT: [Line; 3] = [[303, 403, 403, 200, 200, 200, 404, 200]; 3];

/// Pages that change an adult.
const ADULT_CHANGED: [Line; 3] = [[303, 403, 403, 403, 403, 200, 404, 200]; 3];

/// Their forms, sent empty.
const ADULT_FORM: [Line; 3] = [[401, 403, 403, 403, 403, 200, 404, 200]; 3];

/// A form that may be empty.
const ADULT_EMPTIED: [Line; 3] = [[401, 403, 403, 403, 403, 303, 404, 303]; 3];

/// The preview of an adult: Piotr has no account.
const PREVIEW: [Line; 3] = [
    [303, 403, 403, 403, 200, 200, 404, 200],
    [303, 403, 403, 403, 404, 404, 404, 404],
    [303, 403, 403, 403, 200, 200, 404, 200],
];

/// The same, without a reason.
const PREVIEW_FORM: [Line; 3] = [
    [401, 403, 403, 403, 200, 200, 404, 200],
    [401, 403, 403, 403, 404, 404, 404, 404],
    [401, 403, 403, 403, 200, 200, 404, 200],
];

/// The days of an adult's account: Piotr has none.
const DAYS: [Line; 3] = [
    [303, 403, 403, 403, 403, 200, 404, 200],
    [303, 403, 403, 403, 403, 404, 404, 404],
    [303, 403, 403, 403, 403, 200, 404, 200],
];

/// The same, sent empty: no limit, as before.
const DAYS_FORM: [Line; 3] = [
    [401, 403, 403, 403, 403, 303, 404, 303],
    [401, 403, 403, 403, 403, 404, 404, 404],
    [401, 403, 403, 403, 403, 303, 404, 303],
];

/// Inviting an adult: Piotr has no account.
const INVITATION: [Line; 3] = [
    [401, 403, 403, 403, 403, 200, 404, 200],
    [401, 403, 403, 403, 403, 404, 404, 404],
    [401, 403, 403, 403, 403, 200, 404, 200],
];

/// Pages of the office about an id of nothing.
const NOTHING: [Line; 3] = [[303, 403, 403, 403, 403, 404, 404, 404]; 3];

/// Forms of the office about an id of nothing.
const NOTHING_FORM: [Line; 3] = [[401, 403, 403, 403, 403, 404, 404, 404]; 3];

/// Forms of the office that cannot be read when they are empty.
const UNREADABLE: [Line; 3] = [[401, 403, 403, 403, 403, 422, 422, 422]; 3];

/// A child’s page in the portal: only Mara sees Ben.
const CHILD: [Line; 3] = [
    [303, 404, 200, 404, 404, 404, 404, 404],
    [303, 404, 404, 404, 404, 404, 404, 404],
    [303, 404, 404, 404, 404, 404, 404, 404],
];

/// The same, where a student is led to a page about themselves.
const SIGHT: [Line; 3] = [
    [303, 303, 200, 404, 404, 404, 404, 404],
    [303, 404, 404, 404, 404, 404, 404, 404],
    [303, 404, 404, 404, 404, 404, 404, 404],
];

/// A child whom nobody here sees.
const STRANGER: [Line; 3] = [[401, 404, 404, 404, 404, 404, 404, 404]; 3];

/// A page of everybody’s own portal.
const OWN: [Line; 3] = [[303, 200, 200, 200, 200, 200, 200, 200]; 3];

/// Choosing before coming of age.
const NOT_OF_AGE: [Line; 3] = [[401, 409, 409, 409, 409, 409, 409, 409]; 3];

/// Pages with nothing to ask: they lead on.
const LED_ON: [Line; 3] = [[303, 303, 303, 303, 303, 303, 303, 303]; 3];

/// The same, sent.
const LED_ON_FORM: [Line; 3] = [[401, 303, 303, 303, 303, 303, 303, 303]; 3];

/// A link about two people who have nothing to do with each other.
const NO_PAIR: [Line; 3] = [[404, 404, 404, 404, 404, 404, 404, 404]; 3];

/// The forms of a contact whom nobody has.
const UNKNOWN_CONTACT: [Line; 3] = [[401, 403, 403, 404, 404, 404, 404, 404]; 3];

/// Every route about guardians.
pub fn lines() -> Vec<Page> {
    let get = |path, lines| Page(Method::GET, path, lines);
    let post = |path, lines| Page(Method::POST, path, lines);
    vec![
        get("/students/{child}/access", ROLL),
        get("/students/{child}/access/restrict", RESTRICT),
        get("/students/{child}/access/change", NOTHING),
        get("/guardians/{mara}/access?child={child}", OF_MARA),
        get("/guardians/tasks", OFFICE),
        get("/settings/guardian-access", ADMINISTRATOR),
        get("/settings/guardian-usernames", ADMINISTRATOR),
        get("/guardians/missing", LISTS),
        get("/guardians", LISTS),
        get("/guardians/new", OFFICE),
        get("/guardians/{adult}", ADULT),
        get("/guardians/{adult}/modify", ADULT_CHANGED),
        get("/guardians/{adult}/split", ADULT_CHANGED),
        get("/guardians/{adult}/days", DAYS),
        post("/guardians/{adult}/days", DAYS_FORM),
        get("/guardians/{adult}/preview", PREVIEW),
        get("/guardians/{adult}/preview/{preview}", PREVIEW),
        get("/guardians/{adult}/preview/{preview}/children/{child}", PREVIEW),
        get("/guardians/contacts/{contact}", ROLL),
        get("/guardians/contacts/{contact}/account", ROLL),
        get("/guardians/autocreate", OFFICE),
        get("/guardians/autocreate/{run}", NOTHING),
        get("/guardians/duplicates", OFFICE),
        get("/guardians/duplicates/{pair}/merge", NOTHING),
        get("/guardians/duplicates/merges", OFFICE),
        get("/guardians/duplicates/merges/{merge}/undo", NOTHING),
        get("/portal/access", OWN),
        get("/portal/are-these-yours", LED_ON),
        get("/portal/not-mine", LED_ON),
        get("/portal/children/{child}", CHILD),
        get("/portal/children/{child}/access", SIGHT),
        get("/portal/children/{child}/not-mine", CHILD),
        get("/not-mine/{token}", NO_PAIR),
        get("/activate/children", LED_ON),
        post("/students/{child}/access/restrict", RESTRICT_FORM),
        post("/students/{child}/access/review", NOTHING_FORM),
        post("/students/{child}/access/change", NOTHING_FORM),
        post("/students/{child}/access/lift", NOTHING_FORM),
        post("/guardians/{mara}/access", NOTHING_FORM),
        post("/guardians/{mara}/access/restore", NOTHING_FORM),
        post("/guardians/tasks", NOTHING_FORM),
        post("/settings/guardian-access", ADMINISTRATOR_FORM),
        post("/settings/guardian-usernames", ADMINISTRATOR_FORM),
        post("/guardians/missing/invite", OFFICE_FORM),
        post("/guardians/missing/export", OFFICE_FORM),
        post("/guardians/missing/autocreate", OFFICE_FORM),
        post("/guardians/missing/enable", OFFICE_FORM),
        post("/guardians/missing/print", OFFICE_FORM),
        post("/guardians/missing/fill-in", OFFICE_FORM),
        post("/guardians/bulk", BULK),
        post("/guardians/bulk/invitations", OFFICE_FORM),
        post("/guardians/bulk/create", OFFICE_FORM),
        post("/guardians/bulk/accounts", OFFICE_FORM),
        post("/guardians/bulk/export", OFFICE_FORM),
        post("/guardians/new", OFFICE_FORM),
        post("/guardians/{adult}/account", ADULT_FORM),
        post("/guardians/{adult}/invitation", INVITATION),
        post("/guardians/{adult}/state", UNREADABLE),
        post("/guardians/{adult}/code", UNREADABLE),
        post("/guardians/{adult}/old-username", ADULT_FORM),
        post("/guardians/{adult}/addresses", UNREADABLE),
        post("/guardians/{adult}/addresses/{address}", UNREADABLE),
        post("/guardians/{adult}/postal", ADULT_EMPTIED),
        post("/guardians/{adult}/factors", INVITATION),
        post("/guardians/{adult}/identities", INVITATION),
        post("/guardians/{adult}/details", ADULT_FORM),
        post("/guardians/{adult}/attach", ADULT_FORM),
        post("/guardians/{adult}/split", ADULT_FORM),
        post("/guardians/{adult}/preview", PREVIEW_FORM),
        post("/guardians/contacts/{nothing}", UNKNOWN_CONTACT),
        post("/guardians/contacts/{nothing}/account", UNKNOWN_CONTACT),
        post("/guardians/contacts/{nothing}/end", NOTHING_FORM),
        post("/guardians/contacts/{nothing}/again", NOTHING_FORM),
        post("/guardians/autocreate", UNREADABLE),
        post("/guardians/autocreate/{run}/again", NOTHING_FORM),
        post("/guardians/autocreate/{run}/include", UNREADABLE),
        post("/guardians/autocreate/{run}/create", UNREADABLE),
        post("/guardians/autocreate/{run}/undo", NOTHING_FORM),
        post("/guardians/autocreate/{run}/end-access", NOTHING_FORM),
        post("/guardians/autocreate/{run}/download", UNREADABLE),
        post("/guardians/duplicates/search", SEARCH),
        post("/guardians/duplicates/{pair}/answer", UNREADABLE),
        post("/guardians/duplicates/{pair}/merge/run", NOTHING_FORM),
        post("/guardians/duplicates/merges/{merge}/undo", NOTHING_FORM),
        post("/portal/access", NOT_OF_AGE),
        post("/portal/are-these-yours", LED_ON_FORM),
        post("/portal/children/{stranger}/access", STRANGER),
        post("/portal/children/{stranger}/not-mine", STRANGER),
        post("/not-mine/{token}", NO_PAIR),
        post("/activate/children", LED_ON),
        // The last: Mara has to sign in again after it.
        post("/guardians/{adult}/sessions", SIGNED_OUT),
    ]
}
