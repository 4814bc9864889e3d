//! Signing in with a passkey alone: the device has verified its owner, so that it is both factors at once (NIST SP
//! 800-63B-4, section 3.2.8).

use domain::factors::PasskeyAnswer;

use crate::credentials::constant_time::in_constant_time;
use crate::credentials::limits;
use crate::credentials::limits::SOURCE;
use crate::factors::passkeys::judge::{Owner, judge_alone};
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::{SignInCandidate, proceed};
use crate::sign_in::sign_in::SignIn;
use crate::{Backend, Result};

/// Lets someone in whose passkey answered.
#[tracing::instrument(skip_all)]
pub async fn sign_in_with_passkey(
    backend: &Backend,
    visitor: &Visitor,
    answer: &PasskeyAnswer,
) -> Result<SignIn> {
    let refused = |end: &Result<SignIn>| matches!(end, Ok(SignIn::Refused));
    in_constant_time(enter(backend, visitor, answer), refused).await
}

async fn enter(backend: &Backend, visitor: &Visitor, answer: &PasskeyAnswer) -> Result<SignIn> {
    let since = backend.now();
    let Some(Owner { organisation, account, person }) = judge_alone(backend, answer).await? else {
        return Ok(SignIn::Refused);
    };
    limits::give_back(backend, &[SOURCE.from(backend, visitor.source)]).await?;
    let way = SignInCandidate {
        second_factor_shown: true,
        ..SignInCandidate::new(organisation, account, person, since)
    };
    proceed(backend, visitor, vec![way]).await
}
