#!/usr/bin/env bash
# Compares the tests of two revisions by name: tests/names.sh BEFORE [AFTER], AFTER by default the working tree.
# A name that is gone needs a line "name — reason" in tests/removed-tests.md; the exit code is 1 where one has none.
set -euo pipefail
cd "$(dirname "$0")/.."
before=$1
after=${2:-}

names() { # revision, or nothing for the working tree: a line a test, its method's name (C#) or its sentence (JavaScript)
  if [ -n "$1" ]; then git grep -h '' "$1" -- 'tests/**/*.cs'; else git grep -h --untracked '' -- 'tests/**/*.cs'; fi |
    awk '/^ *\[[A-Za-z]*(Fact|Theory|Property)[](,]/ { test = 1 }
         test && match($0, /(public|internal) (async )?(static )?(Task|void|Property|ValueTask|bool)(<[^>]*>)? [A-Za-z0-9_]+/) {
           name = substr($0, RSTART, RLENGTH); sub(/.* /, "", name); print name; test = 0 }'
  if [ -n "$1" ]; then git grep -h '' "$1" -- 'tests/**/*.test.js'; else git grep -h --untracked '' -- 'tests/**/*.test.js'; fi |
    sed -nE "s/^ *(test|it)\(['\"\`](.*)['\"\`], .*/\2/p"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
names "$before" | sort >"$work/before"
names "$after" | sort >"$work/after"
echo "$(wc -l <"$work/before") tests before, $(wc -l <"$work/after") after"
comm -23 <(uniq "$work/before") <(uniq "$work/after") >"$work/gone"
missing=0
while read -r name; do
  if reason=$(grep -F -- "$name — " tests/removed-tests.md 2>/dev/null); then echo "gone: $reason"; else
    echo "gone without a reason: $name"
    missing=$((missing + 1))
  fi
done <"$work/gone"
[ "$missing" -eq 0 ] || exit 1
