# Sourced by test.sh: npm packages as peers that tests speak to, jose for tokens and proofs, others for signatures over requests, and vocabularies of models. They lie in the
# user's cache, outside the repository, and are fetched once for each version. Needs eng/system-packages.sh to have run.

node_peers_ensure() {
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    echo "Node.js or npm is not installed: tests against npm packages are skipped." >&2
    return 0
  fi
  node_peer_ensure EDGEGUARD_TEST_JOSE jose-5.10.0 jose@5.10.0
  node_peer_ensure EDGEGUARD_TEST_SIGNATURES signatures-1.0.6-0.1.3 http-message-signatures@1.0.6 web-bot-auth@0.1.3
  # Vocabularies of models, of which files are read.
  node_peer_ensure EDGEGUARD_TEST_TIKTOKEN tiktoken-1.0.22 tiktoken@1.0.22
  NODE_PEER_UNPACK=@grpc/grpc-js-xds@1.14.1 node_peer_ensure EDGEGUARD_TEST_GRPC grpc-1.14.1-0.8.1 @grpc/grpc-js@1.14.1 @grpc/proto-loader@0.8.1
}

# node_peer_ensure VARIABLE FOLDER PACKAGE...: the packages in a folder of the cache, which the variable is set to.
node_peer_ensure() {
  local variable="$1" folder="${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/edgeguard-test/$2"
  shift 2
  if [ ! -f "$folder/complete" ]; then
    echo "Fetching $* ..." >&2
    # Their scripts are not run: they have none that are needed.
    if ! mkdir -p "$folder" \
      || ! timeout --signal=TERM --kill-after=10 120 npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund "$@" >&2; then
      echo "$* could not be fetched: tests against it are skipped." >&2
      return 0
    fi
    # A package of which only files are read: unpacked as it is, without what it depends on.
    if [ -n "${NODE_PEER_UNPACK:-}" ] \
      && ! (cd "$folder" && timeout --signal=TERM --kill-after=10 60 npm pack --silent "$NODE_PEER_UNPACK" >/dev/null && tar -xzf ./*.tgz && rm -f ./*.tgz) >&2; then
      echo "$NODE_PEER_UNPACK could not be fetched: tests against it are skipped." >&2
      return 0
    fi
    : >"$folder/complete"
  fi
  export "$variable=$folder"
}
