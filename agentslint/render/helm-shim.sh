#!/bin/sh
# Stands between kustomize and helm for one run of agentslint.
#   version    answered from memory: starting helm for it costs more than the rest of a small chart
#   pull       served from the chart cache, into the run's own folder only; what is not in the cache is asked for
#   template   the real helm; its arguments and its output are kept beside the run
# Output goes to kustomize from a file: a pipe would lose helm's exit status. Into the file it goes by cat, which tells when the disk is
# full: helm then ends as if all were well, with half of its output lost.

full() {
    echo "the temporary folder cannot be written: no space left on device?" >&2
    exit 1
}

# A name for the record of this call: their order is that of the calls.
next_call() {
    [ -d "$AGENTSLINT_CALLS" ] || mkdir -p "$AGENTSLINT_CALLS" || exit 1
    number=1
    while [ -e "$AGENTSLINT_CALLS/$number.args" ] || [ -e "$AGENTSLINT_CALLS/$number.pull" ]; do
        number=$((number + 1))
    done
    call=$AGENTSLINT_CALLS/$number
}

if [ -z "$AGENTSLINT_HELM" ]; then
    echo "it is not installed" >&2
    exit 127
fi
case $1 in
version)
    if [ -n "$AGENTSLINT_HELM_VERSION" ]; then
        printf '%s\n' "$AGENTSLINT_HELM_VERSION"
        exit 0
    fi
    ;;
pull)
    # kustomize calls: pull --untar --untardir FOLDER what-to-pull...
    folder=$4
    shift 4
    next_call
    printf '%s\0' "$@" >"$call.pull" || full
    case $folder in
    "$AGENTSLINT_WORK"/*) ;;
    *)
        echo "the chart would be pulled to $folder, where nothing is written: keep the chart home inside of the repository" >&2
        exit 1
        ;;
    esac
    while IFS='	' read -r known path; do
        if [ "$known" = "$*" ]; then
            mkdir -p "$folder" && exec cp -R "$path/." "$folder/"
            exit 1
        fi
    done <"$AGENTSLINT_CHARTS"
    echo "the chart is not in the cache" >&2
    exit 1
    ;;
template)
    next_call
    printf '%s\0' "$@" >"$call.args" || full
    [ -z "$AGENTSLINT_BLOCKS" ] || ulimit -f "$AGENTSLINT_BLOCKS" 2>/dev/null
    status=$({ { "$AGENTSLINT_HELM" "$@" 3>&-; echo $? >&3; } | cat 3>&- >"$call.out" || echo full >&3; } 3>&1)
    case $status in
    0) exec cat "$call.out" ;;
    *full) full ;;
    esac
    cat "$call.out" || exit 1
    exit "$status"
    ;;
esac
exec "$AGENTSLINT_HELM" "$@"
