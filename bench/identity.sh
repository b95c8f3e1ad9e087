#!/usr/bin/env bash
# What callers cost: decisions by callers who are known, which must allocate nothing, and verifications of those who are not, beside what OpenSSL needs for
# the same primitive in the same run. All on one core and per second of processor time. A table; the last line is one JSON object.
#   bench/identity.sh --quick   two seconds each, about a minute and a half
#   bench/identity.sh           ten seconds each
#   CORE=1 bench/identity.sh    on another core than 0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
PATH="$root/.dotnet:$PATH"
export PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
core=${CORE:-0}
case "${1:-}" in
  '') seconds=10 ;;
  --quick) seconds=2 ;;
  *)
    echo "usage: bench/identity.sh [--quick]" >&2
    exit 2
    ;;
esac

[ -n "${EG_BENCH_BUILT:-}" ] || dotnet build "$here/EdgeGuard.Bench.Micro" -c Release -v q --nologo >&2

speed() { taskset -c "$core" openssl speed -mr -seconds "$seconds" "$@" 2>/dev/null; }
# In one process after another: a core that two share tells nothing. OpenSSL before and after, so that a machine that slows down shows.
theirs=$(speed rsa2048 ecdsap256 ed25519)
ours=$(taskset -c "$core" dotnet "$here/EdgeGuard.Bench.Micro/bin/Release/net10.0/EdgeGuard.Bench.Micro.dll" --identity "$seconds" | tail -1)
theirs+=$'\n'$(speed rsa2048 ecdsap256 ecdsap384 ed25519; speed -bytes 256 -hmac sha256; speed -bytes 64 -evp sha256)

# What a stored result has to say of itself.
echo "command: bench/identity.sh${*:+ $*}"
echo "commit: $(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
echo "date: $(date -u +%Y-%m-%dT%H:%MZ)"
echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(nproc) cores"
echo "kernel: $(uname -sr)"
echo "openssl: $(openssl version)"
echo "load: $(cut -d' ' -f1-3 /proc/loadavg)"

# Lines of `-mr`: +F2:n:2048:sign:verify, +F4:n:256:sign:verify, +F6:n:253:Ed25519:sign:verify, all per second; +F:n:name:bytes per second.
awk -F: -v ours="$ours" '
  function own(name) {
    if (!match(ours, "\"" name "\": [0-9.]+")) { print "not measured: " name > "/dev/stderr"; failed = 1; return 0 }
    return substr(ours, RSTART + length(name) + 4, RLENGTH - length(name) - 4) + 0
  }
  function mean(name) { return count[name] ? sum[name] / count[name] : 0 }
  function take(name, rate) { sum[name] += rate; count[name]++ }
  function row(name, title, primitive,    rate, speed) {
    rate = own(name "_per_s"); speed = mean(primitive)
    if (rate == 0 || speed == 0) { print "no figure: " name > "/dev/stderr"; failed = 1; return }
    printf "%-34s %10.0f %9.2f   %-22s %10.0f %9.2f %7.2f\n", title, rate, 1e6 / rate, primitive, speed, 1e6 / speed, speed / rate
    more = more sprintf(", \"%s_openssl_per_s\": %.0f, \"%s_cost_vs_openssl\": %.2f", name, speed, name, speed / rate)
  }
  /^\+F2:/ { take("RSA 2048 verify", $5) }
  /^\+F4:.*:256:/ { take("ECDSA P-256 verify", $5) }
  /^\+F4:.*:384:/ { take("ECDSA P-384 verify", $5) }
  /^\+F6:/ { take("Ed25519 verify", $6) }
  /^\+F:.*hmac/ { take("HMAC-SHA256, 256 bytes", $4 / 256) }
  /^\+F:.*:sha256:/ { take("SHA-256, 64 bytes", $4 / 64) }
  END {
    printf "\n%-34s %10s %9s\n", "decision, one rule", "ns", "bytes"
    printf "%-34s %10.0f %9.0f\n", "remembered token", own("decide_token_ns"), own("decide_token_bytes")
    printf "%-34s %10.0f %9.0f\n", "API key", own("decide_api_key_ns"), own("decide_api_key_bytes")
    printf "\n%-34s %10s %9s   %-22s %10s %9s %7s\n", "verification", "per second", "us", "OpenSSL", "per second", "us", "cost"
    row("rs256", "token RS256", "RSA 2048 verify")
    row("ps256", "token PS256", "RSA 2048 verify")
    row("es256", "token ES256", "ECDSA P-256 verify")
    row("es384", "token ES384", "ECDSA P-384 verify")
    row("eddsa", "token EdDSA", "Ed25519 verify")
    row("dpop_es256", "DPoP proof ES256", "ECDSA P-256 verify")
    row("rfc9421_ed25519", "agent, RFC 9421 Ed25519", "Ed25519 verify")
    row("hmac_agent", "agent, HMAC header", "HMAC-SHA256, 256 bytes")
    row("api_key", "API key", "SHA-256, 64 bytes")
    if (own("decide_token_bytes") + own("decide_api_key_bytes") > 0) { print "a decision allocates" > "/dev/stderr"; failed = 1 }
    sub(/}$/, "", ours)
    print ""
    print ours more "}"
    exit failed
  }' <<<"$theirs"
