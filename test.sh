#!/usr/bin/env bash
# Runs every test of the repository: ./test.sh [--no-format] [PROJECT...]
# Installs what the tests need (as root or with sudo), fetches a missing .NET SDK into .dotnet/, builds Release, starts a private
# PostgreSQL, runs all test projects, each fuzz program for two seconds (eng/fuzz.sh) and ./run.sh --smoke, and ends with
# the line "N passed, N failed" (", N skipped").
set -euo pipefail
REPOSITORY="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$REPOSITORY"
# shellcheck source=eng/sdk.sh
source eng/sdk.sh
# shellcheck source=eng/system-packages.sh
source eng/system-packages.sh
# shellcheck source=eng/node-peers.sh
source eng/node-peers.sh
# shellcheck source=eng/postgres.sh
source eng/postgres.sh
# shellcheck source=eng/test-report.sh
source eng/test-report.sh

RESULTS="$REPOSITORY/artifacts/test-results"
PROJECT_TIMEOUT=1200 # seconds; the slowest project needs a few minutes on two slow cores
CHECK_FORMAT=1
PROJECTS=()
for argument in "$@"; do
  case "$argument" in
    --no-format) CHECK_FORMAT=0 ;;
    -h | --help) sed -n '2,5s/^# //p' "$0"; exit 0 ;;
    -*) echo "unknown option $argument; see ./test.sh --help" >&2; exit 2 ;;
    *) PROJECTS+=("$argument") ;;
  esac
done

RUNNING=()
stop_all() {
  local pid
  for pid in "${RUNNING[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
  done
  postgres_stop
}
trap stop_all EXIT
trap 'exit 130' INT TERM

run_project() {
  local name="$1" folder="$RESULTS/$1"
  mkdir -p "$folder"
  exec timeout --signal=TERM --kill-after=30 "$PROJECT_TIMEOUT" dotnet test "tests/$name/$name.csproj" --no-build -c Release \
    --logger "trx;LogFileName=results.trx" --results-directory "$folder" >"$folder/output.log" 2>&1
}

# Runs the projects given, so many at a time. What a project ended with is in its folder.
run_projects() {
  local at_a_time="$1" name pid
  shift
  local -A names=()
  for name in "$@" ""; do
    while { [ -z "$name" ] && [ "${#names[@]}" -gt 0 ]; } || [ "${#names[@]}" -ge "$at_a_time" ]; do
      local status=0
      wait -n -p pid "${!names[@]}" || status=$?
      echo "$status" >"$RESULTS/${names[$pid]}/exit-code"
      report_project "${names[$pid]}"
      unset "names[$pid]"
      RUNNING=("${!names[@]}")
    done
    [ -n "$name" ] || break
    mkdir -p "$RESULTS/$name"
    run_project "$name" &
    names[$!]="$name"
    RUNNING=("${!names[@]}")
  done
}

report_project() {
  local folder="$RESULTS/$1" status passed failed skipped
  status="$(cat "$folder/exit-code")"
  if [ ! -f "$folder/results.trx" ]; then
    echo "FAIL $1: exit code $status and no results; the end of its output:"
    tail -n 30 "$folder/output.log" | sed 's/^/  /'
    return
  fi
  passed="$(trx_sum passed "$folder/results.trx")"
  failed="$(trx_sum failed "$folder/results.trx")"
  skipped=$(($(trx_sum total "$folder/results.trx") - $(trx_sum executed "$folder/results.trx")))
  printf '%-4s %-32s %5d passed %3d failed %3d skipped\n' "$([ "$status" = 0 ] && echo ok || echo FAIL)" "$1" "$passed" "$failed" "$skipped"
  trx_skipped "$folder/results.trx"
  if [ "$status" != 0 ]; then
    trx_failed "$folder/results.trx"
    sed -n '/\[FAIL\]\|Error Message/,/Stack Trace/p' "$folder/output.log" | head -n 120 | sed 's/^/  /'
  fi
}

system_packages_ensure
sdk_ensure
rm -rf "$RESULTS"
mkdir -p "$RESULTS"

