//! Whether someone can sign in, and if not, why.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use domain::credentials::invited::CurrentInvitation;
use domain::credentials::state::AccountState;
use domain::credentials::status::InvitationEnd;
use domain::factors::FactorsView;
use domain::ids::OrganisationId;
use domain::messages::delivery::DeliveryState;
use domain::messages::failure::DeliveryFailure;
use domain::record::help::{HelpFact, SignInHelp, SignInRemedy};
use domain::roll::address::AddressKind;
use domain::roll::views::{AddressView, RollAccount};
use domain::single_sign_on::LinkedIdentity;
use domain::when::{moment, short_day};
use sqlx::PgConnection;

use crate::credentials::factors::of_account;
use crate::credentials::limits;
use crate::credentials::limits::NAME;
use crate::credentials::resting::LINKS_REST;
use crate::factors::check::attempt as factor_attempt;
use crate::roll::invited::{current_invitation, told};
use crate::sign_in::sign_in::{ATTEMPTS, limit_of};
use crate::single_sign_on::own::linked;
use crate::{Backend, Result};

/// The person, and the context for the answer.
pub(super) struct HelpContext<'a> {
    pub(super) organisation: OrganisationId,
    pub(super) account: &'a RollAccount,
    pub(super) addresses: &'a [AddressView],
    /// Whether they have left every school they were at.
    pub(super) has_left: bool,
    pub(super) zone: Tz,
    pub(super) today: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct SignInStandingRow {
    failed_attempts: i32,
    code_until: Option<DateTime<Utc>>,
    card_until: Option<DateTime<Utc>>,
    card_pile: Option<i32>,
    address_until: Option<DateTime<Utc>>,
    password_is_off: bool,
    email_moved_at: Option<DateTime<Utc>>,
    office_only: bool,
}

#[derive(sqlx::FromRow)]
struct HelpInvitationRow {
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    is_card: bool,
    pile: Option<i32>,
    delivery: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    error_code: Option<String>,
}

/// What affects a person's sign-in, as stored.
pub(super) struct SignInFacts {
    standing: SignInStandingRow,
    invitations: Vec<HelpInvitationRow>,
    current: Option<CurrentInvitation>,
    factors: FactorsView,
    identities: Vec<LinkedIdentity>,
}

/// Loads it.
pub(super) async fn look_up(
    backend: &Backend,
    connection: &mut PgConnection,
    of: &HelpContext<'_>,
) -> Result<SignInFacts> {
    let now = backend.now();
    let standing: SignInStandingRow = sqlx::query_as(
        "SELECT a.failed_attempts,
                (SELECT max(r.expires_at) FROM password_resets r
                 WHERE r.organisation_id = $1 AND r.account_id = a.id AND r.kind = 'code' AND r.used_at IS NULL
                   AND r.revoked_at IS NULL AND r.expires_at > $3) AS code_until,
                card.expires_at AS card_until, card.number AS card_pile,
                (SELECT max(c.expires_at) FROM address_changes c
                 WHERE c.organisation_id = $1 AND c.account_id = a.id AND c.confirmed_at IS NULL
                   AND c.expires_at > $3) AS address_until,
                password_is_off(a.organisation_id, a.person_id, $3) AS password_is_off,
                a.email_moved_at, a.office_only_since IS NOT NULL AS office_only
         FROM accounts a
         LEFT JOIN LATERAL (
             SELECT r.expires_at, pile.number FROM password_resets r
             LEFT JOIN print_runs pile ON pile.organisation_id = $1 AND pile.id = r.run_id
             WHERE r.organisation_id = $1 AND r.account_id = a.id AND r.kind = 'card' AND r.used_at IS NULL
               AND r.revoked_at IS NULL AND r.expires_at > $3
             ORDER BY r.expires_at DESC LIMIT 1) card ON true
         WHERE a.organisation_id = $1 AND a.id = $2",
    )
    .bind(of.organisation.0)
    .bind(of.account.id.0)
    .bind(now)
    .fetch_one(&mut *connection)
    .await?;
    let invitations: Vec<HelpInvitationRow> = sqlx::query_as(
        "SELECT i.created_at, i.expires_at, i.run_id IS NOT NULL AS is_card, pile.number AS pile,
                d.state AS delivery, d.sent_at, d.error_code
         FROM invitations i
         LEFT JOIN print_runs pile ON pile.organisation_id = $1 AND pile.id = i.run_id
         LEFT JOIN messages d ON d.organisation_id = i.organisation_id AND d.id = i.id
         WHERE i.organisation_id = $1 AND i.account_id = $2 AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $3
         ORDER BY i.created_at DESC",
    )
    .bind(of.organisation.0)
    .bind(of.account.id.0)
    .bind(now)
    .fetch_all(&mut *connection)
    .await?;
    let current = current_invitation(connection, of.organisation, of.account.id, now).await?;
    let factors = of_account(connection, of.organisation, of.account.id).await?;
    let identities = linked(backend, connection, of.organisation, of.account.id, of.zone).await?;
    Ok(SignInFacts { standing, invitations, current, factors, identities })
}

