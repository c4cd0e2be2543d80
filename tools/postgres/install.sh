#!/usr/bin/env bash
# Installs PostgreSQL 15 from Debian's packages, without a cluster: tests start servers of their own. Needs root.
set -euo pipefail

if [ -x /usr/lib/postgresql/15/bin/postgres ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
lock=(-o DPkg::Lock::Timeout=120)
apt-get "${lock[@]}" --quiet update
apt-get "${lock[@]}" --quiet --yes --no-install-recommends install postgresql-common
sed -i -E 's/^#? *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
apt-get "${lock[@]}" --quiet --yes --no-install-recommends install postgresql-15
