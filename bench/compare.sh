#!/usr/bin/env bash
# How fast the edge is beside nginx, HAProxy and YARP on one core. A table, and one JSON object on the last line.
#   bench/compare.sh [--seconds N] [--quick] [--target NAME=URL]... [--connections N]
#   --seconds N        measured seconds of each run (default 5)
#   --quick            three short rounds; within 4 minutes once built
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

SECONDS_A_RUN=5 WARM_UP=1 ROUNDS=5 OPEN_ROUNDS=3 FIRST_PASS=5 CONNECTIONS=64 RATE=2000 KIND=full
declare -A TARGETS=()
TARGET_NAMES=()
wrong_usage() {
  echo "$1" >&2
  sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}
while [ "$#" -gt 0 ]; do
  case "$1" in
    --quick) KIND=quick SECONDS_A_RUN=1 WARM_UP=0.3 ROUNDS=3 OPEN_ROUNDS=2 FIRST_PASS=5 ;;
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
SECONDS_A_RUN="${SECONDS_GIVEN:-$SECONDS_A_RUN}"

FOLDER="$(mktemp -d)"
RUNS="$FOLDER/runs.jsonl"
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
  for project in edge/EdgeGuard.Edge bench/EdgeGuard.Bench.Load bench/EdgeGuard.Bench.Yarp; do
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

# measure LANE PHASE ROUND [options]: one run, one line in the file of runs.
measure() {
  local name="$1" phase="$2" round="$3" before after result status=0
  shift 3
  lane "$name"
  before="$(server_cpu_ticks "$LANE_SERVER")"
  result="$(load_generator "$LANE_URL" --name "$name" --connections "$CONNECTIONS" --seed "$round" "${LANE_OPTIONS[@]}" "$@")" || status=$?
  after="$(server_cpu_ticks "$LANE_SERVER")"
  result="$(tail -n 1 <<<"$result")"
  [ "${result:0:1}" = '{' ] || { echo "$name: the load generator ended with $status and no result" >&2; exit 1; }
  [ "$phase" = first ] || printf '{"lane":"%s","phase":"%s","round":%d,"cpu_ticks":%d,"rss_kb":%d,"load":%s}\n' \
    "$name" "$phase" "$round" "$((after - before))" "$(server_rss_kb "$LANE_SERVER")" "$result" >>"$RUNS"
  [ "$status" = 0 ] || echo "$name ($phase, round $round) did not answer as it should: $result" >&2
}

# The middle of what a lane reached in the closed loop, times a share.
share_of_saturation() {
  grep "\"lane\":\"$1\",\"phase\":\"max\"" "$RUNS" | sed 's/.*"rps":\([0-9.]*\).*/\1/' | sort -n \
    | awk -v share="$2" '{ rates[NR] = $1 } END { printf "%d", rates[int((NR + 1) / 2)] * share }'
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
    echo "seconds=$SECONDS_A_RUN"
    echo "rounds=$ROUNDS"
    echo "rate=$RATE"
    echo "ticks_per_second=$(getconf CLK_TCK)"
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
[ -z "$EDGE_PROXY_LANE_FLAGS" ] || LANES+=(edge_proxy_lane)

echo "-- first pass, not counted" >&2
for name in "${LANES[@]}"; do
  measure "$name" first 0 --warmup 0 --seconds "$FIRST_PASS"
done
for ((round = 1; round <= ROUNDS; round++)); do
  echo "-- throughput, round $round of $ROUNDS" >&2
  for name in "${LANES[@]}"; do
    measure "$name" max "$round" --warmup "$WARM_UP" --seconds "$SECONDS_A_RUN"
  done
done
for ((round = 1; round <= OPEN_ROUNDS; round++)); do
  echo "-- latency at $RATE/s, round $round of $OPEN_ROUNDS" >&2
  for name in "${LANES[@]}"; do
    measure "$name" rate "$round" --rate "$RATE" --warmup "$WARM_UP" --seconds "$SECONDS_A_RUN"
  done
done
echo "-- latency with never-seen tokens, and at 70 % of saturation" >&2
measure decision_5rules fresh 1 --rate "$RATE" --fresh 0.05 --warmup "$WARM_UP" --seconds "$SECONDS_A_RUN"
PROXY_LANE=edge_yarp_path
[ -z "$EDGE_PROXY_LANE_FLAGS" ] || PROXY_LANE=edge_proxy_lane
for pair in "decision_1rule nginx_return" "$PROXY_LANE nginx_proxy"; do
  rate="$(share_of_saturation "${pair% *}" 0.7)"
  for name in $pair; do
    measure "$name" saturation 1 --rate "$rate" --poisson --warmup "$WARM_UP" --seconds "$SECONDS_A_RUN"
  done
done

describe
mkdir -p "$REPOSITORY/bench/results"
STATUS=0
load_generator report "$FOLDER" >"$FOLDER/report.txt" || STATUS=$?
[ -s "$FOLDER/report.txt" ] || exit 1
cp "$FOLDER/report.txt" "$REPOSITORY/bench/results/compare-$KIND.txt"
cat "$FOLDER/report.txt"
exit "$STATUS"
