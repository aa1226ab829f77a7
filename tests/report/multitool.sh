#!/bin/sh
# Validates SARIF files with Microsoft's SARIF Multitool, also by the rules that GitHub's code scanning adds:
#   tests/report/multitool.sh FILE...
# Needs node and npm. The pinned version is kept in the user's cache. Ends with 1 where a file has an error.
#
# `validate` itself ends with 0 whatever it finds, so its output is read; it prints errors and warnings, the latter are shown only.
set -eu

version=5.7.0
[ $# -gt 0 ] || { echo "usage: $0 FILE..." >&2; exit 2; }

cache=${XDG_CACHE_HOME:-$HOME/.cache}/agentslint-dev
home=$cache/sarif-multitool-$version
if [ ! -d "$home" ]; then
    mkdir -p "$cache"
    fresh=$(mktemp -d "$cache/sarif-multitool.XXXXXX")
    trap 'rm -rf "$fresh"' EXIT
    npm install --silent --no-audit --no-fund --no-save --ignore-scripts --prefix "$fresh" "@microsoft/sarif-multitool@$version"
    mv "$fresh" "$home" 2>/dev/null || [ -d "$home" ]
fi

# The package's own launcher hands its arguments to a shell, where `Sarif;Ghas` falls apart: ask it for the program only.
program=$(cd "$home" && node -p 'require("@microsoft/sarif-multitool")')
chmod u+x "$program"

export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 # no libicu needed
for file in "$@"; do
    [ -f "$file" ] || { echo "$0: no such file: $file" >&2; exit 2; }
    printed=$("$program" validate "$file" --rule-kind 'Sarif;Ghas' 2>&1) || { printf '%s\n' "$printed" >&2; exit 1; }
    printf '%s\n' "$printed" | grep -E ': (error|warning) ' || true
    if printf '%s\n' "$printed" | grep -Eq ': error [A-Z]+[0-9]+[.:]'; then
        echo "$file: not valid" >&2
        exit 1
    fi
    case $printed in
        *"Analysis completed successfully."*) echo "$file: valid" ;;
        *) printf '%s\n' "$printed" >&2; exit 1 ;;
    esac
done
