//! What one row about guardians does, and the verdict on it.

use super::accounts::AccountChange;
use super::changes::AdultChange;
use super::known::KnownContact;
use super::pairs::KEPT_BY_HAND;
use super::plan::{LINK_ENDED, LINKED, NOT_LINKED, SAME_ADULT, WITH_ROW};
use super::write::{AdultRef, GuardiansWrite, LinkWrite};
use crate::ids::PersonId;
use crate::imports::held::HeldRow;
use crate::imports::note::{Note, Verdict};
use crate::imports::outcome::RowOutcome;

/// What a row does.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a row can do beside the others")]
pub(super) struct Effects {
    pub(super) write: GuardiansWrite,
    is_added: bool,
    pub(super) is_linked: bool,
    pub(super) is_updated: bool,
    pub(super) notes: Vec<Note>,
    /// Adults whom earlier rows name too.
    pub(super) same: Vec<Note>,
    /// The row that names the same adult and child.
    pub(super) with: Option<u32>,
    /// Whether it only says more of an adult whom another row gives a student.
    pub(super) says_more: bool,
    held: Option<Box<HeldRow>>,
}

impl Effects {
    pub(super) fn adult(&mut self, change: AdultChange) {
        self.is_added |= change.is_new;
        self.is_updated |= !change.is_new && change.write.is_some();
        add(&mut self.write.adults, change.write);
        add(&mut self.notes, change.notes);
        self.held = self.held.take().or(change.held);
    }

    pub(super) fn account(&mut self, change: AccountChange) {
        self.is_updated |= change.write.is_some();
        add(&mut self.write.accounts, change.write);
        add(&mut self.notes, change.notes);
        self.held = self.held.take().or(change.held);
    }

    /// Ends what an adult is to a child.
    pub(super) fn end(&mut self, adult: AdultRef, child: PersonId, known: Option<&KnownContact>) {
        let Some(known) = known else {
            self.notes.push(Note::new(NOT_LINKED));
            return;
        };
        self.is_updated = true;
        self.notes.push(Note::new(LINK_ENDED));
        let facts = known.facts.clone();
        self.link(LinkWrite { adult, child, existing: Some(known.id), facts, ends: true });
    }

    /// Begins, changes or ends what an adult is to a child.
    pub(super) fn link(&mut self, link: LinkWrite) {
        add(&mut self.write.links, Some(link));
    }

    /// The strongest of what the row does.
    pub(super) fn verdict(self) -> Verdict<GuardiansWrite> {
        let mut notes = self.notes;
        let is_kept = notes.iter().any(|note| note.code == KEPT_BY_HAND);
        let (outcome, code) = match &self.held {
            _ if self.is_added => (RowOutcome::Added, "new_adult"),
            _ if self.is_linked => (RowOutcome::Linked, LINKED),
            _ if self.is_updated => (RowOutcome::Updated, "details_changed"),
            Some(held) => (RowOutcome::Held, held.reason.slug()),
            None if self.says_more => (RowOutcome::Skipped, SAME_ADULT),
            None if is_kept => (RowOutcome::Kept, KEPT_BY_HAND),
            None => (RowOutcome::Unchanged, "no_difference"),
        };
        if outcome == RowOutcome::Linked {
            notes.insert(0, Note::new(LINKED));
        }
        let changes = matches!(outcome, RowOutcome::Added | RowOutcome::Linked | RowOutcome::Updated);
        if changes || outcome == RowOutcome::Skipped {
            notes.extend(self.same);
        }
        notes.extend(self.with.map(|row| Note::new(WITH_ROW).with("row", row)));
        let write = Some(self.write).filter(|write| !write.is_empty());
        Verdict { outcome, code: code.into(), notes, write, held: self.held }
    }
}

/// Adds to a list without room for more: those of a hundred thousand rows are held at once, and most have one entry.
fn add<T>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    let more = more.into_iter();
    list.reserve_exact(more.size_hint().0);
    list.extend(more);
}
