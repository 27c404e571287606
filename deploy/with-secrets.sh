#!/bin/sh
# Runs a command with the secrets' files as environment: klyngeflow_x as KLYNGEFLOW_X, pgpassword as PGPASSWORD.
set -eu
for file in "${SECRETS:-/run/secrets}"/klyngeflow_* "${SECRETS:-/run/secrets}"/pgpassword; do
  [ -f "$file" ] || continue
  name=$(basename "$file" | tr '[:lower:]' '[:upper:]')
  export "$name=$(cat "$file")"
done
exec "$@"
