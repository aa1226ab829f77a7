#!/bin/sh
# Stands between kustomize and helm for one run of agentslint.
#   version    answered from memory: starting helm for it costs more than the rest of a small chart
#   pull       served from the chart cache, into the run's own folder only; what is not in the cache is asked for
#   template   the real helm; its arguments and its output are kept beside the run
# Output goes through a file and never through a pipe: a pipe would lose helm's exit status.

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
    printf '%s\0' "$@" >"$call.pull" || exit 1
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
    printf '%s\0' "$@" >"$call.args" || exit 1
    [ -z "$AGENTSLINT_BLOCKS" ] || ulimit -f "$AGENTSLINT_BLOCKS" 2>/dev/null
    "$AGENTSLINT_HELM" "$@" >"$call.out"
    status=$?
    cat "$call.out" || exit 1
    exit $status
    ;;
esac
exec "$AGENTSLINT_HELM" "$@"
