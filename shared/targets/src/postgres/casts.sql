-- Casts made by users. Survey and proof use this very text.
SELECT pg_catalog.concat_ws(' AS ', pg_catalog.format_type(k.castsource, NULL::int4),
                            pg_catalog.format_type(k.casttarget, NULL::int4)) AS name, k.oid
FROM pg_catalog.pg_cast k WHERE k.oid >= 16384::oid
