#!/bin/sh
# Stands between kustomize and helm for one run of agentslint.
#   version    answered from memory: starting helm for it costs more than the rest of a small chart
#   pull       served from the chart cache; what is not there goes to helm
#   template   the real helm; its output and arguments are kept beside the run
# The output goes through a file and never through a pipe: a pipe would lose helm's exit status.
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
    asked=$(shift 4 && printf '%s' "$*")
    while IFS='	' read -r known path; do
        if [ "$known" = "$asked" ]; then
            mkdir -p "$folder" && exec cp -R "$path/." "$folder/"
            exit 1
        fi
    done <"$AGENTSLINT_CHARTS"
    ;;
template)
    call=$AGENTSLINT_CALLS/$$
    printf '%s\n' "$@" >"$call.args" || exit 1
    "$AGENTSLINT_HELM" "$@" >"$call.out"
    status=$?
    cat "$call.out" || exit 1
    exit $status
    ;;
esac
if [ -z "$AGENTSLINT_HELM" ]; then
    echo "helm is needed here and was not found" >&2
    exit 127
fi
exec "$AGENTSLINT_HELM" "$@"