/// Builds the panel "Sign-in help" of a record. Counts attempts for all organisations together, on a separate
/// connection, so the caller must not hold one.
pub(super) async fn help(backend: &Backend, of: &HelpContext<'_>, facts: SignInFacts) -> Result<SignInHelp> {
    let SignInFacts { standing, invitations, current, factors, identities } = facts;
    let email = of.addresses.iter().find(|address| address.primary && address.kind == AddressKind::Email);
    // By each name, and by all of them together.
    let names = std::iter::once(of.account.username.to_lowercase())
        .chain(email.map(|email| email.value.to_lowercase()));
    let tries: Vec<_> =
        names.map(|name| NAME.of(backend, name)).chain([limit_of(backend, of.account.id)]).collect();
    let slowed = limits::slowed_until(backend, &tries).await?;
    let factor_slowed = limits::slowed_until(backend, &factor_attempt(backend, of.account.id)).await?;
    let state = of.account.standing.state;
    let (can, verdict, remedy) = verdict(of, email.is_some(), current.as_ref());
    // A code replaces a password, which this school does not use.
    let remedy = remedy.filter(|remedy| *remedy != SignInRemedy::Code || !standing.password_is_off);
    let mut facts = vec![HelpFact::new(
        "Last sign-in",
        of.account.last_sign_in_at.map_or_else(|| "Never".to_owned(), |at| of.when(at)),
    )];
    facts.extend(wrong_passwords(state, standing.failed_attempts));
    facts.extend(slowed.map(|until| {
        let tells = format!("Too many attempts in new browsers. They can try again from {}, or use a browser they have signed in with before", of.when(until));
        HelpFact::new("Slowed", tells)
    }));
    facts.push(second_factors(&factors));
    facts.extend(factor_slowed.map(|until| {
        let tells = format!("Too many wrong codes. They can try again from {}", of.when(until));
        HelpFact::new("Second factor slowed", tells)
    }));
    facts.extend(single_sign_on(&identities, standing.password_is_off));
    facts.extend(email.filter(|email| email.shared_with > 0).map(shared));
    facts.extend(standing.address_until.map(|until| {
        let tells =
            format!("Requested, not confirmed yet. The link sent to it works until {}", of.when(until));
        HelpFact::new("New email address", tells)
    }));
    let rests =
        standing.email_moved_at.map(|moved| moved + LINKS_REST).filter(|until| backend.now() < *until);
    facts.extend(rests.map(|until| {
        let tells = format!("Staff changed the email address, so no link to a new password goes to it until {}. A one-time code works", of.when(until));
        HelpFact::new("Password links", tells).helped_by(Some(SignInRemedy::Code))
    }));
    facts.extend(standing.office_only.then(|| {
        let tells = "Someone undid a change of email address, which removed the second factor. Only a one-time code opens the account. Make sure who you give it to";
        HelpFact::new("Office only", tells).helped_by(Some(SignInRemedy::Code))
    }));
    facts.extend(
        standing
            .code_until
            .map(|until| HelpFact::new("One-time code", format!("Works until {}", of.when(until)))),
    );
    facts.extend(standing.card_until.map(|until| {
        let tells = format!("Expires {}{}", of.end(until), of_pile(standing.card_pile));
        HelpFact::new(CARD, tells)
    }));
    facts.extend(invitations.iter().map(|invitation| invitation.fact(of)));
    Ok(SignInHelp { can, verdict, remedy, facts })
}

