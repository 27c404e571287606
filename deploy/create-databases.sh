#!/bin/sh
# In the postgres container, once, when its volume is new: a role and a database for us, and for Temporal.
# Ours owns its tables: to forget ballots for good they are written anew, and only an owner may (docs/threat-model.md).
set -eu
secrets=${SECRETS:-/run/secrets}
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=ours="$(cat "$secrets/pgpassword")" --set=theirs="$(cat "$secrets/temporal_password")" << 'SQL'
CREATE ROLE klyngeflow LOGIN PASSWORD :'ours';
CREATE ROLE temporal LOGIN PASSWORD :'theirs';
CREATE DATABASE klyngeflow OWNER klyngeflow;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE klyngeflow, temporal, temporal_visibility FROM PUBLIC;
SQL
