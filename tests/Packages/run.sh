#!/usr/bin/env bash
# Packs what is published, looks into it, and has a new app outside the repository restore, build (warnings are errors) and drive it.
# Ordinary feeds are used beside the local folder, as a user would. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$PWD
packages=$root/artifacts/packages
work=$(mktemp -d)
projects=(Domain Sqlite EventStoreDb OpenAI Testing EventStoreClient EventStoreServer AspNetCore)
passed=0
failed=0
server=
command -v unzip >/dev/null || { apt-get update -qq && apt-get install -y -qq unzip >/dev/null; }
stop() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  rm -rf "$work"
}
trap stop EXIT

check() { # name, command …
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1))
    echo "passed: $name"
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    tail -n 40 "$work/out"
    return 1
  fi
}
finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

pack() {
  local project
  rm -rf "$packages"
  for project in "${projects[@]}"; do
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
    [ -s "$work/$name.symbols/lib/net10.0/EventSourcedStreams.$name.pdb" ] || { echo "$name lacks symbols"; return 1; }
    grep -q '<license type="expression">Apache-2.0<' "$work/$name"/*.nuspec && grep -q '<readme>README.md<' "$work/$name"/*.nuspec || return 1
  done
  [ "$(ls "$packages" | wc -l)" -eq $((2 * ${#projects[@]})) ] || { ls "$packages"; return 1; }
}
dependencies() { # a range would let tests' packages, or a floating version, through
  local name
  for name in "${projects[@]}"; do
    sed -nE "s/.*<dependency id=\"([^\"]+)\" version=\"([^\"]+)\".*/$name \1 \2/p" "$work/$name"/*.nuspec
  done >"$work/dependencies"
  cat "$work/dependencies"
  if awk '{print $3}' "$work/dependencies" | grep -vE '^[0-9]+(\.[0-9]+){1,3}$'; then return 1; fi
  diff <(awk '{print $1, $2}' "$work/dependencies" | sort) <(sort <<'EOF'
AspNetCore EventSourcedStreams.Domain
AspNetCore EventSourcedStreams.EventStoreServer
AspNetCore EventSourcedStreams.Infrastructure
EventStoreClient Google.Protobuf
EventStoreClient Grpc.Net.Client
EventStoreServer EventSourcedStreams.Sqlite
EventStoreServer Grpc.AspNetCore
Infrastructure EventSourcedStreams.Domain
Infrastructure EventSourcedStreams.EventStoreClient
Infrastructure Microsoft.Data.Sqlite.Core
Infrastructure OpenAI
Infrastructure Polly.Core
Infrastructure SQLitePCLRaw.bundle_e_sqlite3
EOF
  )
}
no_machine_paths() {
  local name
  for name in "${projects[@]}"; do
    if grep -rlaF "$root" "$work/$name" "$work/$name.symbols"; then return 1; fi
  done
}

new_app() {
  local cache
  cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
  mkdir "$work/app"
  cat >"$work/app/app.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <!-- What was fetched for this repository is not fetched again; ours must come from the local folder. -->
    <RestorePackagesPath>$work/packages</RestorePackagesPath>
    <RestoreFallbackFolders>$([ -e "$cache/eventsourcedstreams.domain" ] || echo "$cache")</RestoreFallbackFolders>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="EventSourcedStreams.AspNetCore" Version="$version" />
  </ItemGroup>
</Project>
EOF
  cat >"$work/app/nuget.config" <<EOF
<configuration><packageSources><add key="local" value="$packages" /></packageSources></configuration>
EOF
  cat >"$work/app/Program.cs" <<'EOF'
using EventSourcedStreams.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddTextStreams(builder.Configuration)
    .AddSource("poet", async (request, append, ct) => { await append("Roses are red,\n"); await append("violets are blue.\n"); });
var app = builder.Build();
app.MapTextStreams();
app.MapGet("/own", async (TextStreams streams, CancellationToken ct) =>
    (await streams.CreateAsync(new NewTextStream("poet") { Id = "own" }, ct)).Value);
app.Run();
EOF
  # Neither the repository's settings nor its package versions hold here.
  (cd "$work/app" && dotnet restore)
}
build_app() { (cd "$work/app" && dotnet build --no-restore); }
start_app() {
  (cd "$work/app" && exec dotnet bin/Debug/net10.0/app.dll --urls http://127.0.0.1:0 --Embedded:Path "$work/data") >"$work/log" 2>&1 &
  server=$!
  for _ in $(seq 300); do
    url=$(sed -nE 's/.*Now listening on: (http[^ ]*).*/\1/p' "$work/log")
    [ -z "$url" ] || return 0
    kill -0 "$server" || break
    sleep 0.1
  done
  cat "$work/log"
  return 1
}
drive() { # id
  local wanted
  wanted=$(printf 'Roses are red,\nviolets are blue.')
  [ "$(curl -sSf -X POST "$url/v1/streams/$1/drive")" = "$wanted" ] && [ "$(curl -sSf "$url/v1/streams/$1/text")" = "$wanted" ]
}
over_http() {
  curl -sSf -H 'Content-Type: application/json' -d '{"id":"rose","source":"poet"}' "$url/v1/streams" && drive rose
}
by_app_code() { [ "$(curl -sSf "$url/own")" = own ] && drive own; }

check "pack" pack && check "unpack" unpack || finish
check "each has its library, documentation, readme, licence and symbols" contents
check "dependencies are what a user needs, at stated versions" dependencies
check "nothing names a folder of this machine" no_machine_paths
check "a new app restores them from a folder" new_app \
  && check "and builds without a warning" build_app \
  && check "and runs" start_app \
  && check "and drives a stream over HTTP" over_http \
  && check "and one that its own code created" by_app_code
finish
