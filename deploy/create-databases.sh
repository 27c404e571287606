#!/bin/sh
# In the postgres container, once, when its volume is new: a role and a database for us, and for Temporal.
# Ours owns its tables: to forget ballots for good they are written anew, and only an owner may (docs/threat-model.md).
set -eu
secrets=${SECRETS:-/run/secrets}

secret() {
  if ! [ -r "$secrets/$1" ] || ! [ -s "$secrets/$1" ]; then
    echo "The secret $1 is missing, empty, or not to be read by uid $(id -u) (deploy/make-secrets.sh makes the files)." >&2
    exit 1
  fi
  cat "$secrets/$1"
}

ours=$(secret postgres_pgpassword)
theirs=$(secret postgres_temporal_password)
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=ours="$ours" --set=theirs="$theirs" << 'SQL'
CREATE ROLE klyngeflow LOGIN PASSWORD :'ours';
CREATE ROLE temporal LOGIN PASSWORD :'theirs';
CREATE DATABASE klyngeflow OWNER klyngeflow ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal_visibility OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE klyngeflow, temporal, temporal_visibility FROM PUBLIC;
SQL
