#!/usr/bin/env bash
# Builds better-sqlite3, the connector's driver for SQLite with a Node that has none built in, and lends it to this
# checkout. Kept out of the dependencies: compiling it takes a minute that nobody else should wait for.
set -euo pipefail

version=12.9.0
root=$(cd "$(dirname "$0")/../.." && pwd)
node -e 'process.exit("columns" in require("node:sqlite").StatementSync.prototype ? 0 : 1)' 2> /dev/null && exit 0

built="${XDG_CACHE_HOME:-$HOME/.cache}/carillon-tests/better-sqlite3-$version-node-$(node -p process.versions.modules)"
if [ ! -e "$built/done" ]; then
  if ! command -v g++ > /dev/null || ! command -v make > /dev/null || ! command -v python3 > /dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    lock=(-o DPkg::Lock::Timeout=120)
    apt-get "${lock[@]}" --quiet update
    apt-get "${lock[@]}" --quiet --yes --no-install-recommends install g++ make python3
  fi
  mkdir -p "$built"
  echo '{ "private": true }' > "$built/package.json"
  # The headers that came with Node: no download.
  prefix=$(dirname "$(dirname "$(node -p process.execPath)")")
  if [ -d "$prefix/include/node" ]; then export npm_config_nodedir=$prefix; fi
  (cd "$built" && npm install --no-audit --no-fund --ignore-scripts=false "better-sqlite3@$version")
  (cd "$built" && node -e 'new (require("better-sqlite3"))(":memory:").close()')
  touch "$built/done"
fi
ln -sfn "$built/node_modules/better-sqlite3" "$root/node_modules/better-sqlite3"
