# Sourced by test.sh: a private PostgreSQL for one test run, on a Unix socket in a temporary folder. It shares nothing with a
# server that the machine may run, and is stopped by its own process id. Needs eng/system-packages.sh.

POSTGRES_PID=""
POSTGRES_FOLDER=""

# PostgreSQL refuses to run as root.
postgres_as() {
  if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"
  else
    exec "$@"
  fi
}

postgres_start() {
  local bin
  bin="$(postgres_bin)"
  if [ -z "$bin" ]; then
    echo "PostgreSQL is not installed: its tests are skipped." >&2
    return 0
  fi
  POSTGRES_FOLDER="$(mktemp -d "${TMPDIR:-/tmp}/eg-pg.XXXXXX")"
  chmod 0755 "$POSTGRES_FOLDER"
  mkdir "$POSTGRES_FOLDER/data" "$POSTGRES_FOLDER/socket"
  if [ "$(id -u)" = 0 ]; then
    chown -R postgres:postgres "$POSTGRES_FOLDER"
  fi
  (cd "$POSTGRES_FOLDER" && postgres_as "$bin/initdb" -D "$POSTGRES_FOLDER/data" -U edgeguard -A trust -E UTF8 --no-sync --locale=C) \
    >"$POSTGRES_FOLDER/initdb.log" 2>&1 || { cat "$POSTGRES_FOLDER/initdb.log" >&2; return 1; }
  # Without fsync: the data lives as long as the run. 200 connections: every test class has a database and a pool of its own.
  (cd "$POSTGRES_FOLDER" && postgres_as "$bin/postgres" -D "$POSTGRES_FOLDER/data" -k "$POSTGRES_FOLDER/socket" -c listen_addresses= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB) \
    >"$POSTGRES_FOLDER/postgres.log" 2>&1 &
  POSTGRES_PID=$!
  local try
  for try in $(seq 1 300); do
    if "$bin/pg_isready" -q -h "$POSTGRES_FOLDER/socket" -U edgeguard -d postgres; then
      export EDGEGUARD_TEST_POSTGRES="Host=$POSTGRES_FOLDER/socket;Username=edgeguard;Database=postgres"
      return 0
    fi
    kill -0 "$POSTGRES_PID" 2>/dev/null || break
    sleep 0.1
  done
  echo "PostgreSQL did not start (after $try tries):" >&2
  cat "$POSTGRES_FOLDER/postgres.log" >&2
  return 1
}

postgres_stop() {
  if [ -n "$POSTGRES_PID" ] && kill -0 "$POSTGRES_PID" 2>/dev/null; then
    kill -INT "$POSTGRES_PID" 2>/dev/null || true
    wait "$POSTGRES_PID" 2>/dev/null || true
  fi
  POSTGRES_PID=""
  if [ -n "$POSTGRES_FOLDER" ]; then
    rm -rf "$POSTGRES_FOLDER"
  fi
  POSTGRES_FOLDER=""
}
