#!/usr/bin/env bash
# samples/Chat.React: builds the client and the app by their own scripts, and uses the app in headless Chromium, as
# built and as its developer runs it, over the built samples/Chat. Ends with node's summary. CHROMIUM and CHAT_ASSEMBLY
# name others.
set -euo pipefail
cd "$(dirname "$0")"
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
export CHAT_ASSEMBLY=${CHAT_ASSEMBLY:-$PWD/../../samples/Chat/bin/Debug/net10.0/EventSourcedStreams.Chat.dll}

missing() { # what: on a user's machine a reason to skip, in CI a failure
  echo "skipped: $1"
  if [ -n "${CI:-}" ]; then exit 1; fi
  exit 0
}
command -v npm >/dev/null || missing "npm is not installed"
if [ ! -x "$CHROMIUM" ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || missing "Chromium cannot be had"
fi
app=../../samples/Chat.React
npm --prefix "$app" ci --no-audit --no-fund --loglevel=error || missing "what the app is built with cannot be had"
npm --prefix "$app" run --silent client || missing "what the client is built with cannot be had"
npm --prefix ../Page ci --no-audit --no-fund --loglevel=error || missing "the tests' packages cannot be had"
npm --prefix "$app" run --silent build -- --logLevel warn
[ -f "$CHAT_ASSEMBLY" ] || dotnet build ../../samples/Chat --configuration Debug --nologo --verbosity quiet
# The timeout is for a file with all its tests: one that hangs is ended.
node --test --test-timeout=1200000 --test-reporter=spec
