#!/usr/bin/env bash
# Publishes the edge as it ships: framework-dependent, compiled ahead of time (ReadyToRun) for one Linux runtime.
#   eng/publish-edge.sh --output FOLDER [--arch amd64|arm64]
# run.sh, Dockerfile.edge and the benchmarks all run what this makes; docs/adr/0070-edge-compiled-ahead.md says why.
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=sdk.sh
source "$REPOSITORY/eng/sdk.sh"
PROJECT="$REPOSITORY/edge/EdgeGuard.Edge/EdgeGuard.Edge.csproj"

OUTPUT='' ARCH=''
while [ "$#" -gt 0 ]; do
  case "$1" in
    --output) OUTPUT="${2:?--output wants a folder}" ;;
    --arch) ARCH="${2-}" ;;
    *) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$OUTPUT" ] || { echo "--output is missing" >&2; exit 2; }
case "${ARCH:-$(uname -m)}" in
  amd64 | x86_64) RUNTIME=linux-x64 ;;
  arm64 | aarch64) RUNTIME=linux-arm64 ;;
  *) RUNTIME='' ;;
esac

# The marker is older than what it was made of: something has changed since.
is_current() {
  [ -f "$OUTPUT/.published" ] || return 1
  [ "$(cat "$OUTPUT/.published")" = "${RUNTIME:-portable}" ] || return 1
  [ -z "$(cd "$REPOSITORY" && find edge bundles control-plane/EdgeGuard.Contracts eng/shared Directory.*.props Directory.Build.targets global.json eng/publish-edge.sh \
    -name bin -prune -o -name obj -prune -o -type f -newer "$OUTPUT/.published" -print -quit)" ]
}

publish() {
  dotnet publish "$PROJECT" --no-restore --configuration Release -v q --nologo -p:RunAnalyzers=false -p:UseAppHost=false --no-self-contained --output "$OUTPUT" "$@"
}

if is_current; then
  exit 0
fi
sdk_ensure
cd "$REPOSITORY" # global.json counts from the working folder
# Nothing of an earlier publish may lie among the assemblies of this one.
rm -rf "$OUTPUT"
echo "-- publishing the edge (${RUNTIME:-portable})"
if [ -n "$RUNTIME" ] && dotnet restore "$PROJECT" --locked-mode -v q -p:EdgeRuntime="$RUNTIME"; then
  publish -p:EdgeRuntime="$RUNTIME"
  printf '%s' "$RUNTIME" >"$OUTPUT/.published"
else
  echo "The packages that compile for '${RUNTIME:-$(uname -m)}' could not be restored: the edge is published portable, and starts about 0.3 s later." >&2
  dotnet restore "$PROJECT" --locked-mode -v q
  publish
  printf 'portable' >"$OUTPUT/.published"
fi
