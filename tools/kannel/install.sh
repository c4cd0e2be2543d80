#!/usr/bin/env bash
# Installs Kannel, an SMS gateway, from Debian's packages: a test has it talk to our SMSC. Needs root.
set -euo pipefail

if [ -x /usr/sbin/bearerbox ] && [ -x /usr/sbin/smsbox ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet
apt-get install --quiet --yes --no-install-recommends kannel
