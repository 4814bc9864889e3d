-- Which sessions have got a school's whole roll, and on which day that was last written to the audit log
-- (backend::roll::snapshot). Goes with the session.
CREATE TABLE roll_loads (
    organisation_id uuid NOT NULL,
    session_id uuid NOT NULL,
    school_id uuid NOT NULL,
    loaded_on date NOT NULL,
    CONSTRAINT roll_loads_pkey PRIMARY KEY (session_id, school_id),
    CONSTRAINT roll_loads_session_fkey FOREIGN KEY (organisation_id, session_id) REFERENCES sessions (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT roll_loads_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
SELECT guard_table('roll_loads');
