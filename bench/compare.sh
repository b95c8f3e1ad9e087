#!/usr/bin/env bash
# How fast the edge is beside nginx, HAProxy and YARP on one core. A table, and one JSON object on the last line.
#   bench/compare.sh [--seconds N] [--quick] [--target NAME=URL]... [--connections N]
#   --seconds N        seconds of each turn of a server (default 2)
#   --quick            fewer and shorter turns; within 4 minutes once built
#   --target NAME=URL  measures another server that speaks the decision API too; start and pin it yourself
#   --connections N    connections of the load generator (default 64)
# The result is kept in bench/results/. Exit code 1: a server gave wrong answers, or does not run. docs/benchmarks.md explains the figures.
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
COMMAND="bench/compare.sh${*:+ $*}"
# shellcheck source=../eng/sdk.sh
source "$REPOSITORY/eng/sdk.sh"
# shellcheck source=compare/servers.sh
source "$REPOSITORY/bench/compare/servers.sh"
# shellcheck source=compare/lanes.sh
source "$REPOSITORY/bench/compare/lanes.sh"

TURN=2 ROUNDS=15 RATE_ROUNDS=7 SATURATION_ROUNDS=9 WARM_UP=30 WARM_UP_TOTAL=300 CONNECTIONS=64 RATE=2000 KIND=full
declare -A TARGETS=()
TARGET_NAMES=()
wrong_usage() {
  echo "$1" >&2
  sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}
while [ "$#" -gt 0 ]; do
  case "$1" in
    --quick) KIND=quick TURN=0.4 ROUNDS=9 RATE_ROUNDS=4 SATURATION_ROUNDS=7 WARM_UP=20 WARM_UP_TOTAL=80 ;;
    --seconds | --connections)
      [[ "${2:-}" =~ ^[0-9]+(\.[0-9]+)?$ ]] || wrong_usage "$1 wants a number"
      if [ "$1" = --seconds ]; then SECONDS_GIVEN="$2"; else CONNECTIONS="$2"; fi
      shift
      ;;
    --target)
      [[ "${2:-}" =~ ^[A-Za-z0-9_-]+=http://.+$ ]] || wrong_usage "--target wants NAME=http://IP:PORT/path"
      TARGETS["${2%%=*}"]="${2#*=}"
      TARGET_NAMES+=("target:${2%%=*}")
      shift
      ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) wrong_usage "unknown option $1" ;;
  esac
  shift
done
TURN="${SECONDS_GIVEN:-$TURN}"

FOLDER="$(mktemp -d)"
PIDS=()
trap 'stop_servers; rm -rf "$FOLDER"' EXIT
trap 'exit 130' INT TERM

install_missing() {
  local packages=()
  command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || packages+=(nginx-light)
  command -v haproxy >/dev/null 2>&1 || [ -x /usr/sbin/haproxy ] || packages+=(haproxy)
  command -v wrk >/dev/null 2>&1 || packages+=(wrk)
  command -v taskset >/dev/null 2>&1 || packages+=(util-linux)
  [ "${#packages[@]}" -gt 0 ] || return 0
  echo "Installing: ${packages[*]}" >&2
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  "${as_root[@]}" apt-get update -q >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >&2
}

build() {
  local project
  cd "$REPOSITORY"
  "$REPOSITORY/eng/publish-edge.sh" --output "$REPOSITORY/artifacts/edge" >&2
  for project in bench/EdgeGuard.Bench.Load bench/EdgeGuard.Bench.Yarp; do
    dotnet restore "$project" --locked-mode -v q >&2
    dotnet build "$project" --no-restore -c Release -v q --nologo -clp:NoSummary >&2
  done
}

# Servers on one core, the client on another, and what they forward to on a third if there is one, or with the client.
choose_cores() {
  local cores
  mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' | awk -F- '{ for (i = $1; i <= (NF > 1 ? $2 : $1); i++) print i }')
  SERVER_CORE="${cores[0]}"
  CLIENT_CORE="${cores[1]:-${cores[0]}}"
  UPSTREAM_CORE="${cores[2]:-$CLIENT_CORE}"
  [ "$CLIENT_CORE" != "$SERVER_CORE" ] || echo "Only one core: server and client share it, and no figure means much." >&2
}

load_generator() { taskset -c "$CLIENT_CORE" dotnet "$REPOSITORY/bench/EdgeGuard.Bench.Load/bin/Release/net10.0/edgeguard-bench-load.dll" "$@"; }

# plan LANE...: a line for each, with tabulators between name, processes, address and options.
plan() {
  local name
  for name in "$@"; do
    lane "$name"
    { printf '%s\t%s\t%s\t--connections\t%s' "$name" "$(pids_of "${LANE_SERVER:-none}")" "$LANE_URL" "$CONNECTIONS"
      printf '\t%s' "${LANE_OPTIONS[@]}"
      printf '\n'; } >>"$FOLDER/plan.txt"
  done
}

describe() {
  {
    echo "command=$COMMAND"
    echo "kind=$KIND"
    echo "commit=$(git -C "$REPOSITORY" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
    echo "changed=$(git -C "$REPOSITORY" status --porcelain 2>/dev/null | grep -c -v 'bench/results/' || true)"
    echo "date=$(date -u +%Y-%m-%dT%H:%MZ)"
    echo "cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    echo "cores=$(nproc)"
    echo "memory_mb=$(awk '/^MemTotal/ { printf "%d", $2 / 1024 }' /proc/meminfo)"
    echo "kernel=$(uname -sr)"
    echo "load_before=$LOAD_BEFORE"
    echo "dotnet=$(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \([^ ]*\).*/\1/p' | tail -n 1)"
    echo "nginx=$("$NGINX" -v 2>&1 | sed 's/.*nginx\///')"
    echo "haproxy=$("$HAPROXY" -v | sed -n 's/^HAProxy version \([^ ]*\).*/\1/p')"
    echo "cores_used=server $SERVER_CORE, client $CLIENT_CORE, upstream $UPSTREAM_CORE"
    echo "connections=$CONNECTIONS"
    echo "seconds=$TURN"
    echo "rounds=$ROUNDS"
    echo "rate=$RATE"
    echo "edge=${EDGE_PROGRAM[*]##*/}"
    echo "rss_idle_kb=$RSS_IDLE_KB"
  } >"$FOLDER/meta.txt"
}

install_missing
sdk_ensure
build
choose_cores
LOAD_BEFORE="$(cut -d' ' -f1 /proc/loadavg)"
start_servers
RSS_IDLE_KB="$(server_rss_kb edge)"
LANES=("${DECISION_LANES[@]}" "${TARGET_NAMES[@]}" "${PROXY_LANES[@]}")

plan "${LANES[@]}" decision_5rules_fresh
load_generator compare "$FOLDER" slice="$TURN" rounds="$ROUNDS" rate-rounds="$RATE_ROUNDS" saturation-rounds="$SATURATION_ROUNDS" warm-up="$WARM_UP" warm-up-total="$WARM_UP_TOTAL" rate="$RATE"

describe
mkdir -p "$REPOSITORY/bench/results"
STATUS=0
load_generator report "$FOLDER" >"$FOLDER/report.txt" || STATUS=$?
[ -s "$FOLDER/report.txt" ] || exit 1
cp "$FOLDER/report.txt" "$REPOSITORY/bench/results/compare-$KIND.txt"
cat "$FOLDER/report.txt"
exit "$STATUS"
