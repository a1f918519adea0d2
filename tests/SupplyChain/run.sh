#!/usr/bin/env bash
# What is published: its bill of materials names every package that the lock files do, and its assemblies come out the
# same, byte by byte, when they are built twice, from copies of the sources in folders of different names. The last line
# is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

. tests/checks.sh

bill() { # project: as SECURITY.md says
  [ -f "src/$1/obj/project.assets.json" ] || dotnet restore "src/$1" || return 1
  dotnet tool run dotnet-CycloneDX -- "src/$1/$1.csproj" --recursive --disable-package-restore --output-format Json \
    --output "$root/artifacts" --filename "$1.bom.json"
}
names_all() { # project: each package that runs, with its version, its hash and where it is from
  node - "src/$1/packages.lock.json" "artifacts/$1.bom.json" <<'EOF_NODE'
const { readFileSync } = require('node:fs');
const [lock, bom] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const named = new Map(bom.components.map((each) => [each.purl, each]));
const locked = Object.values(lock.dependencies).flatMap((target) => Object.entries(target)).filter(([, each]) => each.type !== 'Project');
const missing = locked.map(([name, each]) => `pkg:nuget/${name}@${each.resolved}`).filter((purl) => !named.get(purl)?.hashes?.length);
console.log(`${locked.length} packages`, missing);
process.exit(locked.length > 0 && missing.length === 0 ? 0 : 1);
EOF_NODE
}

copy() { # folder: what is committed and what is not yet, with the history that the version is read from
  mkdir -p "$work/$1" && git ls-files -z --cached --others --exclude-standard -- src '*.props' global.json .editorconfig |
    tar --null --ignore-failed-read -cf - -T - | tar -xf - -C "$work/$1" &&
    git clone -q --bare --shared "$root" "$work/$1/.git" && git -C "$work/$1" config core.bare false
}
copies() { # both before either is built: they are of one moment
  copy one && copy another/place
}
# Without symbols: the SDK's generator of logging methods writes its classes in an order of chance where a project has
# several, which changes no code, but the hash of its file in the symbols, and through that the assembly's id.
build() { # folder
  dotnet build "$work/$1/src/AspNetCore" --configuration Release -p:RunAnalyzersDuringBuild=false -p:DebugType=none --verbosity quiet
}
assemblies() { # folder
  (cd "$work/$1" && find src -path '*/bin/Release/*' -name 'EventSourcedStreams.*' -name '*.dll' -print0 | sort -z | xargs -0 sha256sum)
}
same() {
  assemblies one >"$work/one.txt" && assemblies another/place >"$work/another.txt"
  cat "$work/one.txt"
  grep -q EventSourcedStreams.Domain.dll "$work/one.txt" && diff "$work/one.txt" "$work/another.txt"
}

check "the tool that writes bills of materials" dotnet tool restore || finish
for project in Web Audit AspNetCore; do
  check "the bill of materials of $project" bill "$project" && check "it names every package, with its hash" names_all "$project"
done
check "the sources are copied twice" copies && check "they build" build one && check "they build again elsewhere" build another/place && check "both builds are the same, byte by byte" same
finish
