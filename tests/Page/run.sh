#!/usr/bin/env bash
# The pages' tests (the demo page, the API's description, the sample) in headless Chromium: installs what they need,
# builds the host if that was not done, and ends with node's summary. CHROMIUM names another browser, WEB_ASSEMBLY and
# CHAT_ASSEMBLY other builds.
set -euo pipefail
cd "$(dirname "$0")"
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
export CHAT_ASSEMBLY=${CHAT_ASSEMBLY:-$PWD/../../samples/Chat/bin/Debug/net10.0/EventSourcedStreams.Chat.dll}
export WEB_ASSEMBLY=${WEB_ASSEMBLY:-$PWD/../../src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll}

if [ ! -x "$CHROMIUM" ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
npm ci --no-audit --no-fund --loglevel=error
[ -f "$CHAT_ASSEMBLY" ] || dotnet build ../../samples/Chat --configuration Debug --nologo --verbosity quiet
[ -f "$WEB_ASSEMBLY" ] || dotnet build ../../src/Web --configuration Debug --nologo --verbosity quiet
# The timeout is for a file with all its tests: one that hangs is ended.
node --test --test-timeout=1200000 --test-concurrency=2 --test-reporter=spec
