#!/usr/bin/env bash
# A client is generated from the description that a running server gives of its API; it compiles strictly, and works.
# Ends with node's summary.
set -euo pipefail
cd "$(dirname "$0")"
web=${WEB_ASSEMBLY:-$PWD/../../src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll}

missing() { # what: on a user's machine a reason to skip, in CI a failure
  echo "skipped: $1"
  if [ -n "${CI:-}" ]; then exit 1; fi
  exit 0
}
command -v npm >/dev/null || missing "npm is not installed"
npm ci --no-audit --no-fund --loglevel=error || missing "the generator's packages cannot be had"
[ -f "$web" ] || dotnet build ../../src/Web --configuration Debug --nologo --verbosity quiet
work=$(mktemp -d)
dotnet "$web" --urls http://127.0.0.1:0 --Embedded:Path "$work/data" --environment Development >"$work/log" 2>&1 &
server=$!
trap 'kill $server; wait $server 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 900); do
  SERVER=$(sed -nE 's/.*(http:\/\/127\.0\.0\.1:[0-9]+).*/\1/p' "$work/log" | head -n 1)
  [ -z "$SERVER" ] || ! curl -sf "$SERVER/health/ready" >/dev/null || break
  sleep 0.2
done
export SERVER
mkdir -p generated
npx openapi-typescript "$SERVER/openapi/v1.json" --output generated/api.ts
npx tsc
node --test --test-reporter=spec generated/out/client.test.js
