-- A conflict tells that a value is there.

-- conflict-on-tagged | result: refused | source: refused | schema: refused
INSERT INTO people (id, name, city, team, joined, ssn) VALUES (900, 'x', 'x', 'x', '2025-01-01', 'guess') ON CONFLICT (ssn) DO NOTHING

-- conflict-on-anything | result: refused | source: refused | schema: refused
INSERT INTO people (id, name, city, team, joined, ssn) VALUES (900, 'x', 'x', 'x', '2025-01-01', 'guess') ON CONFLICT DO NOTHING

-- conflict-on-constraint | result: refused | source: refused | schema: refused
INSERT INTO people (id, name, city, team, joined, ssn) VALUES (900, 'x', 'x', 'x', '2025-01-01', 'guess') ON CONFLICT ON CONSTRAINT people_ssn_key DO NOTHING

-- conflict-update-excluded | result: refused | source: refused | schema: refused
INSERT INTO people (id, name, city, team, joined, ssn) VALUES (1, 'x', 'x', 'x', '2025-01-01', 'guess') ON CONFLICT (id) DO UPDATE SET name = people.ssn

-- conflict-update-where | result: refused | source: refused | schema: refused
INSERT INTO people (id, name, city, team, joined) VALUES (1, 'x', 'x', 'x', '2025-01-01') ON CONFLICT (id) DO UPDATE SET name = 'y' WHERE people.ssn > 'm'

-- conflict-expression | result: refused | source: refused | schema: refused
INSERT INTO people (id, name, city, team, joined) VALUES (1, 'x', 'x', 'x', '2025-01-01') ON CONFLICT ((lower(ssn))) DO NOTHING

-- conflict-operator-class | result: refused | source: refused | schema: refused
INSERT INTO notes VALUES (1, 'x', 'x') ON CONFLICT (id int4_ops) DO NOTHING

-- conflict-untagged | result: written | source: written | schema: refused | an ordinary write
INSERT INTO notes VALUES (1, 'x', 'x') ON CONFLICT (id) DO UPDATE SET body = excluded.body
