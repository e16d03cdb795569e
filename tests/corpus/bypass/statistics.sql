-- What the planner keeps of the values, and what it makes of them.

-- statistics-bounds | result: refused | source: refused | schema: refused
SELECT histogram_bounds FROM pg_stats WHERE tablename = 'people'

-- statistics-common-values | result: refused | source: refused | schema: refused
SELECT most_common_vals::text FROM pg_catalog.pg_stats

-- statistics-raw | result: refused | source: refused | schema: refused
SELECT stavalues1 FROM pg_statistic

-- statistics-extended | result: refused | source: refused | schema: refused
SELECT * FROM pg_stats_ext

-- statistics-extended-expressions | result: refused | source: refused | schema: refused
SELECT * FROM pg_stats_ext_exprs

-- statistics-mcv-list | result: refused | source: refused | schema: refused
SELECT * FROM pg_mcv_list_items(NULL)

-- statistics-create | result: refused | source: refused | schema: refused
CREATE STATISTICS s ON ssn, code FROM people

-- statistics-analyze | result: refused | source: refused | schema: refused
ANALYZE VERBOSE people

-- statistics-statements | result: refused | source: refused | schema: refused
SELECT query FROM pg_stat_statements

-- statistics-statio | result: refused | source: refused | schema: refused
SELECT * FROM pg_statio_user_tables

-- statistics-xact | result: refused | source: refused | schema: refused
SELECT pg_stat_get_xact_tuples_returned(1)
