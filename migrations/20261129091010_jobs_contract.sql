-- When the daily clean-up began last is in `jobs` since 20261129001010.

DROP TABLE chores;
