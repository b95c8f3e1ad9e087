#!/usr/bin/env bash
# What callers cost: a decision with a remembered token, and verifications of tokens that are not, next to what OpenSSL says of the same primitives in the
# same run. One core; per second of processor time, as `openssl speed` counts. The last line is one JSON object.
#   bench/identity.sh        some forty seconds
#   CORE=1 bench/identity.sh on another core than 0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
PATH="$root/.dotnet:$PATH"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
core=${CORE:-0}

if [ $# -gt 0 ]; then
  echo "usage: bench/identity.sh" >&2
  exit 2
fi

dotnet build "$here/EdgeGuard.Bench.Micro" -c Release -v q --nologo >&2

ours=$(taskset -c "$core" dotnet "$here/EdgeGuard.Bench.Micro/bin/Release/net10.0/EdgeGuard.Bench.Micro.dll" --identity | tail -1)
theirs=$(
  taskset -c "$core" openssl speed -mr -seconds 2 rsa2048 ecdsap256 ed25519 2>/dev/null
  taskset -c "$core" openssl speed -mr -seconds 2 -bytes 256 -hmac sha256 2>/dev/null
)
echo "openssl: $(openssl version)" >&2
echo "load: $(cut -d' ' -f1-3 /proc/loadavg)" >&2

# Lines of `-mr`: +F2:n:2048:sign:verify, +F4:n:256:sign:verify, +F6:n:253:Ed25519:sign:verify, +F:n:hmac(sha256):bytes, all per second.
awk -F: -v ours="$ours" '
  function own(name) {
    return match(ours, "\"" name "\": [0-9.]+") ? substr(ours, RSTART + length(name) + 4, RLENGTH - length(name) - 4) + 0 : 0
  }
  function add(name, speed) {
    if (own(name "_per_s") == 0 || speed == 0) { exit failed = 1 }
    more = more sprintf(", \"%s_openssl_per_s\": %.0f, \"%s_vs_openssl\": %.2f", name, speed, name, own(name "_per_s") / speed)
  }
  /^\+F2:/ { rsa = $5 }
  /^\+F4:/ { ec = $5 }
  /^\+F6:/ { ed = $6 }
  /^\+F:/ { hmac = $4 / 256 }
  END {
    if (failed) { exit 1 }
    add("rs256", rsa); add("ps256", rsa); add("es256", ec); add("eddsa", ed); add("hmac_sha256", hmac)
    sub(/}$/, "", ours)
    print ours more "}"
  }' <<<"$theirs"
