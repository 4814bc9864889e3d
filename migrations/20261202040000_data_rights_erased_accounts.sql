-- The log of erasures also has what was erased of accounts, after their people had left for long enough.

ALTER TABLE erasures ADD COLUMN what text NOT NULL DEFAULT 'person'
    CONSTRAINT erasures_what_check CHECK (what IN ('person', 'account'));
ALTER TABLE erasures ALTER COLUMN what DROP DEFAULT;
