#!/bin/sh
# Waits beside a run of agentslint for its end, and cleans up where the run could not do so itself: it was killed.
# On standard input: "+PID" for a process group that began, "-PID" for one that ended. The run holds the other end of the pipe,
# which closes with it, whatever ended it.
# Usage: watcher.sh FOLDER

trap '' HUP INT QUIT TERM PIPE
folder=$1
groups=' '
while read -r line; do
    pid=${line#[+-]}
    case $line in
    +*) groups="$groups$pid " ;;
    -*)
        case $groups in
        *" $pid "*) groups="${groups%%" $pid "*} ${groups#*" $pid "}" ;;
        esac
        ;;
    esac
done
[ -d "$folder" ] || exit 0

# Every program of the run has the folder in its environment. Where that can be read it is asked first: the system may have
# given a number to somebody else's process in the meantime.
for pid in $groups; do
    if [ ! -r "/proc/$pid/environ" ] || grep -qsF -- "$folder/" "/proc/$pid/environ"; then
        kill -9 "-$pid" 2>/dev/null
    fi
done
for attempt in 1 2 3 4 5; do
    strays=$(grep -lsF -- "$folder/" /proc/[0-9]*/environ 2>/dev/null)
    for stray in $strays; do
        stray=${stray#/proc/}
        kill -9 "${stray%/environ}" 2>/dev/null
    done
    rm -rf -- "$folder" 2>/dev/null
    [ -z "$strays" ] && [ ! -e "$folder" ] && exit 0
    [ "$attempt" = 1 ] || sleep 1
done
