#!/bin/sh
# Runs a command with the secrets' files as environment: klyngeflow_x as KLYNGEFLOW_X, pgpassword as PGPASSWORD. Stops with
# the name of a secret that can't be read, or is empty or missing although NEEDED_SECRETS names it.
set -eu
folder=${SECRETS:-/run/secrets}

stop() {
  echo "The secret $1 $2 (deploy/make-secrets.sh makes the files)." >&2
  exit 78
}

for name in ${NEEDED_SECRETS:-}; do
  [ -e "$folder/$name" ] || stop "$name" "is missing"
done
for file in "$folder"/*; do
  [ -e "$file" ] || continue
  name=$(basename "$file")
  [ -f "$file" ] || stop "$name" "is a folder: its file was not there when the container was made"
  [ -r "$file" ] || stop "$name" "can't be read by uid $(id -u)"
  case " ${NEEDED_SECRETS:-} " in
    *" $name "*) [ -s "$file" ] || stop "$name" "is empty" ;;
  esac
  case $name in
    klyngeflow_* | pgpassword) export "$(echo "$name" | tr '[:lower:]' '[:upper:]')=$(cat "$file")" ;;
  esac
done
exec "$@"
