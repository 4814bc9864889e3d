-- What somebody asked for who cannot come in: looked up after the answer, which is then the same whatever there is. Of no
-- organisation: whose name it is, if anybody's, is not known yet.
CREATE TABLE recovery_requests (
    id uuid CONSTRAINT recovery_requests_pkey PRIMARY KEY,
    -- backend::access::requests::Wanted
    kind text NOT NULL CONSTRAINT recovery_requests_kind_check CHECK (kind IN ('links', 'usernames', 'invitation')),
    -- What was typed, sealed with a key that is not in the database (backend::crypto), bound to this row.
    name bytea NOT NULL,
    asked_at timestamptz NOT NULL
);
CREATE INDEX recovery_requests_asked_idx ON recovery_requests (asked_at);
SELECT guard_table('recovery_requests');
