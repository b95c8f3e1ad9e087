#!/usr/bin/env bash
# What the settings of the garbage collector and of the JIT cost and gain: p99.9 of forwarded requests that allocate, and memory. One JSON object on the last line.
#   bench/gc.sh [--rounds N] [--seconds N] [--rate N]
# The edge as it ships forwards to nginx through YARP, the path that allocates most, at a fixed rate; each setting in alternation, on all cores and on one.
# The result is kept in bench/results/gc.txt.
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
COMMAND="bench/gc.sh${*:+ $*}"
# shellcheck source=../eng/sdk.sh
source "$REPOSITORY/eng/sdk.sh"
ROUNDS=3 SECONDS_A_RUN=4 RATE=2000
while [ "$#" -gt 0 ]; do
  case "$1" in
    --rounds) ROUNDS="${2:?}" ;;
    --seconds) SECONDS_A_RUN="${2:?}" ;;
    --rate) RATE="${2:?}" ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift 2
done
NGINX="$(command -v nginx || echo /usr/sbin/nginx)"
[ -x "$NGINX" ] || { echo "nginx is not installed; bench/compare.sh installs it" >&2; exit 1; }

declare -A SETTINGS=(
  [server_datas]=''
  [server_fixed]='DOTNET_GCDynamicAdaptationMode=0'
  [workstation]='DOTNET_gcServer=0'
  [workstation_not_concurrent]='DOTNET_gcServer=0 DOTNET_gcConcurrent=0'
  [without_pgo]='DOTNET_TieredPGO=0'
)
NAMES=(server_datas server_fixed workstation workstation_not_concurrent without_pgo)
FOLDER="$(mktemp -d)"
PID='' UPSTREAM=''
stop() {
  [ -z "$PID" ] || { kill -TERM "$PID" 2>/dev/null || true; wait "$PID" 2>/dev/null || true; }
  PID=''
}
trap 'stop; [ -z "$UPSTREAM" ] || kill -TERM "$UPSTREAM" 2>/dev/null || true; rm -rf "$FOLDER"' EXIT
trap 'exit 130' INT TERM

load() { dotnet "$REPOSITORY/bench/EdgeGuard.Bench.Load/bin/Release/net10.0/edgeguard-bench-load.dll" "$@"; }
rss_mb() { awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$PID/status"; }

cd "$REPOSITORY"
sdk_ensure
"$REPOSITORY/eng/publish-edge.sh" --output "$REPOSITORY/artifacts/edge" >&2
dotnet restore bench/EdgeGuard.Bench.Load --locked-mode -v q >&2
dotnet build bench/EdgeGuard.Bench.Load --no-restore -c Release -v q --nologo -clp:NoSummary >&2
mapfile -t CORES < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' | awk -F- '{ for (i = $1; i <= (NF > 1 ? $2 : $1); i++) print i }')
CLIENT="${CORES[1]:-${CORES[0]}}"
read -r UPSTREAM_PORT <<<"$(load ports 1)"
sed -e "s|@FOLDER@|$FOLDER|g" -e "s|@UPSTREAM_PORT@|$UPSTREAM_PORT|g" bench/compare/upstream.conf >"$FOLDER/upstream.conf"
taskset -c "$CLIENT" "$NGINX" -p "$FOLDER" -c "$FOLDER/upstream.conf" >"$FOLDER/upstream.log" 2>&1 &
UPSTREAM=$!
cat >"$FOLDER/policies.yaml" <<'POLICIES'
format: edgeguard/v1
bundle_version: 1
policies:
  - id: proxied
    spec:
      selector: {pathPrefix: /}
      rules:
        - {name: per-key, limit_keys: ["header:x-api-key"], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000000, burst: 1000000}}
POLICIES

# run CORES NAME: one line with p99 and p99.9 in microseconds and resident memory before and after.
run() {
  local cores="$1" name="$2" result idle proxy='' tries
  rm -rf "$FOLDER/state"
  mkdir -p "$FOLDER/state"
  # shellcheck disable=SC2086
  taskset -c "$cores" env ${SETTINGS[$name]} dotnet artifacts/edge/edgeguard-edge.dll --bundle "$FOLDER/policies.yaml" --bundle.accept unsigned --proxy-lane false \
    --upstream "http://127.0.0.1:$UPSTREAM_PORT" --state-dir "$FOLDER/state" --listen.proxy 127.0.0.1:0 --listen.decision 127.0.0.1:0 \
    --listen.decision-http2 127.0.0.1:0 --listen.probes 127.0.0.1:0 >"$FOLDER/edge.log" 2>&1 &
  PID=$!
  for ((tries = 0; tries < 300; tries++)); do
    proxy="$(sed -n 's|^listening proxy ||p' "$FOLDER/edge.log")"
    [ -z "$proxy" ] || break
    kill -0 "$PID" 2>/dev/null || { cat "$FOLDER/edge.log" >&2; exit 1; }
    sleep 0.1
  done
  sleep 1
  idle="$(rss_mb)"
  result="$(taskset -c "$CLIENT" dotnet "$REPOSITORY/bench/EdgeGuard.Bench.Load/bin/Release/net10.0/edgeguard-bench-load.dll" "$proxy/bench/proxy/a" \
    --connections 32 --rate "$RATE" --warmup 2 --seconds "$SECONDS_A_RUN" --header "X-Api-Key: {key:1000}" | tail -n 1)"
  echo "$cores $name $(sed 's/.*"p99_us":\([0-9.]*\).*/\1/' <<<"$result") $(sed 's/.*"p999_us":\([0-9.]*\).*/\1/' <<<"$result") $idle $(rss_mb)" >>"$FOLDER/runs"
  stop
}

for ((round = 1; round <= ROUNDS; round++)); do
  for cores in "$(IFS=,; echo "${CORES[*]}")" "${CORES[0]}"; do
    for name in "${NAMES[@]}"; do run "$cores" "$name"; done
  done
done

median_of() { awk -v c="$1" -v n="$2" -v f="$3" '$1 == c && $2 == n { print $f }' "$FOLDER/runs" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
{
  echo "command: $COMMAND"
  echo "commit: $(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
  echo "date: $(date -u +%Y-%m-%dT%H:%MZ)"
  echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
  echo "kernel: $(uname -sr)"
  echo
  echo "cores, setting, p99 us, p99.9 us, resident MiB before and after, each round:"
  cat "$FOLDER/runs"
  echo
  separator='{'
  for cores in "$(IFS=,; echo "${CORES[*]}")" "${CORES[0]}"; do
    for name in "${NAMES[@]}"; do
      printf '%s"%s_on_%s":{"p99_us":%s,"p999_us":%s,"idle_rss_mb":%s,"rss_mb":%s}' "$separator" "$name" "${cores//,/_}" \
        "$(median_of "$cores" "$name" 3)" "$(median_of "$cores" "$name" 4)" "$(median_of "$cores" "$name" 5)" "$(median_of "$cores" "$name" 6)"
      separator=','
    done
  done
  printf '}\n'
} | tee "$REPOSITORY/bench/results/gc.txt"
