#!/usr/bin/env bash
# Starts control plane, edge and a demo service, ready to try: ./run.sh
# Drives the whole job and proves it, without anybody at the terminal: ./run.sh --smoke
# Ports and folder: ./run.sh --help
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=eng/sdk.sh
source "$REPOSITORY/eng/sdk.sh"

sdk_ensure
LAUNCHER="$REPOSITORY/deploy/demo/EdgeGuard.Demo.Launcher"
echo "-- building (Release)"
# global.json counts from the working folder, the options from where the caller stands.
(
  cd "$REPOSITORY"
  dotnet restore "$LAUNCHER" --locked-mode -v q
  dotnet build "$LAUNCHER" --no-restore -c Release -v q -clp:NoSummary
)
"$REPOSITORY/eng/publish-edge.sh" --output "$REPOSITORY/artifacts/edge"
# The edge that is started is the one that ships, and not the one that was built on the way.
export DEMO_EDGE_ASSEMBLY="$REPOSITORY/artifacts/edge/edgeguard-edge.dll"
exec dotnet "$LAUNCHER/bin/Release/net10.0/edgeguard-demo.dll" "$@"
