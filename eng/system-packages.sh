# Sourced by test.sh: installs what the tests use of the operating system, when it is not there.

# What a test uses, and the Debian package that brings it.
#   initdb      real PostgreSQL for the control plane's second SQL dialect
#   openssl     certificates as other tools read them, and tokens that it signs
#   setpriv     dropping privileges and running as an unprivileged user (image test)
#   curl        fetching the SDK
system_packages_missing() {
  command -v curl >/dev/null 2>&1 || echo curl ca-certificates
  command -v openssl >/dev/null 2>&1 || echo openssl
  command -v setpriv >/dev/null 2>&1 || echo util-linux
  [ -n "$(postgres_bin)" ] || echo postgresql
}

postgres_bin() {
  local found
  found="$(find /usr/lib/postgresql -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)"
  if [ -n "$found" ]; then
    dirname "$found"
  elif command -v initdb >/dev/null 2>&1; then
    dirname "$(command -v initdb)"
  fi
}

# Node.js with its package manager, for eng/node-peers.sh. Apart from the others: a system without them still gets the rest.
system_packages_missing_node() {
  command -v node >/dev/null 2>&1 || echo nodejs
  command -v npm >/dev/null 2>&1 || echo npm
}

# Peers of single tests, each by itself: what cannot be had is skipped.
#   testssl        versions and ciphers of the listeners
#   slowhttptest   slow clients
#   chromium       pages that call the edge from other origins
system_packages_missing_peers() {
  command -v testssl >/dev/null 2>&1 || echo testssl.sh
  command -v slowhttptest >/dev/null 2>&1 || echo slowhttptest
  command -v chromium >/dev/null 2>&1 || echo chromium
}

# Gateways that the shipped configurations are tried in, looked for where Debian puts them, and a client that sends many calls over HTTP/2. Apart from
# the others as well.
system_packages_missing_gateways() {
  [ -x /usr/sbin/nginx ] || echo nginx
  [ -f /usr/lib/nginx/modules/ngx_http_lua_module.so ] || echo libnginx-mod-http-lua
  [ -x /usr/sbin/haproxy ] || echo haproxy
  [ -x /usr/bin/caddy ] || echo caddy
  command -v h2load >/dev/null 2>&1 || echo nghttp2-client
}

system_packages_ensure() {
  system_packages_install "$(system_packages_missing | tr '\n' ' ')"
  system_packages_install "$(system_packages_missing_node | tr '\n' ' ')"
  system_packages_install "$(system_packages_missing_gateways | tr '\n' ' ')"
  local peer
  for peer in $(system_packages_missing_peers); do
    system_packages_install "$peer"
  done
}

# Installs the packages named, as root or with sudo; says so when it cannot, and goes on.
system_packages_install() {
  local missing="$1" as_root=()
  [ -n "${missing// /}" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing: $missing. This is no Debian or Ubuntu; install them yourself. Tests that need them are skipped and say so." >&2
    return 0
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      echo "Missing: $missing. Neither root nor sudo without a password; install them yourself. Tests that need them are skipped and say so." >&2
      return 0
    fi
    as_root=(sudo -n)
  fi
  echo "Installing: $missing" >&2
  # shellcheck disable=SC2086
  "${as_root[@]}" apt-get update -q >&2 \
    && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2 \
    || echo "Could not install: $missing. Tests that need them are skipped and say so." >&2
}
