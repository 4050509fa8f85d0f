CREATE INDEX CONCURRENTLY gate_name ON gate (name);
