-- People who may be in Greencap twice, and what the office did about it.

-- Two people who may be one: domain::guardians::duplicates. An answer is kept; it is asked again only if something strong is new.
CREATE TABLE person_pairs (
    id uuid CONSTRAINT person_pairs_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    a_id uuid NOT NULL,
    b_id uuid NOT NULL,
    points smallint NOT NULL,
    -- domain::guardians::duplicates::evidence
    evidence text[] NOT NULL,
    verdict text NOT NULL CONSTRAINT person_pairs_verdict_check CHECK (verdict IN ('ask', 'same')),
    state text NOT NULL DEFAULT 'open' CONSTRAINT person_pairs_state_check
        CHECK (state IN ('open', 'two_people', 'later', 'merged')),
    -- The evidence when it was answered.
    known_then text[] NOT NULL DEFAULT '{}',
    answered_by uuid,
    answered_at timestamptz,
    -- When a search last found it.
    found_at timestamptz NOT NULL,
    CONSTRAINT person_pairs_order_check CHECK (a_id < b_id),
    CONSTRAINT person_pairs_once_key UNIQUE (a_id, b_id),
    CONSTRAINT person_pairs_a_fkey FOREIGN KEY (organisation_id, a_id) REFERENCES people (organisation_id, id),
    CONSTRAINT person_pairs_b_fkey FOREIGN KEY (organisation_id, b_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX person_pairs_board_idx ON person_pairs (organisation_id, state, points DESC, id);
CREATE INDEX person_pairs_b_idx ON person_pairs (b_id);
SELECT guard_table('person_pairs');

-- The last search of an organisation.
CREATE TABLE duplicate_searches (
    organisation_id uuid CONSTRAINT duplicate_searches_pkey PRIMARY KEY
        CONSTRAINT duplicate_searches_organisation_fkey REFERENCES organisations,
    -- The job that searches, or searched last; null if it was the nightly one or a command.
    job_id uuid,
    asked_at timestamptz,
    ended_at timestamptz,
    people integer NOT NULL DEFAULT 0,
    pairs integer NOT NULL DEFAULT 0
);
SELECT guard_table('duplicate_searches');

-- Two people who were joined, and people who were split in two. Undone, never deleted.
CREATE TABLE merges (
    id uuid CONSTRAINT merges_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT merges_kind_check CHECK (kind IN ('merge', 'split')),
    -- Who stays: of a split, the person it began with.
    survivor_id uuid NOT NULL,
    -- Who was merged into them: of a split, the new person.
    other_id uuid NOT NULL,
    -- Whether a login saw more afterwards.
    widened boolean NOT NULL DEFAULT false,
    made_by uuid,
    made_at timestamptz NOT NULL,
    undone_by uuid,
    undone_at timestamptz,
    CONSTRAINT merges_organisation_id_key UNIQUE (organisation_id, id),
    CONSTRAINT merges_other_check CHECK (survivor_id <> other_id),
    CONSTRAINT merges_survivor_fkey FOREIGN KEY (organisation_id, survivor_id) REFERENCES people (organisation_id, id),
    CONSTRAINT merges_other_fkey FOREIGN KEY (organisation_id, other_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX merges_survivor_idx ON merges (survivor_id);
CREATE INDEX merges_other_idx ON merges (other_id);
SELECT guard_table('merges');

-- Each row that was moved and each value that was chosen, as it was before. An undo replays it.
CREATE TABLE merge_items (
    merge_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    -- backend::guardians::duplicates::merge::ledger
    thing text NOT NULL CONSTRAINT merge_items_thing_check CHECK (thing <> ''),
    -- The row's key as text.
    row_key text NOT NULL,
    -- What was done to it: 'moved', 'ended', 'filled', 'chosen'.
    done text NOT NULL CONSTRAINT merge_items_done_check CHECK (done IN ('moved', 'ended', 'filled', 'chosen')),
    -- What it was before, and what it was set to.
    before jsonb,
    after jsonb,
    CONSTRAINT merge_items_pkey PRIMARY KEY (merge_id, thing, row_key, done),
    CONSTRAINT merge_items_merge_fkey FOREIGN KEY (organisation_id, merge_id) REFERENCES merges (organisation_id, id)
);
SELECT guard_table('merge_items');

-- A merge moves addresses and accounts from one person to another. Each row that moves is checked like a new one (decision 0019).
CREATE FUNCTION move_to_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.organisation_id <> OLD.organisation_id THEN
        RAISE foreign_key_violation USING CONSTRAINT = TG_ARGV[0],
            MESSAGE = format('a row of %s stays with what it belongs to', TG_TABLE_NAME);
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('people ' || NEW.organisation_id::text, 0));
    IF NOT EXISTS (SELECT FROM people p WHERE p.organisation_id = NEW.organisation_id AND p.id = NEW.person_id) THEN
        RAISE foreign_key_violation USING CONSTRAINT = TG_ARGV[0],
            MESSAGE = format('person_id of %s refers to a row of people that is not there', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER addresses_references_update BEFORE UPDATE OF organisation_id, person_id ON addresses
    FOR EACH ROW WHEN (NEW.organisation_id <> OLD.organisation_id OR NEW.person_id <> OLD.person_id)
    EXECUTE FUNCTION move_to_person('addresses_person_fkey');
CREATE OR REPLACE TRIGGER accounts_references_update BEFORE UPDATE OF organisation_id, person_id ON accounts
    FOR EACH ROW WHEN (NEW.organisation_id <> OLD.organisation_id OR NEW.person_id <> OLD.person_id)
    EXECUTE FUNCTION move_to_person('accounts_person_fkey');
