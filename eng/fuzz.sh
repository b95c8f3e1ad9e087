#!/usr/bin/env bash
# Runs the fuzz programs: eng/fuzz.sh [--seconds N] [--seed N] [TARGET...]
# Each target for so many seconds (2) with a seed that is printed; without names all of them, two at a time.
# One line for each, "ok" or "FAIL"; a failure tells how to repeat it and leaves its input in artifacts/fuzz/. Needs a Release build.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
seconds=2
seed=$RANDOM
targets=()
while [ "$#" -gt 0 ]; do
  case "$1" in
    --seconds) seconds="$2"; shift ;;
    --seed) seed="$2"; shift ;;
    -h | --help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
    -*) echo "unknown option $1; see eng/fuzz.sh --help" >&2; exit 2 ;;
    *) targets+=("$1") ;;
  esac
  shift
done

program="$root/tests/EdgeGuard.Fuzz/bin/Release/net10.0/EdgeGuard.Fuzz.dll"
folder="$root/artifacts/fuzz"
mkdir -p "$folder"
[ "${#targets[@]}" -gt 0 ] || mapfile -t targets < <(dotnet "$program" list)

# A reader that never ends is a failure, too: the slowest machine needs no minute more than it was told.
run_target() {
  timeout --signal=KILL "$((${seconds%.*} + 60))" dotnet "$program" run "$1" --seed "$seed" --seconds "$seconds" --folder "$folder" >"$folder/$1.log" 2>&1
}

failed=0
report() {
  if [ "$2" = 0 ]; then
    echo "ok   fuzz $(tail -n 1 "$folder/$1.log") (seed $seed)"
  else
    failed=$((failed + 1))
    echo "FAIL fuzz $1 (seed $seed, exit code $2; its input: dotnet $program repeat $1 $folder/$1.input)"
    head -n 40 "$folder/$1.log" | sed 's/^/  /'
  fi
}

declare -A running=()
for target in "${targets[@]}" ""; do
  while { [ -z "$target" ] && [ "${#running[@]}" -gt 0 ]; } || [ "${#running[@]}" -ge 2 ]; do
    status=0
    wait -n -p pid "${!running[@]}" || status=$?
    report "${running[$pid]}" "$status"
    unset "running[$pid]"
  done
  [ -n "$target" ] || break
  run_target "$target" &
  running[$!]="$target"
done
echo "fuzz: $((${#targets[@]} - failed)) passed, $failed failed"
[ "$failed" = 0 ]
