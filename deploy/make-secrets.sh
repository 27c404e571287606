#!/bin/sh
# Makes the files of secrets that docker-compose.yml names, each readable by the one who needs it and nobody else: uid 10001
# is ours, 999 is postgres', 1000 is Temporal's. Run it as root, beside docker-compose.yml. What is there stays as it is, so it
# may run again; a secret of which two need a copy is copied from ours. Files of services not used stay empty.
set -eu
folder=${SECRETS_FOLDER:-secrets}
umask 077
mkdir -p "$folder"

keep() { # NAME UID: who may read it, and nobody else
  chown "$2" "$folder/$1"
  chmod 0400 "$folder/$1"
}

password() { # NAME UID: made where it is not there
  [ -s "$folder/$1" ] || head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > "$folder/$1"
  keep "$1" "$2"
}

copied() { # NAME UID FROM
  [ -s "$folder/$1" ] || cat "$folder/$3" > "$folder/$1"
  keep "$1" "$2"
}

optional() { # NAME UID: to be filled in by hand where it is used
  [ -e "$folder/$1" ] || : > "$folder/$1"
  keep "$1" "$2"
}

[ -s "$folder/master_key" ] || head -c 32 /dev/urandom > "$folder/master_key"
keep master_key 10001
password pgpassword 10001
optional klyngeflow_smtp_password 10001
optional klyngeflow_sendgrid_api_key 10001
optional klyngeflow_oidc_client_secret 10001
password temporal_password 1000
password postgres_password 999
copied postgres_pgpassword 999 pgpassword
copied postgres_temporal_password 999 temporal_password
