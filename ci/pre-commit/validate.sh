#!/usr/bin/env bash
# Checks each tenant of which a file is named: references go from file to file, so that the
# folder is checked as a whole.
set -euo pipefail

status=0
while IFS= read -r folder; do
  pbxsync validate -- "$folder" || status=$?
done < <(for file in "$@"; do dirname -- "$file"; done | sort -u)
exit "$status"
