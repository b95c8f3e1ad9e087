# Sourced by test.sh: the npm package jose, as the peer that tests of tokens speak to. It lies in the user's cache, outside the repository,
# and is fetched once for each version. Needs eng/system-packages.sh to have run.

JOSE_VERSION=5.10.0

jose_ensure() {
  local folder="${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/edgeguard-test/jose-$JOSE_VERSION"
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    echo "Node.js or npm is not installed: tests against jose are skipped." >&2
    return 0
  fi
  if [ ! -f "$folder/complete" ]; then
    echo "Fetching jose $JOSE_VERSION ..." >&2
    # Its scripts are not run: it has none that are needed.
    if ! mkdir -p "$folder" \
      || ! timeout --signal=TERM --kill-after=10 120 npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund "jose@$JOSE_VERSION" >&2; then
      echo "jose could not be fetched: tests against it are skipped." >&2
      return 0
    fi
    : >"$folder/complete"
  fi
  export EDGEGUARD_TEST_JOSE="$folder"
}
