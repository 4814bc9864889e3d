-- Staff: people who work at a school. What they may do is given by a person (staff_roles), never by a file.

CREATE TABLE employments (
    id uuid CONSTRAINT employments_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    -- What the school's other systems call them.
    staff_code text NOT NULL CONSTRAINT employments_staff_code_check CHECK (staff_code <> ''),
    starts_on date NOT NULL,
    -- The last day.
    ends_on date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT employments_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT employments_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id),
    CONSTRAINT employments_staff_code_key UNIQUE (school_id, staff_code),
    CONSTRAINT employments_person_key UNIQUE (school_id, person_id)
);
CREATE INDEX employments_person_idx ON employments (person_id);
SELECT guard_table('employments');

ALTER TABLE import_writes DROP CONSTRAINT import_writes_kind_check;
