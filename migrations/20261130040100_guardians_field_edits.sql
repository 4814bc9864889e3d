-- Fields that staff have changed by hand: an import that says something else keeps them unless it is asked to replace them.
-- The value is that of the field itself.
CREATE TABLE field_edits (
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    -- The field's name in imports (domain::roll::import::people): 'email', 'phone'.
    field text NOT NULL CONSTRAINT field_edits_field_check CHECK (field IN ('email', 'phone')),
    edited_by uuid,
    edited_at timestamptz NOT NULL,
    CONSTRAINT field_edits_pkey PRIMARY KEY (organisation_id, person_id, field),
    CONSTRAINT field_edits_person_fkey FOREIGN KEY (organisation_id, person_id)
        REFERENCES people (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('field_edits');

ALTER TABLE imports
    -- Whether this import replaces what was changed by hand.
    ADD COLUMN replaces_edits boolean NOT NULL DEFAULT false;
