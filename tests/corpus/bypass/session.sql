-- The state of the connection, and the way out of its transaction.

-- session-set-role | result: refused | source: refused | schema: refused
SET ROLE postgres

-- session-set-authorization | result: refused | source: refused | schema: refused
SET SESSION AUTHORIZATION postgres

-- session-set-read-write | result: refused | source: refused | schema: refused
SET TRANSACTION READ WRITE

-- session-set-local-read-only | result: refused | source: refused | schema: refused
SET LOCAL transaction_read_only = off

-- session-characteristics | result: refused | source: refused | schema: refused
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE

-- session-search-path | result: refused | source: refused | schema: refused
SET search_path = clinic

-- session-timeout | result: refused | source: refused | schema: refused
SET statement_timeout = 0

-- session-reset | result: refused | source: refused | schema: refused
RESET ALL

-- session-show | result: refused | source: refused | schema: refused
SHOW ALL

-- session-show-one | result: refused | source: refused | schema: refused
SHOW data_directory

-- session-set-config | result: refused | source: refused | schema: refused
SELECT set_config('search_path', 'clinic', false)

-- session-set-config-in-where | result: refused | source: refused | schema: refused
SELECT 1 WHERE set_config('transaction_read_only', 'off', true) = 'off'

-- session-current-setting | result: refused | source: refused | schema: refused
SELECT current_setting('config_file')

-- session-current-user | result: refused | source: refused | schema: refused
SELECT current_user

-- session-session-user | result: refused | source: refused | schema: refused
SELECT session_user, current_catalog

-- session-version | result: refused | source: refused | schema: refused
SELECT version()

-- session-address | result: refused | source: refused | schema: refused
SELECT inet_server_addr()

-- session-begin | result: refused | source: refused | schema: refused
BEGIN

-- session-commit | result: refused | source: refused | schema: refused
COMMIT

-- session-commit-and-chain | result: refused | source: refused | schema: refused
COMMIT AND CHAIN

-- session-rollback | result: refused | source: refused | schema: refused
ROLLBACK

-- session-savepoint | result: refused | source: refused | schema: refused
SAVEPOINT a

-- session-prepare-transaction | result: refused | source: refused | schema: refused
PREPARE TRANSACTION 'a'

-- session-listen | result: refused | source: refused | schema: refused
LISTEN postern

-- session-notify | result: refused | source: refused | schema: refused
NOTIFY postern, 'x'

-- session-pg-notify | result: refused | source: refused | schema: refused
SELECT pg_notify('postern', ssn) FROM people

-- session-discard | result: refused | source: refused | schema: refused
DISCARD ALL

-- session-setseed | result: refused | source: refused | schema: refused
SELECT setseed(0.5)

-- session-txid | result: refused | source: refused | schema: refused
SELECT txid_current(), pg_current_xact_id()

-- session-export-snapshot | result: refused | source: refused | schema: refused
SELECT pg_export_snapshot()

-- session-sleep | result: refused | source: refused | schema: refused
SELECT pg_sleep(60)

-- session-sleep-on-secret | result: refused | source: refused | schema: refused
SELECT CASE WHEN ssn > 'm' THEN pg_sleep(1) END FROM people

-- session-terminate | result: refused | source: refused | schema: refused
SELECT pg_terminate_backend(1)

-- session-reload | result: refused | source: refused | schema: refused
SELECT pg_reload_conf()

-- session-read-file | result: refused | source: refused | schema: refused
SELECT pg_read_file('/etc/passwd')

-- session-ls-dir | result: refused | source: refused | schema: refused
SELECT pg_ls_dir('.')

-- session-logical-message | result: refused | source: refused | schema: refused
SELECT pg_logical_emit_message(true, 'a', 'b')