echo "== build"
dotnet restore EdgeGuard.sln --locked-mode -v q
dotnet build EdgeGuard.sln --no-restore -c Release -v q -clp:NoSummary

EXTRA_FAILED=0
if [ "$CHECK_FORMAT" = 1 ]; then
  echo "== format"
  if dotnet format EdgeGuard.sln --verify-no-changes --no-restore >"$RESULTS/format.log" 2>&1; then
    echo "ok   dotnet format --verify-no-changes"
  else
    echo "FAIL dotnet format --verify-no-changes (run: dotnet format EdgeGuard.sln)"
    head -n 40 "$RESULTS/format.log" | sed 's/^/  /'
    EXTRA_FAILED=1
  fi
fi

echo "== test"
postgres_start
node_peers_ensure
SMOKE=0
if [ "${#PROJECTS[@]}" = 0 ]; then
  SMOKE=1
  for project in tests/*.Tests/; do
    PROJECTS+=("$(basename "$project")")
  done
fi
# The end-to-end tests start many processes and thousands of connections: they run alone, at the end.
SHARED=()
ALONE=()
for project in "${PROJECTS[@]}"; do
  if [ "$project" = EdgeGuard.EndToEnd.Tests ]; then ALONE+=("$project"); else SHARED+=("$project"); fi
done
run_projects 2 "${SHARED[@]}"
run_projects 1 "${ALONE[@]}"

EXTRA_PASSED=0
if [ "$SMOKE" = 1 ]; then
  echo "== fuzz"
  eng/fuzz.sh | tee "$RESULTS/fuzz.log" | grep -v '^fuzz:' || true
  EXTRA_PASSED="$(sed -n 's/^fuzz: \([0-9]*\) passed, .*/\1/p' "$RESULTS/fuzz.log")"
  FUZZ_FAILED="$(sed -n 's/^fuzz: .* passed, \([0-9]*\) failed$/\1/p' "$RESULTS/fuzz.log")"
  EXTRA_PASSED="${EXTRA_PASSED:-0}"
  # Without its last line it did not run to its end.
  EXTRA_FAILED=$((EXTRA_FAILED + ${FUZZ_FAILED:-1}))
fi

# The demo proves itself as its users run it; only with a whole run, which has built everything.
if [ "$SMOKE" = 1 ]; then
  echo "== smoke"
  if timeout --signal=TERM --kill-after=30 300 ./run.sh --smoke >"$RESULTS/smoke.log" 2>&1; then
    grep -E '^(ok|smoke:)' "$RESULTS/smoke.log"
    EXTRA_PASSED=$((EXTRA_PASSED + 1))
  else
    echo "FAIL ./run.sh --smoke"
    sed 's/^/  /' "$RESULTS/smoke.log"
    EXTRA_FAILED=$((EXTRA_FAILED + 1))
  fi
fi

FILES=()
for project in "${PROJECTS[@]}"; do
  if [ -f "$RESULTS/$project/results.trx" ]; then
    FILES+=("$RESULTS/$project/results.trx")
    # Killed or crashed half-way: what ran may all have passed, but the project did not.
    if [ "$(cat "$RESULTS/$project/exit-code")" != 0 ] && [ "$(trx_sum failed "$RESULTS/$project/results.trx")" = 0 ]; then
      EXTRA_FAILED=$((EXTRA_FAILED + 1))
    fi
  else
    EXTRA_FAILED=$((EXTRA_FAILED + 1))
  fi
done
PASSED=$(($(trx_sum passed "${FILES[@]}") + EXTRA_PASSED))
FAILED=$(($(trx_sum failed "${FILES[@]}") + EXTRA_FAILED))
SKIPPED=$(($(trx_sum total "${FILES[@]}") - $(trx_sum executed "${FILES[@]}")))
[ "$PASSED" -gt 0 ] || echo "no test ran"
LINE="$PASSED passed, $FAILED failed"
[ "$SKIPPED" = 0 ] || LINE="$LINE, $SKIPPED skipped"
postgres_stop
echo "$LINE"
[ "$FAILED" = 0 ] && [ "$PASSED" -gt 0 ]
