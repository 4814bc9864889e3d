//! Signing in with a passkey alone: the device has verified its owner, so it counts as both factors (NIST SP
//! 800-63B-4, section 3.2.8).

use domain::factors::{PasskeyAnswer, PasskeyChallenge};
use domain::sign_in::steps::SignInStep;

use super::flow::{PendingSignIn, SignInCandidate, proceed};
use super::sign_in::SignInOutcome;
use crate::credentials::constant_time::in_constant_time;
use crate::credentials::limits;
use crate::credentials::limits::SOURCE;
use crate::factors::passkeys::challenge;
use crate::factors::passkeys::judge::{PasskeyOwner, judge_alone};
use crate::sessions::visitor::Visitor;
use crate::{Backend, Error, Result};

/// Signs in the person whose passkey answered.
#[tracing::instrument(skip_all)]
pub async fn sign_in_with_passkey(
    backend: &Backend,
    visitor: &Visitor,
    answer: &PasskeyAnswer,
) -> Result<SignInOutcome> {
    let refused = |end: &Result<SignInOutcome>| matches!(end, Ok(SignInOutcome::Refused));
    in_constant_time(enter(backend, visitor, answer), refused).await
}

/// Asks a person in the middle of a sign-in for one of their passkeys.
pub async fn second_factor(backend: &Backend, token: &str) -> Result<PasskeyChallenge> {
    let waiting =
        PendingSignIn::of(backend, token).await?.filter(|waiting| waiting.step() == SignInStep::SecondFactor);
    let candidate = waiting.as_ref().and_then(PendingSignIn::one).ok_or(Error::NotFound("sign-in"))?;
    challenge::of_account(backend, candidate.organisation, candidate.account).await
}

async fn enter(backend: &Backend, visitor: &Visitor, answer: &PasskeyAnswer) -> Result<SignInOutcome> {
    let since = backend.now();
    let Some(PasskeyOwner { organisation, account, person }) = judge_alone(backend, answer).await? else {
        return Ok(SignInOutcome::Refused);
    };
    limits::give_back(backend, &[SOURCE.from(backend, visitor.source)]).await?;
    let way = SignInCandidate {
        second_factor_shown: true,
        ..SignInCandidate::new(organisation, account, person, since)
    };
    proceed(backend, visitor, vec![way]).await
}
