#!/usr/bin/env bash
# The .NET client compiled ahead of time: publishing gives no warning of trimming or of code that is made while it runs,
# and the program does every call on a real server. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v gcc >/dev/null || { echo "skipped: there is no linker (gcc) on this machine"; exit 0; }
work=$(mktemp -d)
server=
stop() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  rm -rf "$work"
}
trap stop EXIT

. tests/checks.sh

publish() { dotnet publish tests/ClientAot --configuration Release --output "$work/published" && [ ! -e "$work/published/ClientAot.dll" ]; }
serve() {
  [ -f src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll ] || dotnet build src/Web --configuration Debug || return 1
  dotnet src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll --urls http://127.0.0.1:0 --Embedded:Path "$work/data" --environment Development >"$work/server.log" 2>&1 &
  server=$!
  for _ in $(seq 900); do
    address=$(sed -nE 's/.*(http:\/\/127\.0\.0\.1:[0-9]+).*/\1/p' "$work/server.log" | head -n 1)
    [ -n "$address" ] && curl -sf "$address/health/ready" >/dev/null && return 0
    sleep 0.2
  done
  cat "$work/server.log"
  return 1
}
calls() { "$work/published/EventSourcedStreams.ClientAot" "$address/v1/streams"; }

check "the client is compiled ahead of time without a warning" publish
check "a server stands" serve
check "every call works" calls
finish
