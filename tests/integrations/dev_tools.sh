#!/bin/sh
# Prints where actionlint is; the first time it is built with Go into the developer's cache folder.
# Exit status 3 where Go is missing.
set -eu
version=1.7.12
folder=${XDG_CACHE_HOME:-$HOME/.cache}/agentslint-dev/bin
program=$folder/actionlint-$version

if [ ! -x "$program" ]; then
  command -v go >/dev/null || { echo "actionlint $version is not in $folder, and Go, which builds it, is not installed" >&2; exit 3; }
  mkdir -p "$folder"
  work=$(mktemp -d "$folder/.partial-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  GOBIN=$work go install "github.com/rhysd/actionlint/cmd/actionlint@v$version" >&2
  mv "$work/actionlint" "$program"
fi
echo "$program"
