#!/usr/bin/env bash
# Installs NATS's server from Debian's packages: a test starts one of its own. Needs root. Nothing is started.
set -euo pipefail

if [ -x /usr/sbin/nats-server ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
lock=(-o DPkg::Lock::Timeout=120)
apt-get "${lock[@]}" --quiet update
apt-get "${lock[@]}" --quiet --yes --no-install-recommends install nats-server
