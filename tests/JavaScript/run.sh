#!/usr/bin/env bash
# The JavaScript client's tests: builds and describes it, installs what they need, builds the host if that was not done,
# and ends with node's summary. CHROMIUM names another browser, WEB_ASSEMBLY another build.
set -euo pipefail
cd "$(dirname "$0")"
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
export WEB_ASSEMBLY=${WEB_ASSEMBLY:-$PWD/../../src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll}

missing() { # what: on a user's machine a reason to skip, in CI a failure
  echo "skipped: $1"
  if [ -n "${CI:-}" ]; then exit 1; fi
  exit 0
}
command -v npm >/dev/null || missing "npm is not installed"
if [ ! -x "$CHROMIUM" ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || missing "Chromium cannot be had"
fi
(cd ../../clients/javascript && npm ci --no-audit --no-fund --loglevel=error) || missing "what the client is built with cannot be had"
npm ci --no-audit --no-fund --loglevel=error || missing "the tests' packages cannot be had"
(cd ../../clients/javascript && npm run --silent build && npm run --silent docs -- --logLevel Warn)
[ -f "$WEB_ASSEMBLY" ] || dotnet build ../../src/Web --configuration Debug --nologo --verbosity quiet
[ -f ../Migrated/bin/Debug/net10.0/EventSourcedStreams.Migrated.dll ] || dotnet build ../Migrated --configuration Debug --nologo --verbosity quiet
# The timeout is for a file with all its tests: one that hangs is ended.
node --test --test-timeout=1200000 --test-concurrency=2 --test-reporter=spec
