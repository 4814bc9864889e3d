-- Previews under way. What was looked at, by whom and why is told by the audit log; this only says until when.
CREATE TABLE previews (
    id uuid CONSTRAINT previews_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    -- Who looks: a preview ends with the session that began it.
    session_id uuid NOT NULL CONSTRAINT previews_session_fkey REFERENCES sessions ON DELETE CASCADE,
    -- Whose portal.
    person_id uuid NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT previews_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX previews_session_idx ON previews (session_id);
