-- What a school, or every school of an organisation, has messages say instead of Greencap's own words: by kind and language.
-- The sources of its three parts, in the syntax of `server/backend/templates/email`.
CREATE TABLE message_templates (
    organisation_id uuid NOT NULL CONSTRAINT message_templates_organisation_fkey REFERENCES organisations,
    -- Null: for the schools of the organisation that have none of their own.
    school_id uuid,
    kind text NOT NULL,
    -- A BCP 47 tag.
    language text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT message_templates_key UNIQUE NULLS NOT DISTINCT (organisation_id, kind, language, school_id),
    CONSTRAINT message_templates_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
SELECT guard_table('message_templates');
