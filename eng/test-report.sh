# Sourced by test.sh: adds up what the test runs wrote (.trx, XML of VSTest).

# Sum of one counter (passed, failed, error, timeout, aborted, total, executed) over the files given.
trx_sum() {
  local counter="$1" sum=0 file value
  shift
  for file in "$@"; do
    value="$(grep -o '<Counters [^>]*' "$file" | sed -n "s/.* $counter=\"\([0-9]*\)\".*/\1/p" | head -n 1)"
    sum=$((sum + ${value:-0}))
  done
  echo "$sum"
}

# One line for each skipped test: its name and its reason.
trx_skipped() {
  awk '
    /<UnitTestResult / {
      skipped = /outcome="NotExecuted"/
      name = $0
      sub(/.* testName="/, "", name)
      sub(/" .*/, "", name)
      reason = ""
      if (/\/>[ \t\r]*$/) { if (skipped) print "  skipped " name; skipped = 0 }
    }
    skipped && /<(Message|StdOut)>/ && reason == "" {
      reason = $0
      sub(/.*<(Message|StdOut)>/, "", reason)
      sub(/<\/(Message|StdOut)>.*/, "", reason)
    }
    /<\/UnitTestResult>/ { if (skipped) print "  skipped " name ": " reason; skipped = 0 }
  ' "$@" | sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

# Names of the failed tests.
trx_failed() { grep -h 'outcome="Failed"' "$@" | sed -n 's/.*<UnitTestResult .* testName="\([^"]*\)".*/  failed  \1/p' | sort -u; }
