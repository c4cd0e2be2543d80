#!/usr/bin/env bash
# Installs kcat from Debian's packages: a test uses the broker that librdkafka has in it for tests. Needs root.
set -euo pipefail

if [ -x /usr/bin/kcat ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
lock=(-o DPkg::Lock::Timeout=120)
apt-get "${lock[@]}" --quiet update
apt-get "${lock[@]}" --quiet --yes --no-install-recommends install kcat
