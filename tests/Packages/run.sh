#!/usr/bin/env bash
# Packs what is published, looks into it, and has apps of `dotnet new web` outside the repository take it from a folder:
# one with README's lines, one with all that can be called. Warnings are errors in both. Ordinary feeds are used beside
# the folder, as a user would. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$PWD
packages=$root/artifacts/packages
work=$(mktemp -d)
projects=(Domain Sqlite AspNetCore OpenAI Extensions.AI EventStoreDb EventStoreClient Testing Client)
server=
command -v unzip >/dev/null || { apt-get update -qq && apt-get install -y -qq unzip >/dev/null; }
stop() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  rm -rf "$work"
}
trap stop EXIT

. tests/checks.sh

pack() {
  local project
  rm -rf "$packages"
  for project in "${projects[@]}" Audit; do
    project=$(dirname "$(find src -name "$project.csproj")")
    [ -f "$project/obj/project.assets.json" ] || dotnet restore "$project" || return 1
    dotnet pack "$project" --no-restore --configuration Release || return 1
  done
}
package() { echo "$packages/EventSourcedStreams.$1.$version.nupkg"; }
unpack() {
  local name
  version=$(basename "$packages"/EventSourcedStreams.Domain.*.nupkg .nupkg)
  version=${version#EventSourcedStreams.Domain.}
  for name in "${projects[@]}"; do
    unzip -q "$(package "$name")" -d "$work/$name" && unzip -q -o "${packages}/EventSourcedStreams.$name.$version.snupkg" -d "$work/$name.symbols" || return 1
  done
}
contents() {
  local name file
  for name in "${projects[@]}"; do
    for file in README.md "lib/net10.0/EventSourcedStreams.$name.dll" "lib/net10.0/EventSourcedStreams.$name.xml"; do
      [ -s "$work/$name/$file" ] || { echo "$name lacks $file"; return 1; }
    done
    grep -q "^# EventSourcedStreams.$name$" "$work/$name/README.md" || { echo "$name has another's readme"; return 1; }
    [ -s "$work/$name.symbols/lib/net10.0/EventSourcedStreams.$name.pdb" ] || { echo "$name lacks symbols"; return 1; }
    grep -q '<license type="expression">Apache-2.0<' "$work/$name"/*.nuspec && grep -q '<readme>README.md<' "$work/$name"/*.nuspec || return 1
  done
  [ -s "$work/Client/lib/net8.0/EventSourcedStreams.Client.dll" ] || { echo "the client for .NET 8 is missing"; return 1; }
  [ -s "$work/AspNetCore/analyzers/dotnet/cs/EventSourcedStreams.Analyzers.dll" ] || { echo "the analyzer is missing"; return 1; }
  [ "$(find "$packages" -name '*.nupkg' | wc -l)" -eq $((1 + ${#projects[@]})) ] || { ls "$packages"; return 1; }
}
dependencies() { # a range would let tests' packages, or a floating version, through
  local name
  for name in "${projects[@]}"; do
    sed -nE "s/.*<dependency id=\"([^\"]+)\" version=\"([^\"]+)\".*/$name \1 \2/p" "$work/$name"/*.nuspec
  done >"$work/dependencies"
  cat "$work/dependencies"
  if awk '{print $3}' "$work/dependencies" | grep -vxF "$version" | grep -vE '^[0-9]+(\.[0-9]+){1,3}$'; then return 1; fi
  diff <(awk '{print $1, $2}' "$work/dependencies" | sort) <(sort <<'EOF'
AspNetCore EventSourcedStreams.Domain
AspNetCore EventSourcedStreams.Sqlite
Client Microsoft.Extensions.Http.Resilience
Client Microsoft.Extensions.Http.Resilience
Client System.Net.ServerSentEvents
Domain Microsoft.Extensions.Logging.Abstractions
EventStoreClient Google.Protobuf
EventStoreClient Grpc.Net.Client
EventStoreDb EventSourcedStreams.Domain
EventStoreDb EventSourcedStreams.EventStoreClient
EventStoreDb Polly.Core
Extensions.AI EventSourcedStreams.Domain
Extensions.AI Microsoft.Extensions.AI
Extensions.AI Polly.Core
OpenAI EventSourcedStreams.Domain
OpenAI Microsoft.Extensions.AI.Abstractions
OpenAI Polly.Core
Sqlite EventSourcedStreams.Domain
Sqlite Microsoft.Data.Sqlite.Core
Sqlite SQLitePCLRaw.bundle_e_sqlite3
Testing EventSourcedStreams.AspNetCore
Testing EventSourcedStreams.Domain
EOF
  )
}
no_machine_paths() {
  local name
  for name in "${projects[@]}"; do
    if grep -rlaF "$root" "$work/$name" "$work/$name.symbols"; then return 1; fi
  done
}

# The repository's settings and package versions do not hold where the apps are. What was fetched for the repository is
# not fetched again; ours must come from the folder.
outside() { # folder, command …
  local cache folder=$1
  shift
  cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
  [ ! -e "$cache/eventsourcedstreams.domain" ] || cache=
  (cd "$folder" && TreatWarningsAsErrors=true RestorePackagesPath=$work/packages RestoreFallbackFolders=$cache "$@")
}
feed() {
  (cd "$work" && dotnet new nugetconfig && dotnet nuget add source "$packages" --name event-sourced-streams --configfile nuget.config)
}
new_app() { # name, package …: as README says
  local app=$1
  shift
  (cd "$work" && dotnet new web -o "$app" --no-restore) || return 1
  for package in "$@"; do outside "$work" dotnet add "$app" package "$package" --prerelease || return 1; done
}
readme_lines() { # the first lines of C# in README are a whole program
  awk '/^```csharp/ { on = 1; next } /^```/ { if (on) exit } on' README.md >"$work/app/Program.cs"
  cat "$work/app/Program.cs"
  grep -q MapTextStreams "$work/app/Program.cs"
}
build_app() { outside "$work/$1" dotnet build; }
small() { # an app gets what it needs, and no more
  outside "$work/app" dotnet publish -o "$work/published" || return 1
  diff <(cd "$work/published" && ls ./*.dll) <(sort <<'EOF'
./EventSourcedStreams.AspNetCore.dll
./EventSourcedStreams.Domain.dll
./EventSourcedStreams.Sqlite.dll
./Microsoft.Data.Sqlite.dll
./SQLitePCLRaw.batteries_v2.dll
./SQLitePCLRaw.core.dll
./SQLitePCLRaw.provider.e_sqlite3.dll
./app.dll
EOF
  )
}
start_app() { # name
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  (cd "$work/$1" && exec dotnet "bin/Debug/net10.0/$1.dll" --urls http://127.0.0.1:0) >"$work/log" 2>&1 &
  server=$!
  for _ in $(seq 1800); do
    url=$(sed -nE 's/.*Now listening on: (http[^ ]*).*/\1/p' "$work/log")
    [ -z "$url" ] || return 0
    kill -0 "$server" || break
    sleep 0.1
  done
  cat "$work/log"
  return 1
}
client_app() { # a console that takes the client alone
  (cd "$work" && dotnet new console -o console --no-restore) || return 1
  outside "$work" dotnet add console package EventSourcedStreams.Client --prerelease || return 1
  cp tests/Packages/Console.cs "$work/console/Program.cs" && build_app console && [ ! -e "$work/console/bin/Debug/net10.0/EventSourcedStreams.Domain.dll" ]
}
by_client() { dotnet "$work/console/bin/Debug/net10.0/console.dll" "$url/v1/streams" own | grep -Fx "One, two, three."; }
says_where() { grep -F "Text streams are kept in $work/app/data" "$work/log" && [ -s "$work/app/data/log.db" ]; }
drive() { # id, text
  [ "$(curl -sSf -X POST "$url/v1/streams/$1/drive")" = "$2" ] && [ "$(curl -sSf "$url/v1/streams/$1/text")" = "$2" ]
}
create() { curl -sSf -H 'Content-Type: application/json' -d "$1" "$url/v1/streams"; }
over_http() { create '{"id":"rose","source":"poet"}' && drive rose "Roses are red."; }
by_app_code() { [ "$(curl -sSf "$url/own")" = own ] && drive own "One, two, three."; }
tool() {
  outside "$work" dotnet tool install --tool-path "$work/tools" EventSourcedStreams.Audit --version "$version" || return 1
  "$work/tools/streams-audit" list --store "$work/app/data" && "$work/tools/streams-audit" text rose --store "$work/app/data" | grep -F "Roses are red."
}

check "pack" pack && check "unpack" unpack || finish
check "each has its library, documentation, readme, licence and symbols" contents
check "dependencies are what a user needs, at stated versions" dependencies
check "nothing names a folder of this machine" no_machine_paths
check "a folder is a feed" feed || finish
check "a new web app takes the package from it" new_app app EventSourcedStreams.AspNetCore \
  && check "README's lines are a program" readme_lines \
  && check "it builds without a warning" build_app app \
  && check "its output holds Domain, Sqlite, AspNetCore and SQLite, nothing else" small \
  && check "it runs" start_app app \
  && check "it says where streams are kept" says_where \
  && check "it drives a stream over HTTP" over_http \
  && check "the audit tool installs and shows the stream" tool
check "another takes all packages" new_app all EventSourcedStreams.AspNetCore EventSourcedStreams.OpenAI EventSourcedStreams.EventStoreDb \
  EventSourcedStreams.Extensions.AI EventSourcedStreams.Testing \
  && check "all that can be called has its name and shape" cp tests/Packages/Everything.cs "$work/all/Program.cs" \
  && check "it builds without a warning, appends awaited or not" build_app all \
  && check "it runs in memory" start_app all \
  && check "and drives what its own code created" by_app_code \
  && check "a console takes the client, and builds without a warning" client_app \
  && check "and follows the stream" by_client
finish
