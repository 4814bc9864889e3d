-- How many current students of a school had a guardian with an active account on a day: one row a day, kept for a chart.
CREATE TABLE guardian_coverage (
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    day date NOT NULL,
    students integer NOT NULL,
    covered integer NOT NULL,
    CONSTRAINT guardian_coverage_pkey PRIMARY KEY (school_id, day),
    CONSTRAINT guardian_coverage_counts_check CHECK (covered BETWEEN 0 AND students),
    CONSTRAINT guardian_coverage_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
SELECT guard_table('guardian_coverage');
