#!/usr/bin/env bash
# How soon the edge is ready, what memory it needs, whether memory stays flat, and what a scrape takes. One JSON object on the last line.
#   bench/startup.sh [--starts N] [--requests N]
#   --starts N    starts with 1 000 policies, on all cores and pinned to one in alternation (default 9 each)
#   --requests N  requests for the memory figures, each with a path and a key never sent before (default 1000000; 10000000 for the full claim)
# The result is kept in bench/results/startup.txt. docs/benchmarks.md explains the figures.
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
COMMAND="bench/startup.sh${*:+ $*}"
# shellcheck source=../eng/sdk.sh
source "$REPOSITORY/eng/sdk.sh"
STARTS=9 REQUESTS=1000000
while [ "$#" -gt 0 ]; do
  case "$1" in
    --starts) STARTS="${2:?}" ;;
    --requests) REQUESTS="${2:?}" ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift 2
done

EDGE="$REPOSITORY/artifacts/edge"
FOLDER="$(mktemp -d)"
PID=''
stop_edge() {
  [ -n "$PID" ] || return 0
  kill -TERM "$PID" 2>/dev/null || true
  wait "$PID" 2>/dev/null || true
  PID=''
}
trap 'stop_edge; rm -rf "$FOLDER"' EXIT
trap 'exit 130' INT TERM

# bundle COUNT FILE: policies of two rules each.
bundle() {
  awk -v count="$1" 'BEGIN {
    printf "{\"format\":\"edgeguard/v1\",\"bundle_version\":1,\"policies\":["
    for (i = 0; i < count; i++) {
      printf "%s{\"id\":\"policy-%d\",\"spec\":{\"selector\":{\"methods\":[\"GET\",\"POST\"],\"pathPrefix\":\"/v1/%d/\"},\"rules\":[", i ? "," : "", i, i
      printf "{\"name\":\"per-key\",\"limit_keys\":[\"header:x-api-key\"],\"algorithm\":\"token_bucket\",\"algorithm_config\":{\"tokens_per_second\":50,\"burst\":100}},"
      printf "{\"name\":\"per-team\",\"limit_keys\":[\"header:x-team\"],\"algorithm\":\"token_bucket\",\"algorithm_config\":{\"tokens_per_second\":500,\"burst\":1000}}]}}"
    }
    printf "]}"
  }' >"$2"
}

now_us() { echo "${EPOCHREALTIME/[.,]/}"; }

is_ready() {
  local line
  exec 8<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET /readyz HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n' >&8
  read -r line <&8
  exec 8>&-
  [[ "$line" == *" 200 "* ]]
} 2>/dev/null

# start BUNDLE [PREFIX...]: sets PID, PROBES, DECISION and READY_MS, from before the process is made until /readyz says 200.
start() {
  local policies="$1" began line
  shift
  rm -rf "$FOLDER/state"
  mkdir -p "$FOLDER/state"
  began="$(now_us)"
  exec 7< <(exec "$@" dotnet "$EDGE/edgeguard-edge.dll" --bundle "$policies" --bundle.accept unsigned --upstream http://127.0.0.1:9 --state-dir "$FOLDER/state" \
    --listen.proxy 127.0.0.1:0 --listen.decision 127.0.0.1:0 --listen.decision-http2 127.0.0.1:0 --listen.probes 127.0.0.1:0 2>&1)
  PID=$!
  PROBES='' DECISION=''
  while [ -z "$PROBES" ] || [ -z "$DECISION" ]; do
    read -r line <&7 || { echo "the edge did not start" >&2; exit 1; }
    case "$line" in
      "listening probes "*) PROBES="${line##*:}" ;;
      "listening decision http"*) DECISION="${line##*:}" ;;
    esac
  done
  until is_ready "$PROBES"; do
    kill -0 "$PID" 2>/dev/null || { echo "the edge ended" >&2; exit 1; }
    sleep 0.002
  done
  READY_MS=$((($(now_us) - began) / 1000))
  cat <&7 >/dev/null &
}

median() { sort -n | awk '{ values[NR] = $1 } END { print values[int((NR + 1) / 2)] }'; }

# Resident memory in MiB without the pages of the counter table, for which the bound does not count.
rss_mb() {
  awk '/^[0-9a-f]+-[0-9a-f]+ / { table = ($NF ~ /\/counters\.dat$/) } /^Rss:/ { if (!table) sum += $2 } END { printf "%d", sum / 1024 }' "/proc/$PID/smaps"
}

