#!/usr/bin/env bash
# Checks the load generator against wrk and hey on one nginx: the same answers, the same connections, in alternation. Prints the ratios;
# the last line is one JSON object. bench/check-load.sh [--seconds N] (default 3 for each run, three rounds)
#   throughput   closed loop, ours / wrk and ours / hey: a generator below 1 is the slower client, not the slower server
#   p50 at 2000  ours in an open loop and hey limited to the same rate; they differ by what each client takes itself
#   stall        nginx is stopped for a second: the share of it that p99 tells
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../eng/sdk.sh
source "$REPOSITORY/eng/sdk.sh"
# shellcheck source=compare/servers.sh
source "$REPOSITORY/bench/compare/servers.sh"

SECONDS_A_RUN=3
case "${1:-}" in
  '') ;;
  --seconds) SECONDS_A_RUN="${2:?--seconds wants a number}" ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
for program in "$NGINX" wrk hey taskset; do
  command -v "$program" >/dev/null 2>&1 || { echo "$program is missing: apt-get install nginx-light wrk hey util-linux" >&2; exit 1; }
done

FOLDER="$(mktemp -d)"
PIDS=()
trap 'stop_servers; rm -rf "$FOLDER"' EXIT
trap 'exit 130' INT TERM
sdk_ensure
dotnet build "$REPOSITORY/bench/EdgeGuard.Bench.Load" -c Release -v q --nologo -clp:NoSummary >&2

# choose_cores as bench/compare.sh has it would need a third; here the first core serves and the second asks.
CLIENT=(taskset -c "$(($(nproc) > 1 ? 1 : 0))")
load_generator() { "${CLIENT[@]}" dotnet "$REPOSITORY/bench/EdgeGuard.Bench.Load/bin/Release/net10.0/edgeguard-bench-load.dll" "$@"; }
field() { sed "s/.*\"$1\":\([0-9.]*\).*/\1/" <<<"$2"; }
median() { printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

read -r NGINX_PORT UPSTREAM_PORT HAPROXY_LIMIT_PORT HAPROXY_PROXY_PORT <<<"$(load_generator ports 4)"
configure nginx.conf
start nginx 0 "$NGINX" -p "$FOLDER" -c "$FOLDER/nginx.conf"
URL="http://127.0.0.1:$NGINX_PORT/return"
wait_for nginx answers "$URL"

OURS=() WRK=() HEY=() OURS_P50=() HEY_P50=()
for round in 1 2 3; do
  echo "-- round $round of 3" >&2
  result="$(load_generator "$URL" --warmup 0.5 --seconds "$SECONDS_A_RUN" | tail -n 1)"
  OURS+=("$(field rps "$result")")
  WRK+=("$("${CLIENT[@]}" wrk -t1 -c64 -d"${SECONDS_A_RUN}s" "$URL" | awk '/^Requests\/sec/ { print $2 }')")
  HEY+=("$("${CLIENT[@]}" hey -c 64 -z "${SECONDS_A_RUN}s" "$URL" | awk '/Requests\/sec/ { print $2 }')")
  result="$(load_generator "$URL" --rate 2000 --warmup 0.5 --seconds "$SECONDS_A_RUN" --connections 20 | tail -n 1)"
  OURS_P50+=("$(field p50_us "$result")")
  HEY_P50+=("$("${CLIENT[@]}" hey -c 20 -q 100 -z "${SECONDS_A_RUN}s" "$URL" | awk '/50%/ { print $3 * 1e6 }')")
done

# Half-way through six seconds nginx stands still for one: a tenth and more of all requests are late, so p90 has to show it.
WORKER="$(cat "/proc/${SERVER_PID[nginx]}/task/${SERVER_PID[nginx]}/children")"
stall() {
  sleep 3
  # shellcheck disable=SC2086
  kill -STOP $WORKER
  sleep 1
  # shellcheck disable=SC2086
  kill -CONT $WORKER
}
stall &
result="$(load_generator "$URL" --rate 2000 --warmup 0 --seconds 6 | tail -n 1)"
wait $!
OURS_STALL="$(field p90_us "$result")"
stall &
HEY_STALL="$("${CLIENT[@]}" hey -c 64 -q 31 -z 6s "$URL" | awk '/90%/ { print $3 * 1e6 }')"
wait $!

ours="$(median "${OURS[@]}")" wrk="$(median "${WRK[@]}")" hey="$(median "${HEY[@]}")"
ours_p50="$(median "${OURS_P50[@]}")" hey_p50="$(median "${HEY_P50[@]}")"
awk -v o="$ours" -v w="$wrk" -v h="$hey" -v op="$ours_p50" -v hp="$hey_p50" -v os="$OURS_STALL" -v hs="$HEY_STALL" 'BEGIN {
  printf "throughput, answers/s     ours %.0f  wrk %.0f  hey %.0f   ours/wrk %.2f  ours/hey %.2f\n", o, w, h, o / w, o / h
  printf "p50 at 2000/s, us         ours %.0f  hey %.0f   ours/hey %.2f\n", op, hp, op / hp
  printf "p90 with a second of standstill in six, us   ours %.0f  hey %.0f (a closed loop leaves out what it did not send)\n", os, hs
  printf "{\"ours_rps\":%.0f,\"wrk_rps\":%.0f,\"hey_rps\":%.0f,\"ours_vs_wrk\":%.3f,\"ours_vs_hey\":%.3f,\"ours_p50_us\":%.1f,\"hey_p50_us\":%.1f,\"stall_p90_ours_us\":%.0f,\"stall_p90_hey_us\":%.0f}\n", o, w, h, o / w, o / h, op, hp, os, hs
}'
