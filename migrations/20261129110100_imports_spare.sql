-- Only cells that are imported are kept. Until somebody has checked the columns, the cells of the others stand apart, and are
-- deleted with the first simulation. Cells of columns that may hold secrets are in neither.
ALTER TABLE import_parts ADD COLUMN spare text;
ALTER TABLE import_parts ALTER spare SET STORAGE EXTERNAL;

-- Whose cells import_parts.rows has, by column; null for imports from before, which have all.
ALTER TABLE imports ADD COLUMN kept boolean[];
