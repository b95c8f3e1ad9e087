#!/usr/bin/env bash
# How long the slowest of all hostile tokens takes to be refused: bench/hostile.sh
# Prints the five slowest of them, and as its last line one JSON object. Half a minute.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
PATH="$root/.dotnet:$PATH"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

[ -n "${EG_BENCH_BUILT:-}" ] || dotnet build "$here/EdgeGuard.Bench.Micro" -c Release -v q --nologo >&2
# What a stored result has to say of itself.
echo "command: bench/hostile.sh"
echo "commit: $(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
echo "date: $(date -u +%Y-%m-%dT%H:%MZ)"
echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(nproc) cores"
exec dotnet "$here/EdgeGuard.Bench.Micro/bin/Release/net10.0/EdgeGuard.Bench.Micro.dll" --hostile
