#!/usr/bin/env bash
# Prometheus's own tool over docker/prometheus: the configurations, the rules, and the rules' tests. Installs it from
# Debian where it can; elsewhere it says that it was skipped. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../../docker/prometheus"
if ! command -v promtool >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus >/dev/null
fi
if ! command -v promtool >/dev/null; then
  echo "skipped: promtool is not installed (Debian: apt-get install prometheus), so docker/prometheus was not checked"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. ../../tests/checks.sh

# Each question of the dashboard as a rule: that it can be asked is all that is held here.
dashboard() {
  local rules=$work/dashboard.yml
  node -e '
    const { panels } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const rules = panels.flatMap((panel) => panel.targets).map(({ expr }, i) => ({ record: `dashboard:${i}`, expr: expr.replaceAll("$instance", ".*") }));
    if (rules.length < 20) process.exit(1);
    console.log(JSON.stringify({ groups: [{ name: "dashboard", rules }] }));' ../grafana/dashboards/text-streams.json >"$rules" &&
    promtool check rules "$rules"
}

check "the dashboard's questions" dashboard
check "the rules" promtool check rules alerts.yml
check "the configuration for one host" promtool check config prometheus.yml
check "the configuration for a cluster" promtool check config prometheus.cluster.yml
check "what the rules say of made-up series" promtool test rules alerts.test.yml
finish
