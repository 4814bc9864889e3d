-- Teaching groups, what they study and in which year they stand.

CREATE TABLE academic_years (
    id uuid CONSTRAINT academic_years_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    -- As people say it: "2026/27".
    name text NOT NULL CONSTRAINT academic_years_name_check CHECK (name <> ''),
    -- Both days belong to it.
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT academic_years_days_check CHECK (ends_on > starts_on),
    CONSTRAINT academic_years_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT academic_years_name_key UNIQUE (school_id, name),
    -- What belongs to a year and to a school belongs to the year's own school.
    CONSTRAINT academic_years_school_id_key UNIQUE (organisation_id, school_id, id),
    CONSTRAINT academic_years_once_excl EXCLUDE USING gist (school_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
);
SELECT guard_table('academic_years');

CREATE TABLE courses (
    id uuid CONSTRAINT courses_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    code text NOT NULL CONSTRAINT courses_code_check CHECK (code <> ''),
    name text NOT NULL CONSTRAINT courses_name_check CHECK (name <> ''),
    -- No longer offered. Groups that have it keep it.
    ended_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT courses_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT courses_school_id_key UNIQUE (organisation_id, school_id, id),
    CONSTRAINT courses_code_key UNIQUE (school_id, code)
);
CREATE UNIQUE INDEX courses_name_key ON courses (school_id, lower(name)) WHERE ended_at IS NULL;
SELECT guard_table('courses');

-- The rule: a group that takes the course also takes the module, and what that one adds. A module is a course too.
-- domain::groups::additions refuses circles.
CREATE TABLE course_additions (
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    course_id uuid NOT NULL,
    adds_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT course_additions_pkey PRIMARY KEY (course_id, adds_id),
    CONSTRAINT course_additions_other_check CHECK (course_id <> adds_id),
    CONSTRAINT course_additions_course_fkey FOREIGN KEY (organisation_id, school_id, course_id)
        REFERENCES courses (organisation_id, school_id, id),
    CONSTRAINT course_additions_adds_fkey FOREIGN KEY (organisation_id, school_id, adds_id)
        REFERENCES courses (organisation_id, school_id, id)
);
CREATE INDEX course_additions_adds_idx ON course_additions (adds_id);
SELECT guard_table('course_additions');

ALTER TABLE groups
    ADD COLUMN academic_year_id uuid,
    -- The year is over, or the office closed it. Its members are kept.
    ADD COLUMN closed_at timestamptz,
    ADD CONSTRAINT groups_academic_year_fkey FOREIGN KEY (organisation_id, school_id, academic_year_id)
        REFERENCES academic_years (organisation_id, school_id, id),
    -- A code is free again when its group is closed, or in another year.
    DROP CONSTRAINT groups_code_key;
CREATE UNIQUE INDEX groups_code_key ON groups (school_id, kind, academic_year_id, code) NULLS NOT DISTINCT WHERE closed_at IS NULL;
CREATE UNIQUE INDEX groups_name_key ON groups (school_id, kind, academic_year_id, lower(name)) NULLS NOT DISTINCT WHERE closed_at IS NULL;
CREATE INDEX groups_academic_year_idx ON groups (academic_year_id) WHERE academic_year_id IS NOT NULL;

CREATE TABLE group_courses (
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    group_id uuid NOT NULL,
    course_id uuid NOT NULL,
    -- Chosen by a person; false where only a rule added it.
    chosen boolean NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT group_courses_pkey PRIMARY KEY (group_id, course_id),
    CONSTRAINT group_courses_group_fkey FOREIGN KEY (organisation_id, school_id, group_id)
        REFERENCES groups (organisation_id, school_id, id),
    CONSTRAINT group_courses_course_fkey FOREIGN KEY (organisation_id, school_id, course_id)
        REFERENCES courses (organisation_id, school_id, id)
);
CREATE INDEX group_courses_course_idx ON group_courses (course_id);
SELECT guard_table('group_courses');
