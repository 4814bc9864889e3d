-- What an operation changed about who is in which group, for its undo.

CREATE TABLE membership_changes (
    organisation_id uuid NOT NULL,
    -- Of an operation, which may be deleted before.
    operation_id uuid NOT NULL,
    -- Of group_members, where it still stands unless it was withdrawn.
    membership_id uuid NOT NULL,
    group_id uuid NOT NULL,
    person_id uuid NOT NULL,
    -- began: the operation wrote it. ended: the operation gave it a last day. withdrawn: it had not begun on that day, so
    -- the operation removed it.
    change text NOT NULL CONSTRAINT membership_changes_change_check CHECK (change IN ('began', 'ended', 'withdrawn')),
    starts_on date NOT NULL,
    -- Its last day before, and after.
    ended_on date,
    ends_on date,
    CONSTRAINT membership_changes_pkey PRIMARY KEY (operation_id, membership_id),
    CONSTRAINT membership_changes_group_fkey FOREIGN KEY (organisation_id, group_id) REFERENCES groups (organisation_id, id),
    CONSTRAINT membership_changes_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX membership_changes_person_idx ON membership_changes (person_id);
SELECT guard_table('membership_changes');

ALTER TABLE course_additions ADD CONSTRAINT course_additions_school_fkey
    FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id);
ALTER TABLE group_courses ADD CONSTRAINT group_courses_school_fkey
    FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id);
