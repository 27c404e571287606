#!/bin/sh
# Sends a receiver of yours an event signed as Klyngeflow signs: WEBHOOK_SECRET=whsec_… sh send_webhook.sh URL
set -eu
id=${WEBHOOK_ID:-8a0f5f0e-2f5b-5d0e-9c53-000000000001}
timestamp=${WEBHOOK_TIMESTAMP:-$(date +%s)}
body='{"id":"'$id'","type":"deck_released","timestamp":"2026-11-28T09:00:00Z","order":"abcdefghij","version":17,"position":4711,"by":{"role":"system","who":null},"data":{"at":"2026-11-28T09:00:00Z","type":"deck_released","round":"baseline","automatic":true}}'

# The signature: HMAC-SHA256 over id.timestamp.body with the secret's bytes, in base64.
key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
signature=$(printf '%s.%s.%s' "$id" "$timestamp" "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)

curl --silent --show-error --output /dev/null --write-out '%{http_code}\n' "$1" \
  -H "Content-Type: application/json" -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" \
  -H "webhook-signature: v1,$signature" --data-binary "$body"
