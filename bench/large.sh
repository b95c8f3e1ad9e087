#!/usr/bin/env bash
# Passes a large body through the proxy lane in both directions and tells what that does to the edge's memory.
#   bench/large.sh [GIGABYTES]      1 unless told otherwise; needs curl and python3
# The last line is one JSON object: seconds down and up, and by how many megabytes the edge has grown at most. Fails when a body does not come whole, or for more than 32 of them.
set -euo pipefail
REPOSITORY="$(cd "$(dirname "$0")/.." && pwd)"
BYTES=$((${1:-1} * 1024 * 1024 * 1024))
MOST_MB=32
FOLDER="$(mktemp -d)"
PIDS=()
cleanup() {
  for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$FOLDER"
}
trap cleanup EXIT

wait_for() {
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    if grep -q "^$2" "$FOLDER/$1"; then return 0; fi
    sleep 0.1
  done
  echo "$1 did not start:" >&2
  cat "$FOLDER/$1" >&2
  exit 1
}

# The service behind the edge: as many bytes as asked for, or as many as it is sent.
cat >"$FOLDER/service.py" <<'SERVICE'
import socketserver, sys

class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data, piece = b"", bytearray(1 << 18)
        while b"\r\n\r\n" not in data:
            data += self.request.recv(65536)
        head, rest = data.split(b"\r\n\r\n", 1)
        if head.startswith(b"GET"):
            left = int(sys.argv[1])
            self.request.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % left)
            while left > 0:
                left -= self.request.send(piece[: min(left, len(piece))])
            return
        length = int([line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")][0])
        got = len(rest)
        while got < length:
            count = self.request.recv_into(piece)
            if count == 0:
                return
            got += count
        answer = b"%d" % got
        self.request.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))

class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

with Server(("127.0.0.1", 0), Handler) as server:
    print("listening", server.server_address[1], flush=True)
    server.serve_forever()
SERVICE
python3 "$FOLDER/service.py" "$BYTES" >"$FOLDER/service.log" 2>&1 &
PIDS+=($!)
wait_for service.log "listening "
SERVICE="$(awk '/^listening/ { print $2 }' "$FOLDER/service.log")"

cat >"$FOLDER/policies.yaml" <<'POLICIES'
format: edgeguard/v1
bundle_version: 1
policies:
  - id: all
    spec:
      selector: {pathPrefix: /}
      rules:
        - {name: per-host, limit_keys: ["header:host"], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 1000}}
POLICIES
EDGE="$REPOSITORY/edge/EdgeGuard.Edge/bin/Release/net10.0/edgeguard-edge.dll"
[ -n "${EG_BENCH_BUILT:-}" ] || dotnet build "$REPOSITORY/edge/EdgeGuard.Edge" -c Release -v q --nologo >&2
dotnet "$EDGE" --bundle "$FOLDER/policies.yaml" --bundle.accept unsigned --upstream "http://127.0.0.1:$SERVICE" --state-dir "$FOLDER/state" \
  --listen.proxy 127.0.0.1:0 --listen.decision off --listen.decision-http2 off --listen.probes off >"$FOLDER/edge.log" 2>&1 &
EDGE_PID=$!
PIDS+=($EDGE_PID)
wait_for edge.log "listening proxy "
URL="$(sed -n 's/^listening proxy //p' "$FOLDER/edge.log" | head -n 1)"

memory_kb() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/$EDGE_PID/status"; }

# Code and buffers of the first requests are not what is asked for here.
head -c 67108864 /dev/zero >"$FOLDER/warm"
curl -sS -o /dev/null -T "$FOLDER/warm" -X POST -H "Expect:" "$URL/up"
curl -sS -o /dev/null --max-time 60 -r 0-0 "$URL/down"
before="$(memory_kb VmHWM)"
down="$(curl -sS -o /dev/null --max-time 120 -w '%{size_download} %{time_total}' "$URL/down")"
truncate -s "$BYTES" "$FOLDER/body"
got="$(curl -sS --max-time 120 -w ' %{time_total}' -T "$FOLDER/body" -X POST -H "Expect:" "$URL/up")"
grown=$((($(memory_kb VmHWM) - before) / 1024))
echo "down: ${down#* } s, up: ${got#* } s, the edge has grown by $grown MB to $(($(memory_kb VmHWM) / 1024)) MB" >&2
echo "{\"bytes\":$BYTES,\"down_seconds\":${down#* },\"up_seconds\":${got#* },\"grown_mb\":$grown}"
[ "${down%% *}" = "$BYTES" ] && [ "${got%% *}" = "$BYTES" ] && [ "$grown" -le "$MOST_MB" ]
