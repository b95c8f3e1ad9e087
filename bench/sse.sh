#!/usr/bin/env bash
# What the edge adds to each event of a model's stream. One JSON object on the last line; two minutes once built.
#   bench/sse.sh
# A provider streams chat completions, each event with the time at which it was sent; a client reads them from it and through the edge, in turns. The edge
# counts every event against a limit by tokens. The result is kept in bench/results/sse.txt; docs/benchmarks.md explains the figures.
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=../eng/sdk.sh
source "$REPOSITORY/eng/sdk.sh"
[ "$#" -eq 0 ] || { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

EDGE="$REPOSITORY/artifacts/edge"
LOAD="$REPOSITORY/bench/EdgeGuard.Bench.Load/bin/Release/net10.0/edgeguard-bench-load.dll"
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

cd "$REPOSITORY"
sdk_ensure
if [ -z "${EG_BENCH_BUILT:-}" ]; then
  "$REPOSITORY/eng/publish-edge.sh" --output "$EDGE" >&2
  dotnet restore bench/EdgeGuard.Bench.Load --locked-mode -v q >&2
  dotnet build bench/EdgeGuard.Bench.Load --no-restore -c Release -v q --nologo -clp:NoSummary >&2
fi

cat >"$FOLDER/policies.yaml" <<'YAML'
format: edgeguard/v1
bundle_version: 1
llm_providers:
  - {id: mock, format: openai}
policies:
  - id: chat
    spec:
      selector: {pathPrefix: /v1/, methods: [POST]}
      llm: {provider: mock}
      rules:
        - name: team-tokens
          limit_keys: ["header:x-team", "llm:model"]
          algorithm: token_bucket_llm
          algorithm_config: {tokens_per_minute: 1000000000, token_source: {estimator: calibrated}}
YAML
PROVIDER="$(dotnet "$LOAD" ports 1)"
mkdir "$FOLDER/state"
exec 7< <(exec dotnet "$EDGE/edgeguard-edge.dll" --bundle "$FOLDER/policies.yaml" --bundle.accept unsigned --upstream "http://127.0.0.1:$PROVIDER" --state-dir "$FOLDER/state" \
  --listen.proxy 127.0.0.1:0 --listen.decision off --listen.decision-http2 off --listen.probes 127.0.0.1:0 2>&1)
PID=$!
PROXY=''
while [ -z "$PROXY" ]; do
  read -r line <&7 || { echo "the edge did not start" >&2; exit 1; }
  case "$line" in
    "listening proxy http"*) PROXY="${line##*:}" ;;
  esac
done
cat <&7 >/dev/null &

{
  echo "command: bench/sse.sh"
  echo "commit: $(git -C "$REPOSITORY" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
  echo "date: $(date -u +%Y-%m-%dT%H:%MZ)"
  echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
  echo "kernel: $(uname -sr)"
  echo
  dotnet "$LOAD" streams "$PROVIDER" "http://127.0.0.1:$PROXY"
} | tee "$FOLDER/result"
mkdir -p "$REPOSITORY/bench/results"
cp "$FOLDER/result" "$REPOSITORY/bench/results/sse.txt"
