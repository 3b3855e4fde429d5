#!/usr/bin/env bash
# Runs one command of pbxsync and tells the workflow what came of it. Annotations go to standard
# output; a comment, the JSON and a page go to the folder of reports.
set -euo pipefail

reports=${INPUT_REPORTS:?}
mkdir -p "$reports"
flags=()
while IFS= read -r line; do
  if [[ -n $line ]]; then flags+=("$line"); fi
done <<<"${INPUT_ARGUMENTS:-}"

case ${INPUT_COMMAND:?} in
plan) flags+=(--detailed-exitcode --out "$reports/plan.json") ;;
apply) flags+=(--auto-approve) ;;
validate | drift) ;;
*)
  echo "::error::the command is validate, plan, apply or drift, and not $INPUT_COMMAND"
  exit 1
  ;;
esac

status=0
pbxsync "$INPUT_COMMAND" --format github \
  --report "markdown=$reports/comment.md" --report "json=$reports/report.json" --report "html=$reports/report.html" \
  "${flags[@]}" -- "${INPUT_PATH:?}" || status=$?

{
  echo "exitcode=$status"
  echo "comment=$reports/comment.md"
  if [[ -f $reports/plan.json ]]; then
    echo "plan=$reports/plan.json"
    echo "digest=$(sha256sum "$reports/plan.json" | cut -d ' ' -f 1)"
  fi
} >>"${GITHUB_OUTPUT:?}"
if [[ -f $reports/comment.md ]]; then
  cat "$reports/comment.md" >>"${GITHUB_STEP_SUMMARY:?}"
fi

# A difference is no failure of the step: the workflow decides. Everything else is one.
case $status in
0 | 2) exit 0 ;;
*) exit "$status" ;;
esac
