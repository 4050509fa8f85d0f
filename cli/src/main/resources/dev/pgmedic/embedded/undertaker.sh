# pgmedic's undertaker of one temporary server: when pgmedic is gone it ends the server and deletes its folder.
#
#   sh -c "$(cat undertaker.sh)" undertaker FOLDER COMMAND...
#
# Its standard input is a pipe whose other end pgmedic holds and on which nothing is ever said: its end means that pgmedic
# is dead, or closed the server itself, and then the folder is gone. COMMAND stops the server of the folder.
#
# POSIX sh, because no Java runs after a SIGKILL. pgmedic starts it in a session of its own where it can, so that a signal
# to a whole process group passes it by.
folder=$1
shift
trap '' HUP INT QUIT TERM PIPE

# A number in a file alone proves nothing: a server works in its data folder, which Linux shows.
serves() {
  read -r pid 2>/dev/null <"$folder/postgres/postmaster.pid" || return 1
  kill -s 0 "$pid" 2>/dev/null || return 1
  [ ! -e "/proc/$pid/cwd" ] || [ "/proc/$pid/cwd" -ef "$folder/postgres" ]
}

while read -r _; do :; done

# What was being made when pgmedic died may go on for a moment, and make the folder anew.
tries=0
while [ -d "$folder" ] && [ "$tries" -lt 60 ]; do
  [ "$tries" -eq 0 ] || sleep 1
  tries=$((tries + 1))
  if serves; then "$@" >/dev/null 2>&1; fi
  serves || rm -rf "$folder" 2>/dev/null
done
