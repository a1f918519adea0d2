# Sourced by suites of checks, after "work" names a folder of theirs: a check is a command that passes or fails as a
# whole, and the last line is "N passed, N failed".
passed=0
failed=0

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
