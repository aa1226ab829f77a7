#!/bin/sh
# Stands between kustomize and git for one run of agentslint, which fetches remote bases itself, with the user's credentials.
# kustomize clones by: init; remote add origin URL; fetch --depth=1 URL REF; checkout FETCH_HEAD; submodule update --init --recursive.
# The tree that would come of it is copied from the cache; what is not there is asked for. URL and REF are never words for git:
# a revision may be called --upload-pack=COMMAND.

# Find the tree of a repository ($1) at a revision ($2), with its submodules or without ($3), or ask for it and give up.
find_tree() {
    while IFS='	' read -r url ref submodules tree; do
        if [ "$url" = "$1" ] && [ "$ref" = "$2" ] && [ "$submodules" = "$3" ]; then
            return 0
        fi
    done <"$AGENTSLINT_BASES"
    mkdir -p "$AGENTSLINT_CALLS" || exit 1
    number=1
    while [ -e "$AGENTSLINT_CALLS/$number.base" ]; do
        number=$((number + 1))
    done
    printf '%s\0' "$1" "$2" "$3" >"$AGENTSLINT_CALLS/$number.base" || exit 1
    echo "fatal: the base is not in the cache" >&2
    exit 128
}

case $1 in
init)
    mkdir .git || exit 1
    ;;
remote | checkout) ;;
fetch)
    find_tree "$3" "$4" no
    printf '%s\n' "$3" "$4" "$tree" >.git/base || exit 1
    cp -RP "$tree/." . || exit 1
    ;;
submodule)
    { read -r url && read -r ref && read -r plain; } <.git/base || exit 1
    find_tree "$url" "$ref" yes
    [ "$tree" = "$plain" ] || cp -RPf "$tree/." . || exit 1
    ;;
*)
    # A function that the user allowed may call git for itself.
    PATH=${PATH#*:}
    exec git "$@"
    ;;
esac
