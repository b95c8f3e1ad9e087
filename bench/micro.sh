#!/usr/bin/env bash
# Micro-benchmarks of the engine. The last line is one JSON object.
#   bench/micro.sh           BenchmarkDotNet, some minutes
#   bench/micro.sh --quick   the same figures measured in one process, some twenty seconds
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
PATH="$root/.dotnet:$PATH"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

case "${1:-}" in
  '' | --quick) ;;
  *)
    echo "usage: bench/micro.sh [--quick]" >&2
    exit 2
    ;;
esac

dotnet build "$here/EdgeGuard.Bench.Micro" -c Release -v q --nologo >&2

# BenchmarkDotNet writes its artifacts into the current directory.
mkdir -p "$here/results"
cd "$here/results"
exec dotnet "$here/EdgeGuard.Bench.Micro/bin/Release/net10.0/EdgeGuard.Bench.Micro.dll" "$@"
