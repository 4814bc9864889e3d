-- A recovery mail that goes asks which deliveries hang on it.
CREATE INDEX deliveries_recovery_mail_idx ON deliveries (recovery_mail_id) WHERE recovery_mail_id IS NOT NULL;
