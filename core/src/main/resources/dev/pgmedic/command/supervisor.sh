# pgmedic's supervisor of one command: ends every process whose environment carries the run's mark.
#
#   sh -c "$(cat supervisor.sh)" supervisor RUN [COMMAND...]
#
# It reads words from its standard input, the other end of which pgmedic holds:
#   signal NAME PID   sends a signal
#   end TENTHS        TERM, after so many tenths of a second KILL, until nothing of the run is left; then it is done
#                     its exit code says whether it had to end anything: 0 nothing, 1 something, 2 something that would not end
#   leave             it is done, and what is left of the run lives on
# The end of the input without a word means that pgmedic is dead: it ends the run the same way, beside COMMAND, which ends
# the run's sessions in the server once its own input ends, because the run is over then.
#
# POSIX sh, because no Java runs after a SIGKILL, and because a parent-death signal fires when a thread ends.
# pgmedic starts it in a session of its own where it can, so that a signal to a whole process group passes it by.
run=$1
shift
trap '' HUP INT QUIT TERM PIPE

# The processes of the run, one a line. What an environment says is its process's own: a mark in it is no proof that the
# process is ours, but the mark is a random number that only our commands were told.
if [ -r /proc/self/environ ]; then
  marked() { grep -lsF "$run" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do echo "$pid"; done; }
else
  # shellcheck disable=SC2009 # pgrep does not look into environments
  marked() { ps -A -E -ww -o pid= -o command= | grep -F "$run" | grep -vF -e supervisor -e end-run | awk '{print $1}'; }
fi

# Empty sweeps in a row before the run counts as over: a process may be just about to be born.
end() {
  grace=$1
  quiet=$2
  told=' '
  found=0
  empty=0
  ticks=0
  while [ "$empty" -lt "$quiet" ]; do
    pids=$(marked)
    if [ -z "$pids" ]; then
      empty=$((empty + 1))
    else
      empty=0
      found=1
      for pid in $pids; do
        if [ "$ticks" -ge "$grace" ]; then
          kill -s KILL "$pid" 2>/dev/null
        else
          case $told in
            *" $pid "*) ;;
            *)
              told="$told$pid "
              kill -s TERM "$pid" 2>/dev/null
              ;;
          esac
        fi
      done
      if [ "$ticks" -gt "$((grace + 100))" ]; then
        echo "pgmedic: these processes of the run would not end: $(echo "$pids" | tr '\n' ' ')" >&2
        exit 2
      fi
    fi
    [ "$empty" -ge "$quiet" ] || sleep 0.1
    ticks=$((ticks + 1))
  done
}

while read -r word first second; do
  case $word in
    signal) kill -s "$first" "$second" 2>/dev/null ;;
    end)
      end "$first" 1
      exit "$found"
      ;;
    leave) exit 0 ;;
  esac
done

if [ "$#" -eq 0 ]; then
  end 5 3
else
  end 5 3 | "$@" >/dev/null
fi
