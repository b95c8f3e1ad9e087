# Sourced by bench/compare.sh: what is compared. One line a lane:
#   name | group | server whose core time and memory count | URL | expected headers and further options of the load generator
# Every lane of a group gets the same request, so that ratios compare servers and not requests: only the lanes with a token send one more header.

# The flags that switch the edge's proxy listener to its proxy lane, and those that keep it on YARP; two edges are started.
EDGE_PROXY_LANE_FLAGS="--proxy-lane true"
EDGE_YARP_FLAGS="--proxy-lane false"

# Headers that a gateway sends along to a decision door; X-Api-Key is one of a thousand.
decision_request() {
  printf '%s\n' --header "X-Original-Method: GET" --header "X-Original-URI: $1" --header "X-Original-Host: api.example" --header "X-Api-Key: key-{key:1000}"
}
proxy_request() {
  printf '%s\n' --header "X-Api-Key: key-{key:1000}"
}

# What is compared with each other stands side by side: their turns come within a second or two.
DECISION_LANES=(nginx_limit_req haproxy_stick_table decision_5rules nginx_return decision_1rule decision_reject)
PROXY_LANES=(nginx_limit_req_proxy haproxy_proxy nginx_proxy edge_proxy_lane yarp edge_yarp_path yarp_rate_limiting)

# Sets LANE_SERVER (a name of start_servers, or empty), LANE_URL and LANE_OPTIONS.
lane() {
  LANE_OPTIONS=()
  local request=()
  case "$1" in
    nginx_return) LANE_SERVER=nginx LANE_URL="http://127.0.0.1:$NGINX_PORT/return" ;;
    nginx_limit_req) LANE_SERVER=nginx LANE_URL="http://127.0.0.1:$NGINX_PORT/limit" ;;
    haproxy_stick_table) LANE_SERVER=haproxy LANE_URL="http://127.0.0.1:$HAPROXY_LIMIT_PORT/" ;;
    decision_*) LANE_SERVER=edge LANE_URL="$EDGE_DECISION/v1/decision" ;;
    nginx_proxy) LANE_SERVER=nginx LANE_URL="http://127.0.0.1:$NGINX_PORT/proxy" ;;
    nginx_limit_req_proxy) LANE_SERVER=nginx LANE_URL="http://127.0.0.1:$NGINX_PORT/limit-proxy" ;;
    haproxy_proxy) LANE_SERVER=haproxy LANE_URL="http://127.0.0.1:$HAPROXY_PROXY_PORT/" ;;
    yarp) LANE_SERVER=yarp LANE_URL="$YARP_URL/" ;;
    yarp_rate_limiting) LANE_SERVER=yarp_limit LANE_URL="$YARP_LIMIT_URL/" ;;
    edge_yarp_path) LANE_SERVER=edge LANE_URL="$EDGE_PROXY/bench/proxy" ;;
    edge_proxy_lane) LANE_SERVER=edge_lane LANE_URL="$EDGE_LANE_PROXY/bench/proxy" ;;
    target:*) LANE_SERVER='' LANE_URL="${TARGETS[${1#target:}]}" ;;
  esac
  case "$1" in
    decision_5rules | decision_5rules_fresh)
      mapfile -t request < <(decision_request /bench/five)
      request+=(--header "Authorization: Bearer {token}" --tokens "$FOLDER/tokens/tokens.txt" --known 100 --expect "X-EdgeGuard-Decision: allow")
      [ "$1" = decision_5rules ] || request+=(--fresh 0.05)
      ;;
    decision_reject)
      mapfile -t request < <(decision_request /bench/reject)
      request+=(--status 429 --expect "X-EdgeGuard-Reason" --expect "Retry-After")
      ;;
    decision_1rule)
      mapfile -t request < <(decision_request /bench/one)
      request+=(--expect "X-EdgeGuard-Decision: allow")
      ;;
    *_proxy | yarp* | edge_*)
      mapfile -t request < <(proxy_request)
      request+=(--expect "X-Bench-Upstream: 1")
      ;;
    *) mapfile -t request < <(decision_request /bench/one) ;;
  esac
  LANE_OPTIONS=("${request[@]}")
}
