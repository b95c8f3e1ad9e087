#!/usr/bin/env bash
# Micro-benchmarks of the engine. Before the last line it says which budget of bench/budgets.json is kept and which is missed; the last line is
# one JSON object.
#   bench/micro.sh           BenchmarkDotNet, a quarter of an hour
#   bench/micro.sh --short   BenchmarkDotNet with three iterations of each in one process, six minutes
#   bench/micro.sh --quick   the main figures measured in one process, about a minute
#   ... --check              exit code 1 when a budget is missed: on a quiet machine only, since times are no promise of a busy one
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
PATH="$root/.dotnet:$PATH"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

for option in "$@"; do
  case "$option" in
    --quick | --short | --check) ;;
    *)
      echo "usage: bench/micro.sh [--quick | --short] [--check]" >&2
      exit 2
      ;;
  esac
done

dotnet build "$here/EdgeGuard.Bench.Micro" -c Release -v q --nologo >&2

# What a stored result has to say of itself.
echo "command: bench/micro.sh${*:+ $*}"
echo "commit: $(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
echo "date: $(date -u +%Y-%m-%dT%H:%MZ)"
echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(nproc) cores"
echo "kernel: $(uname -sr)"
echo

# BenchmarkDotNet writes its artifacts into the current directory.
mkdir -p "$here/results"
cd "$here/results"
exec dotnet "$here/EdgeGuard.Bench.Micro/bin/Release/net10.0/EdgeGuard.Bench.Micro.dll" "$here/budgets.json" "$@"
