-- PostgreSQL keeps organisations apart. Two roles without a login, which own nothing: `greencap_app` sees the one
-- organisation that the transaction names, `greencap_system` sees all and is for looking up a token or a name and for
-- the queue. server/backend/src/tenancy.rs takes them on.

-- Roles belong to the whole cluster: another database may have made them, even at this moment. They are looked for first,
-- because PostgreSQL refuses CREATE ROLE to whoever may not create roles even if the role is there.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'greencap_app') THEN
        CREATE ROLE greencap_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'greencap_system') THEN
        CREATE ROLE greencap_system NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
-- Whoever migrates may also serve.
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'greencap_app', 'MEMBER') THEN
        EXECUTE format('GRANT greencap_app, greencap_system TO %I', current_user);
    END IF;
END
$$;

-- What hangs on another row carries the organisation too, so that it cannot hang on a row of somebody else's.
ALTER TABLE passwords ADD organisation_id uuid;
UPDATE passwords SET organisation_id = a.organisation_id FROM accounts a WHERE a.id = passwords.account_id;
ALTER TABLE passwords ALTER organisation_id SET NOT NULL, DROP CONSTRAINT passwords_account_fkey,
    ADD CONSTRAINT passwords_account_fkey FOREIGN KEY (organisation_id, account_id)
        REFERENCES accounts (organisation_id, id) ON DELETE CASCADE;

ALTER TABLE batches ADD CONSTRAINT batches_organisation_id_key UNIQUE (organisation_id, id);
ALTER TABLE accounts DROP CONSTRAINT accounts_batch_fkey,
    ADD CONSTRAINT accounts_batch_fkey FOREIGN KEY (organisation_id, batch_id) REFERENCES batches (organisation_id, id);

ALTER TABLE addresses ADD CONSTRAINT addresses_organisation_id_key UNIQUE (organisation_id, id);
ALTER TABLE deliveries ADD CONSTRAINT deliveries_organisation_id_key UNIQUE (organisation_id, id),
    DROP CONSTRAINT deliveries_address_fkey,
    ADD CONSTRAINT deliveries_address_fkey FOREIGN KEY (organisation_id, address_id)
        REFERENCES addresses (organisation_id, id) ON DELETE SET NULL (address_id);
ALTER TABLE mailbox_messages DROP CONSTRAINT mailbox_messages_delivery_fkey,
    ADD CONSTRAINT mailbox_messages_delivery_fkey FOREIGN KEY (organisation_id, delivery_id)
        REFERENCES deliveries (organisation_id, id) ON DELETE CASCADE;

ALTER TABLE imports ADD CONSTRAINT imports_organisation_id_key UNIQUE (organisation_id, id);
ALTER TABLE import_rows ADD organisation_id uuid;
UPDATE import_rows SET organisation_id = i.organisation_id FROM imports i WHERE i.id = import_rows.import_id;
ALTER TABLE import_rows ALTER organisation_id SET NOT NULL, DROP CONSTRAINT import_rows_import_fkey,
    ADD CONSTRAINT import_rows_import_fkey FOREIGN KEY (organisation_id, import_id)
        REFERENCES imports (organisation_id, id) ON DELETE CASCADE;
ALTER TABLE import_writes DROP CONSTRAINT import_writes_import_fkey,
    ADD CONSTRAINT import_writes_import_fkey FOREIGN KEY (organisation_id, import_id)
        REFERENCES imports (organisation_id, id) ON DELETE CASCADE;

ALTER TABLE sessions ADD CONSTRAINT sessions_organisation_id_key UNIQUE (organisation_id, id);
ALTER TABLE previews DROP CONSTRAINT previews_session_fkey,
    ADD CONSTRAINT previews_session_fkey FOREIGN KEY (organisation_id, session_id)
        REFERENCES sessions (organisation_id, id) ON DELETE CASCADE;

-- A view reads with the rights of whoever asks.
ALTER VIEW roll_entries SET (security_invoker = true);

-- Statistics after a bulk load, which only a table's owner can renew.
CREATE FUNCTION analyze_accounts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    ANALYZE usernames, accounts;
END
$$;

-- Guards a table. Every migration that makes one calls it, and a test finds the table that was forgotten.
CREATE FUNCTION guard_table(guarded regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    named name := CASE WHEN guarded = 'organisations'::regclass THEN 'id' ELSE 'organisation_id' END;
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO greencap_system', guarded);
    EXECUTE format('CREATE POLICY every_organisation ON %s TO greencap_system USING (true)', guarded);
    -- What belongs to no organisation is for the system alone.
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = guarded AND attname = named AND NOT attisdropped) THEN
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO greencap_app', guarded);
        EXECUTE format(
            'CREATE POLICY own_organisation ON %s TO greencap_app
             USING (%I = nullif(current_setting(''greencap.organisation'', true), '''')::uuid)', guarded, named);
    END IF;
END
$$;

SELECT guard_table(oid) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> '_sqlx_migrations';

GRANT SELECT ON roll_entries TO greencap_app, greencap_system;
DO $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO greencap_app, greencap_system', current_schema());
END
$$;

-- The log only grows.
REVOKE UPDATE, DELETE ON audit_events FROM greencap_app, greencap_system;
GRANT SELECT ON _sqlx_migrations TO greencap_app, greencap_system;
