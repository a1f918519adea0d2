#!/usr/bin/env bash
# The official Node clients against the real host: installs them, builds the host if that was not done, and ends with
# node's summary. WEB_ASSEMBLY names another build.
set -euo pipefail
cd "$(dirname "$0")"
export WEB_ASSEMBLY=${WEB_ASSEMBLY:-$PWD/../../src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll}

npm ci --no-audit --no-fund --loglevel=error
[ -f "$WEB_ASSEMBLY" ] || dotnet build ../../src/Web --configuration Debug --nologo --verbosity quiet
# The timeout is for a file with all its tests: one that hangs is ended.
node --test --test-timeout=1200000 --test-concurrency=2 --test-reporter=spec