load() { dotnet "$REPOSITORY/bench/EdgeGuard.Bench.Load/bin/Release/net10.0/edgeguard-bench-load.dll" "http://127.0.0.1:$DECISION/v1/decision" "$@" | tail -n 1; }
count_of() { sed 's/.*"answered":\([0-9]*\).*/\1/' <<<"$1"; }

cd "$REPOSITORY"
sdk_ensure
"$REPOSITORY/eng/publish-edge.sh" --output "$EDGE" >&2
dotnet restore bench/EdgeGuard.Bench.Load --locked-mode -v q >&2
dotnet build bench/EdgeGuard.Bench.Load --no-restore -c Release -v q --nologo -clp:NoSummary >&2
bundle 1000 "$FOLDER/1000.json"
bundle 10000 "$FOLDER/10000.json"
CORE="$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')"

echo "-- $STARTS starts on all cores and on one" >&2
for ((round = 0; round <= STARTS; round++)); do
  start "$FOLDER/1000.json"
  [ "$round" = 0 ] || echo "$READY_MS" >>"$FOLDER/all"
  stop_edge
  start "$FOLDER/1000.json" taskset -c "$CORE"
  [ "$round" = 0 ] || echo "$READY_MS" >>"$FOLDER/one" # Round 0 fills the page cache.
  stop_edge
done

echo "-- memory" >&2
start "$FOLDER/1000.json"
sleep 3
IDLE="$(rss_mb)"
TABLE="$(awk '/^[0-9a-f]+-[0-9a-f]+ / { table = ($NF ~ /\/counters\.dat$/) } /^Rss:/ { if (table) sum += $2 } END { printf "%d", sum / 1024 }' "/proc/$PID/smaps")"
SENT=0 FIRST='' # Eight requests under way on a connection: more of them in the same time, and the same work for each.
for ((run = 0; SENT < REQUESTS; run++)); do
  result="$(load --seconds 5 --warmup 0 --pipeline 8 --header "X-Original-Method: GET" --header "X-Original-URI: /v1/1/{seq}/$run" --header "X-Original-Host: api.example" \
    --header "X-Api-Key: {seq}-$run" --header "X-Team: {seq}-$run")"
  SENT=$((SENT + $(count_of "$result")))
  # What is compiled and rented once is there after the first run; from then on nothing may grow.
  [ -n "$FIRST" ] || FIRST="$(rss_mb)"
done
AFTER="$(rss_mb)"
stop_edge

echo "-- scrape" >&2
start "$FOLDER/10000.json"
load --seconds 3 --warmup 0 --header "X-Original-Method: GET" --header "X-Original-URI: /v1/{seq}/a" --header "X-Original-Host: api.example" --header "X-Api-Key: {seq}" --header "X-Team: {seq}" --status 200 --status 404 >/dev/null
for ((i = 0; i < 10; i++)); do curl -s -o "$FOLDER/page" -w '%{time_total}\n' "http://127.0.0.1:$PROBES/metrics"; done | awk 'NR > 1 { print $1 * 1000 }' >"$FOLDER/scrapes"
SCRAPE="$(median <"$FOLDER/scrapes")"
SERIES="$(grep -c '^edgeguard_decisions_total{' "$FOLDER/page")"
stop_edge

{
  echo "command: $COMMAND"
  echo "commit: $(git -C "$REPOSITORY" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
  echo "date: $(date -u +%Y-%m-%dT%H:%MZ)"
  echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
  echo "kernel: $(uname -sr)"
  echo "publish: $(cat "$EDGE/.published")"
  echo
  echo "start to ready, all cores, ms: $(sort -n "$FOLDER/all" | tr '\n' ' ')"
  echo "start to ready, one core, ms:  $(sort -n "$FOLDER/one" | tr '\n' ' ')"
  echo "resident MiB without the counter table: idle $IDLE, after the first run $FIRST, after $SENT requests $AFTER (idle table: $TABLE)"
  echo "scrape with 10000 policies, ms: $(sort -n "$FOLDER/scrapes" | tr '\n' ' ') ($SERIES series, $(wc -c <"$FOLDER/page") bytes)"
  echo
  printf '{"ready_ms":%d,"ready_min_ms":%d,"ready_one_core_ms":%d,"idle_rss_mb":%d,"after_load_rss_mb":%d,"flat_growth_mb":%d,"requests":%d,"scrape_ms":%.1f}\n' \
    "$(median <"$FOLDER/all")" "$(sort -n "$FOLDER/all" | head -n 1)" "$(median <"$FOLDER/one")" "$IDLE" "$AFTER" "$((AFTER - FIRST))" "$SENT" "$SCRAPE"
} | tee "$REPOSITORY/bench/results/startup.txt"
