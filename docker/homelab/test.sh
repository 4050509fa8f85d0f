#!/usr/bin/env bash
# docker/homelab as a user would run it: what it adds to an image, how it stops, two replicas that start at once, a table
# dropped and healed by the worker that lives beside Alembic. Every wait is bounded; it ends and removes what it made.
#   PGMEDIC_IMAGE=pgmedic docker/homelab/test.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${PGMEDIC_IMAGE:?expected the name of an image that docker/Dockerfile made}"

export DOCKER_BUILDKIT=1 HOMELAB_IMAGE=homelab:test-$$ PGMEDIC_PORT=0 PGMEDIC_TOKEN=a-token-for-this-test-alone
project=homelab-test-$$
compose() { docker compose -p "$project" -f docker/homelab/compose.yaml "$@"; }
ended() {
  docker rm -f "$project-holder" "$project-waiter" "$project-killed" >/dev/null 2>&1 || true
  compose down -v --timeout 5 >/dev/null 2>&1 || true
  docker image rm "$HOMELAB_IMAGE" "$HOMELAB_IMAGE-plain" >/dev/null 2>&1 || true
}
trap ended EXIT
# shellcheck source=docker/testing.sh
. docker/testing.sh

build() { timeout 300 docker build --network host -q --build-arg PGMEDIC_IMAGE="$PGMEDIC_IMAGE" "$@" docker/homelab; }
build -t "$HOMELAB_IMAGE-plain" --target plain >/dev/null || fail 'the image without pgmedic was not built'
build -t "$HOMELAB_IMAGE" >/dev/null || fail 'the image was not built'
megabytes() { echo $(($(docker image inspect -f '{{.Size}}' "$1") / 1000000)); }
plain=$(megabytes "$HOMELAB_IMAGE-plain")
added=$(($(megabytes "$HOMELAB_IMAGE") - plain))
stated=$(grep -oE 'adds [0-9]+ MB' docs/containers.md | grep -oE '[0-9]+')
echo "homelab: the COPY adds $added MB to an image of $plain MB; docs/containers.md says $stated MB"
differ=$((added > stated ? added - stated : stated - added))
[ "$differ" -le 5 ] || fail 'the stated size is not the measured one'
! docker run --rm --entrypoint sh "$HOMELAB_IMAGE" -c 'command -v java' || fail 'there is a Java in the PATH'

# A stop of a container in which guard works or waits: TERM is handed on, and nothing is left in the server.
compose up -d --wait --wait-timeout 60 --quiet-pull postgres || fail 'PostgreSQL did not become healthy'
not_published
sessions() { psql -c "SELECT count(*) FROM pg_stat_activity WHERE application_name ~ '^pgmedic$1'"; }
replica() { # name, more options and words
  local name=$project-$1; shift
  docker run -d --name "$name" --network "${project}_default" --read-only --cap-drop ALL \
    -e DATABASE_URL=postgresql://homelab:homelab@postgres/homelab_jarvis "$@" >/dev/null
}
holder() {
  replica "$1" --entrypoint pgmedic "$HOMELAB_IMAGE" guard -- python3 -c 'import os, psycopg2
psycopg2.connect(os.environ["DATABASE_URL"]).cursor().execute("SELECT pg_sleep(300)")'
  until_is "the lock's session and the command's" 2 sessions '/'
}
holder holder
replica waiter "$HOMELAB_IMAGE"
until_is 'the waiter' 1 sessions '-wait/'
for name in waiter holder; do
  SECONDS=0
  docker stop -t 30 "$project-$name" >/dev/null
  [ "$SECONDS" -lt 10 ] || fail "$name took $SECONDS s to stop"
  code=$(docker inspect -f '{{.State.ExitCode}}' "$project-$name")
  [ "$code" = 143 ] || fail "$name ended with $code: $(docker logs "$project-$name" 2>&1)"
done
until_is 'the sessions of stopped guards' 0 sessions ''
holder killed
docker kill "$project-killed" >/dev/null
until_is 'the sessions of a killed guard' 0 sessions ''
docker rm "$project-holder" "$project-waiter" "$project-killed" >/dev/null
compose down -v --timeout 5 >/dev/null 2>&1 || fail 'the compose project did not end'

# All at once, from nothing: guard waits for PostgreSQL too.
compose up -d --wait --wait-timeout 120 --quiet-pull || fail 'the compose project did not become healthy'
# shellcheck disable=SC2034 # testing.sh uses it
api=http://$(compose port pgmedic 5000)
applied() { compose logs --no-color --no-log-prefix dashboard | grep -c "Running upgrade.*-> $1\\b" || true; }
for revision in 001 002 003 004 005; do
  times=$(applied "$revision")
  [ "$times" = 1 ] || fail "revision $revision was applied $times times"
done
[ "$(compose ps -q dashboard | wc -l)" = 2 ] || fail 'there are not two replicas'
noise=$(compose logs --no-color dashboard postgres | grep -iE 'ROLLBACK|Traceback|ERROR' || true)
[ -z "$noise" ] || fail "a replica's start was not silent: $noise"

until_is 'the baseline' True known
until_is 'the migration version' 005 version
compose exec -T -e PGOPTIONS='-c client_min_messages=error' postgres psql -qv ON_ERROR_STOP=1 -U homelab -h 127.0.0.1 homelab_jarvis \
  <cli/src/main/resources/dev/pgmedic/cli/homelab/rows.sql || fail 'the rows were not inserted'
dashboard() { compose exec -T --index "$1" dashboard python3 -c "import urllib.request as r
try: print(r.urlopen('http://127.0.0.1:8000').status)
except OSError as error: print(error.code)"; }
until_is 'replica 1' 200 dashboard 1
sisters() { psql -c 'SELECT (SELECT count(*) FROM calendar_automations), (SELECT count(*) FROM drive_backups)'; }
before=$(sisters)
psql -c 'DROP TABLE google_service_status CASCADE' 2>/dev/null || fail 'the table was not dropped'
[ "$(dashboard 2)" = 503 ] || fail 'a broken database did not show'
proposed
approved=$(approve -H "Authorization: Bearer $PGMEDIC_TOKEN")
[ "$approved" = 200 ] || fail "the approval was answered $approved"
until_is 'the task' succeeded state
until_is 'replica 1' 200 dashboard 1
until_is 'replica 2' 200 dashboard 2
after=$(sisters)
[ "$after" = "$before" ] || fail "the sister tables had $before rows and have $after"

compose restart --timeout 20 dashboard >/dev/null 2>&1 || fail 'the replicas did not restart'
compose up -d --wait --wait-timeout 120 dashboard >/dev/null 2>&1 || fail 'the replicas did not come back'
[ "$(applied 005)" = 1 ] || fail 'a replica that found nothing to do migrated again'
echo "homelab: two replicas migrated once, healed by the worker beside Alembic; the sister tables kept their rows ($before)"
