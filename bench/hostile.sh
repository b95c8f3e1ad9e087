#!/usr/bin/env bash
# How long the slowest of all hostile tokens takes to be refused: bench/hostile.sh
# Prints the five slowest of them, and as its last line one JSON object. Half a minute.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATH="$(dirname "$here")/.dotnet:$PATH"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build "$here/EdgeGuard.Bench.Micro" -c Release -v q --nologo >&2
exec dotnet "$here/EdgeGuard.Bench.Micro/bin/Release/net10.0/EdgeGuard.Bench.Micro.dll" --hostile
