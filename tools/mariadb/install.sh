#!/usr/bin/env bash
# Installs MariaDB's server from Debian's packages: tests start servers of their own. Needs root.
set -euo pipefail

if [ -x /usr/sbin/mariadbd ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
lock=(-o DPkg::Lock::Timeout=120)
apt-get "${lock[@]}" --quiet update
apt-get "${lock[@]}" --quiet --yes --no-install-recommends install mariadb-server
