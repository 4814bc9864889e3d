-- Passwords made for people, on cards. A card is an invitation on paper, or, for an account in use, a way to a new password;
-- its link is in the QR code and its phrase is typed as a password. A print run, the pile, is made void as a whole.

CREATE TABLE print_runs (
    -- That of the operation that made it, which may be deleted before.
    id uuid CONSTRAINT print_runs_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    -- What people call it by: counted at the school.
    number integer NOT NULL,
    -- domain::credentials::phrase::PhraseKind
    words text NOT NULL CONSTRAINT print_runs_words_check CHECK (words IN ('words', 'pictures')),
    -- The group it was printed for; null: a selection.
    group_id uuid,
    size integer NOT NULL CONSTRAINT print_runs_size_check CHECK (size > 0),
    -- Null: the command line.
    made_by uuid,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    voided_by uuid,
    voided_at timestamptz,
    CONSTRAINT print_runs_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT print_runs_group_fkey FOREIGN KEY (organisation_id, school_id, group_id)
        REFERENCES groups (organisation_id, school_id, id),
    CONSTRAINT print_runs_organisation_id_key UNIQUE (organisation_id, id),
    CONSTRAINT print_runs_number_key UNIQUE (school_id, number)
);
CREATE INDEX print_runs_made_idx ON print_runs (school_id, made_at DESC, id DESC);
CREATE INDEX print_runs_group_idx ON print_runs (group_id) WHERE group_id IS NOT NULL;
SELECT guard_table('print_runs');

ALTER TABLE invitations
    -- A keyed hash (backend::crypto) of the phrase on the card.
    ADD COLUMN phrase_hash bytea,
    ADD COLUMN run_id uuid,
    ADD CONSTRAINT invitations_run_check CHECK ((phrase_hash IS NULL) = (run_id IS NULL)),
    ADD CONSTRAINT invitations_run_fkey FOREIGN KEY (organisation_id, run_id) REFERENCES print_runs (organisation_id, id);
CREATE INDEX invitations_run_idx ON invitations (run_id) WHERE run_id IS NOT NULL;

ALTER TABLE password_resets
    DROP CONSTRAINT password_resets_kind_check,
    ADD CONSTRAINT password_resets_kind_check CHECK (kind IN ('link', 'code', 'identity', 'card')),
    -- Of a card; its `secret_hash` is that of the link in its QR code.
    ADD COLUMN phrase_hash bytea,
    ADD COLUMN run_id uuid,
    ADD CONSTRAINT password_resets_run_check CHECK ((kind = 'card') = (run_id IS NOT NULL) AND (kind = 'card') = (phrase_hash IS NOT NULL)),
    ADD CONSTRAINT password_resets_run_fkey FOREIGN KEY (organisation_id, run_id) REFERENCES print_runs (organisation_id, id);
CREATE INDEX password_resets_run_idx ON password_resets (run_id) WHERE run_id IS NOT NULL;
