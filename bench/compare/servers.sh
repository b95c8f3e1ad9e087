# Sourced by bench/compare.sh: starts the servers, each with its own pid, and reads what they use from /proc.

NGINX="$(command -v nginx || echo /usr/sbin/nginx)"
HAPROXY="$(command -v haproxy || echo /usr/sbin/haproxy)"
declare -A SERVER_PID=()

# A configuration of bench/compare with its places filled in.
configure() {
  sed -e "s|@FOLDER@|$FOLDER|g" -e "s|@JWKS@|$FOLDER/tokens/jwks.json|g" -e "s|@NGINX_PORT@|$NGINX_PORT|g" \
    -e "s|@UPSTREAM_PORT@|$UPSTREAM_PORT|g" -e "s|@HAPROXY_LIMIT_PORT@|$HAPROXY_LIMIT_PORT|g" \
    -e "s|@HAPROXY_PROXY_PORT@|$HAPROXY_PROXY_PORT|g" "$REPOSITORY/bench/compare/$1" >"$FOLDER/$1"
}

# start NAME CORE COMMAND...: output and errors go to NAME.log.
start() {
  local name="$1" core="$2"
  shift 2
  taskset -c "$core" "$@" >"$FOLDER/$name.log" 2>&1 &
  SERVER_PID["$name"]=$!
  PIDS+=($!)
}

# wait_for NAME COMMAND...: until the command succeeds, 30 seconds at most.
wait_for() {
  local name="$1" tries
  shift
  for ((tries = 0; tries < 300; tries++)); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    kill -0 "${SERVER_PID[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "$name did not start:" >&2
  tail -n 20 "$FOLDER/$name.log" >&2
  exit 1
}

answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' "$@")" = 200 ]; }
listening() { grep -q "^listening $2" "$FOLDER/$1.log"; }
address() { sed -n "s|^listening $2||p" "$FOLDER/$1.log" | head -n 1; }

# What ships of the edge; eng/publish-edge.sh has made it.
EDGE_PROGRAM=(dotnet "$REPOSITORY/artifacts/edge/edgeguard-edge.dll")

# The edge as it ships: its defaults, but for addresses, folders and where its bundle is.
start_edge() {
  local name="$1"
  shift
  mkdir -p "$FOLDER/$name-state"
  start "$name" "$SERVER_CORE" env EDGEGUARD_REFERENCES__FILES="$FOLDER/tokens/" \
    "${EDGE_PROGRAM[@]}" --bundle "$FOLDER/policies.yaml" --bundle.accept unsigned \
    --upstream "http://127.0.0.1:$UPSTREAM_PORT" --state-dir "$FOLDER/$name-state" --listen.proxy 127.0.0.1:0 \
    --listen.decision 127.0.0.1:0 --listen.decision-http2 127.0.0.1:0 --listen.probes 127.0.0.1:0 "$@"
  wait_for "$name" listening "$name" "probes "
  wait_for "$name" answers "$(address "$name" "probes ")/readyz"
}

start_servers() {
  local flags
  read -r NGINX_PORT UPSTREAM_PORT HAPROXY_LIMIT_PORT HAPROXY_PROXY_PORT <<<"$(load_generator ports 4)"
  # Enough for 5 % of RATE, and as much again.
  load_generator tokens "$FOLDER/tokens" "$(awk -v s="$TURN" -v n="$RATE_ROUNDS" -v r="$RATE" 'BEGIN { printf "%d", 300 + s * n * r * 0.1 }')"
  local file
  for file in nginx.conf upstream.conf haproxy.cfg policies.yaml; do configure "$file"; done

  start upstream "$UPSTREAM_CORE" "$NGINX" -p "$FOLDER" -c "$FOLDER/upstream.conf"
  start nginx "$SERVER_CORE" "$NGINX" -p "$FOLDER" -c "$FOLDER/nginx.conf"
  start haproxy "$SERVER_CORE" "$HAPROXY" -f "$FOLDER/haproxy.cfg"
  start yarp "$SERVER_CORE" dotnet "$REPOSITORY/bench/EdgeGuard.Bench.Yarp/bin/Release/net10.0/edgeguard-bench-yarp.dll" "http://127.0.0.1:$UPSTREAM_PORT"
  start yarp_limit "$SERVER_CORE" dotnet "$REPOSITORY/bench/EdgeGuard.Bench.Yarp/bin/Release/net10.0/edgeguard-bench-yarp.dll" "http://127.0.0.1:$UPSTREAM_PORT" --limit
  wait_for upstream answers "http://127.0.0.1:$UPSTREAM_PORT/"
  wait_for nginx answers "http://127.0.0.1:$NGINX_PORT/return"
  wait_for haproxy answers "http://127.0.0.1:$HAPROXY_LIMIT_PORT/"
  wait_for yarp listening yarp ""
  wait_for yarp_limit listening yarp_limit ""
  YARP_URL="$(address yarp "")" YARP_LIMIT_URL="$(address yarp_limit "")"

  read -r -a flags <<<"$EDGE_YARP_FLAGS"
  start_edge edge "${flags[@]}"
  EDGE_DECISION="$(address edge "decision ")" EDGE_PROXY="$(address edge "proxy ")" EDGE_LANE_PROXY=''
  if [ -n "$EDGE_PROXY_LANE_FLAGS" ]; then
    read -r -a flags <<<"$EDGE_PROXY_LANE_FLAGS"
    start_edge edge_lane "${flags[@]}"
    EDGE_LANE_PROXY="$(address edge_lane "proxy ")"
  fi
  # Spends the only request of the policy that refuses.
  wait_for edge answers -H "X-Original-Method: GET" -H "X-Original-URI: /bench/reject" -H "X-Original-Host: api.example" "$EDGE_DECISION/v1/decision"
}

# A server and its children (nginx's worker): /proc knows them by their parent.
pids_of() {
  local pid="${SERVER_PID[$1]:-}"
  [ -n "$pid" ] || return 0
  echo "$pid" "$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)"
}

server_rss_kb() {
  local pid total=0
  for pid in $(pids_of "${1:-none}"); do
    total=$((total + $(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")))
  done
  echo "$total"
}

stop_servers() {
  local pid tries
  for pid in "${PIDS[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${PIDS[@]}"; do
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
