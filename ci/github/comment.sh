#!/usr/bin/env bash
# Puts a file as a comment on a pull request or an issue, and replaces the one that it put there
# before, which it knows by the first line of the file.
#
#   comment.sh NUMBER FILE
set -euo pipefail

number=$1 file=$2
marker=$(head -n 1 "$file")
if [[ $marker != '<!-- pbxsync'* ]]; then
  echo "$file does not begin with a marker" >&2
  exit 1
fi
here="repos/${GITHUB_REPOSITORY:?}/issues"
old=$(gh api --paginate "$here/$number/comments" |
  jq -r --arg marker "$marker" '.[] | select(.user.type == "Bot" and (.body | startswith($marker))) | .id' | tail -n 1)
if [[ -n $old ]]; then
  gh api --method PATCH "$here/comments/$old" --field "body=@$file" --silent
else
  gh api --method POST "$here/$number/comments" --field "body=@$file" --silent
fi
