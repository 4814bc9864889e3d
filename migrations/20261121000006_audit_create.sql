-- The audit log: who did what to whom, when and from where. Append-only.

CREATE TABLE audit_events (
    id uuid CONSTRAINT audit_events_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT audit_events_organisation_fkey REFERENCES organisations,
    at timestamptz NOT NULL,
    -- Null: the operator at the command line, or Greencap itself.
    actor_account_id uuid,
    action text NOT NULL,
    -- Whom or what it was done to. `person_id` makes it a line of that person's history.
    person_id uuid,
    subject_kind text,
    subject_id uuid,
    -- Counts, reasons, old and new states. Never a name, an address or a token.
    details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_events_person_idx ON audit_events (person_id, at DESC) WHERE person_id IS NOT NULL;
CREATE INDEX audit_events_subject_idx ON audit_events (subject_id, at DESC) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_events_at_idx ON audit_events (organisation_id, at DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
