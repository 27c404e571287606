#!/bin/sh
# In Temporal's admin-tools container: our namespace and the search attributes of our workflows. May run again.
set -eu
until temporal operator cluster health > /dev/null 2>&1; do
  sleep 2
done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 30d
temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name KlyngeflowStage --type Keyword \
  --name KlyngeflowCluster --type Keyword \
  --name KlyngeflowConsultant --type Keyword \
  --name KlyngeflowPackage --type Keyword \
  --name KlyngeflowDue --type Datetime