impl HelpContext<'_> {
    fn when(&self, at: DateTime<Utc>) -> String {
        moment(at.with_timezone(&self.zone).naive_local(), self.today)
    }

    /// When something expires, as its message says it: usually at the end of a day.
    fn end(&self, at: DateTime<Utc>) -> String {
        let at = at.with_timezone(&self.zone).naive_local();
        match at.date().pred_opt().filter(|_| at.time() == NaiveTime::MIN) {
            Some(last_day) => format!("at the end of {}", short_day(&last_day, self.today.year())),
            None => moment(at, self.today),
        }
    }
}

/// Whether someone can sign in, the reason if not, and what helps.
fn verdict(
    of: &HelpContext<'_>,
    has_email: bool,
    current: Option<&CurrentInvitation>,
) -> (bool, String, Option<SignInRemedy>) {
    let state = of.account.standing.state;
    if of.has_left && !matches!(state, AccountState::Suspended | AccountState::Closed) {
        return left(of, state, current);
    }
    let invite = Some(if has_email { SignInRemedy::Invite } else { SignInRemedy::AddAddress });
    let (can, why, remedy) = match of.account.standing.state {
        AccountState::Active => (true, "Can sign in.", Some(SignInRemedy::Code)),
        AccountState::Created if has_email => (false, "Cannot sign in: not invited yet.", invite),
        AccountState::Created => (
            false,
            "Cannot sign in: not invited yet, and there is no email address to send an invitation to.",
            invite,
        ),
        AccountState::Invited => match (current, of.account.standing.invitation_end) {
            (Some(current), _) => return invited(of, current, has_email),
            (None, Some(InvitationEnd::Address)) => (
                false,
                "Cannot sign in: the address was corrected, so the invitation sent to the old one no longer works.",
                invite,
            ),
            (None, Some(InvitationEnd::Staff)) => {
                (false, "Cannot sign in: the invitation was cancelled.", invite)
            }
            (None, None) => (false, "Cannot sign in: the invitation expired before it was used.", invite),
        },
        AccountState::Locked => (
            false,
            "Locked after too many wrong passwords. They can still sign in with a browser they have used before.",
            Some(SignInRemedy::Unlock),
        ),
        AccountState::Suspended => {
            (false, "Cannot sign in: staff disabled the account.", Some(SignInRemedy::Enable))
        }
        AccountState::Closed => {
            (false, "Cannot sign in: the account is closed. Choose the grey cap to re-open it.", None)
        }
    };
    (can, why.to_owned(), remedy)
}

/// Someone who has left, and whose account is open: it is closed next, whatever else would help.
fn left(
    of: &HelpContext<'_>,
    state: AccountState,
    current: Option<&CurrentInvitation>,
) -> (bool, String, Option<SignInRemedy>) {
    let (can, why) = match state {
        AccountState::Active => (true, "Can sign in, although they have left the school.".to_owned()),
        AccountState::Locked => {
            (false, "Locked after too many wrong passwords. They have left the school.".to_owned())
        }
        _ => {
            let became = current.map(|current| format!(" {}", told(current, of.zone, of.today)));
            let why = "Cannot sign in yet. They have left the school, and the account is still open.";
            (false, format!("{why}{}", became.unwrap_or_default()))
        }
    };
    (can, why, Some(SignInRemedy::Close))
}

/// Someone with an invitation that works: what became of it, and whether another can be sent. Not while one is on its
/// way.
fn invited(
    of: &HelpContext<'_>,
    current: &CurrentInvitation,
    has_email: bool,
) -> (bool, String, Option<SignInRemedy>) {
    let became = told(current, of.zone, of.today);
    let why = if current.was_sent() {
        format!("Cannot sign in yet: no password chosen. {became}")
    } else {
        format!("Cannot sign in yet. {became}")
    };
    let remedy = match has_email {
        _ if current.is_on_the_way() => None,
        true if current.was_sent() => Some(SignInRemedy::InviteAgain),
        true => Some(SignInRemedy::Invite),
        false => Some(SignInRemedy::AddAddress),
    };
    (false, why, remedy)
}

