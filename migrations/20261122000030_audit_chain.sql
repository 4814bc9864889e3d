-- The audit log as a chain: each entry has a number of its own and a keyed hash over itself and the entry before, so that
-- one that was changed, removed or moved is found (backend::audit::chain).

ALTER TABLE audit_events
    -- The network address it came from; null: this server itself.
    ADD COLUMN source text,
    -- The person whose eyes the actor borrowed, as in a preview.
    ADD COLUMN in_name_of uuid,
    -- 1, 2, 3 … without a gap in each organisation. Null on entries from before the chain alone.
    ADD COLUMN sequence bigint,
    ADD COLUMN hash bytea,
    ADD CONSTRAINT audit_events_chain_check CHECK (sequence IS NOT NULL AND hash IS NOT NULL) NOT VALID;
CREATE UNIQUE INDEX audit_events_sequence_key ON audit_events (organisation_id, sequence);
CREATE INDEX audit_events_actor_idx ON audit_events (actor_account_id, at DESC) WHERE actor_account_id IS NOT NULL;

CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Where each organisation's chain ends. Its row is the lock that puts writers in a line.
CREATE TABLE audit_heads (
    organisation_id uuid CONSTRAINT audit_heads_pkey PRIMARY KEY CONSTRAINT audit_heads_organisation_fkey REFERENCES organisations,
    entries bigint NOT NULL,
    hash bytea NOT NULL
);
