#!/usr/bin/env bash
# Runs `docsworn check` as the inputs say. A later step fails the job, after the reports are saved.
set -euo pipefail
set -f # names of providers are split at blanks, and no pattern of files

report="$RUNNER_TEMP/docsworn-report"
history="$RUNNER_TEMP/docsworn-history/$HISTORY"
rm -rf "$report" # of an earlier use in the same job
mkdir -p "$report" "$history"

options=(--fail-on "$FAIL_ON" --html "$report/report.html" --junit "$report/report.xml"
    --export "json=$report/report.json")
if [[ -n $REVISION ]]; then options+=(--revision "$REVISION"); fi
if [[ -n $CONTRACTS ]]; then options+=(--contracts "$CONTRACTS"); fi
if [[ -n $HISTORY ]]; then options+=(--history "$history/history.sqlite"); fi
if [[ $ALLOW_SKIP == true ]]; then options+=(--allow-skip); fi
if [[ $EMULATOR == true ]]; then options+=(--emulator); fi
if [[ $SUMMARY == true ]]; then options+=(--github); fi

code=0
# shellcheck disable=SC2086 # split on purpose
"$RUNNER_TEMP/docsworn/bin/docsworn" check "${options[@]}" -- $PROVIDERS || code=$?

{
    echo "exit-code=$code"
    echo "report=$report"
} >>"$GITHUB_OUTPUT"
