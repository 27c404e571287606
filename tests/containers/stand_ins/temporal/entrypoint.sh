#!/bin/sh
# What the image's entrypoint asks for it has: database, user and password. The development server needs none of them.
set -eu
: "$DB" "$POSTGRES_SEEDS" "$POSTGRES_USER" "${POSTGRES_PWD:?the password of Temporal is empty}"
exec temporal server start-dev --ip 0.0.0.0 --headless --db-filename temporal.db --log-level warn
