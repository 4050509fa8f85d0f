#!/bin/sh
# Every replica runs this at the same moment: one of them migrates, the others wait for it and find nothing left to do.
# Then each becomes its service.
set -eu

pgmedic guard --wait 60s --if-behind --path . -- alembic upgrade head &
guard=$!
# A shell hands no signal on while it waits, so `docker stop` would reach nobody.
trap 'kill -s TERM "$guard" 2>/dev/null || :' TERM INT
code=0
while kill -s 0 "$guard" 2>/dev/null; do
  code=0
  wait "$guard" || code=$?
done
[ "$code" -eq 0 ] || exit "$code"
trap - TERM INT

exec "$@"