fn wrong_passwords(state: AccountState, failed: i32) -> Option<HelpFact> {
    let counts = matches!(state, AccountState::Active | AccountState::Locked);
    counts.then(|| {
        let tells = match failed {
            0 => "None since the last sign-in".to_owned(),
            failed => format!("{failed} since the last sign-in. The account locks after {ATTEMPTS}"),
        };
        HelpFact::new("Wrong passwords", tells)
    })
}

/// Returns `None` if single sign-on plays no part in how they sign in.
fn single_sign_on(identities: &[LinkedIdentity], required: bool) -> Option<HelpFact> {
    let linked: Vec<String> = identities
        .iter()
        .map(|linked| format!("{} on {}", linked.provider, linked.since.format("%-d %B %Y")))
        .collect();
    let tells = match (linked.is_empty(), required) {
        (true, false) => return None,
        (true, true) => "Their school requires single sign-on, and no account is linked yet. Signing in with this email address links it".to_owned(),
        (false, required) => {
            let alone = if required { ". Their school requires single sign-on" } else { "" };
            format!("Linked to {}{alone}", linked.join(", to "))
        }
    };
    let remedy = (!linked.is_empty()).then_some(SignInRemedy::RemoveIdentities);
    Some(HelpFact::new("Single sign-on", tells).helped_by(remedy))
}

fn second_factors(factors: &FactorsView) -> HelpFact {
    let remedy = factors.any().then_some(SignInRemedy::RemoveFactors);
    HelpFact::new("Second factors", factors.sentence()).helped_by(remedy)
}

fn shared(email: &AddressView) -> HelpFact {
    let others = match email.shared_with {
        1 => "1 other person".to_owned(),
        many => format!("{many} other people"),
    };
    let tells = format!(
        "{} is shared with {others}. People who sign in with it choose their name after the password",
        email.value
    );
    HelpFact::new("Shared address", tells)
}

/// What a password on a card is called.
const CARD: &str = "Password on a card";

/// The pile of a card. One that was removed since has none.
fn of_pile(pile: Option<i32>) -> String {
    pile.map(|number| format!(". It is of pile {number}")).unwrap_or_default()
}

impl HelpInvitationRow {
    fn fact(&self, of: &HelpContext<'_>) -> HelpFact {
        if self.is_card {
            let (made, until) = (of.when(self.created_at), of.end(self.expires_at));
            let tells = format!("Printed {made}, expires {until}{}", of_pile(self.pile));
            return HelpFact::new(CARD, tells);
        }
        let delivery = self.delivery.as_deref().and_then(DeliveryState::from_slug);
        let failure = self.error_code.as_deref().and_then(DeliveryFailure::from_slug);
        let became = match (delivery, self.sent_at) {
            (Some(DeliveryState::Sent), Some(at)) => format!("sent {}", of.when(at)),
            (Some(DeliveryState::Sent), None) => "sent".to_owned(),
            (Some(DeliveryState::Bounced), _) => "came back".to_owned(),
            (Some(DeliveryState::Failed), _) => "not delivered".to_owned(),
            (Some(DeliveryState::Cancelled), _) => "not sent".to_owned(),
            (Some(DeliveryState::Queued | DeliveryState::Sending), _) => "queued".to_owned(),
            (None, _) => "handed out".to_owned(),
        };
        let why = failure.map(|failure| format!(". {}", failure.sentence())).unwrap_or_default();
        let tells = format!(
            "Created {}, {became}, expires {}{why}",
            of.when(self.created_at),
            of.end(self.expires_at)
        );
        let failed = matches!(
            delivery,
            Some(DeliveryState::Bounced | DeliveryState::Failed | DeliveryState::Cancelled)
        );
        HelpFact::new("Invitation", tells).helped_by(failed.then_some(SignInRemedy::AddAddress))
    }
}
