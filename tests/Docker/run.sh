#!/usr/bin/env bash
# docker/ without an engine: installs what it needs (nginx too), builds the host if that was not done, and ends with
# node's summary.
set -euo pipefail
cd "$(dirname "$0")"
export WEB_ASSEMBLY=${WEB_ASSEMBLY:-$PWD/../../src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll}

if ! command -v nginx >/dev/null && [ ! -x /usr/sbin/nginx ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null
fi
npm ci --no-audit --no-fund --loglevel=error
[ -f "$WEB_ASSEMBLY" ] || dotnet build ../../src/Web --configuration Debug --nologo --verbosity quiet
# The timeout is for a file with all its tests: one that hangs is ended.
node --test --test-timeout=1200000 --test-concurrency=1 --test-reporter=spec
