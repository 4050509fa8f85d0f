#!/usr/bin/env bash
# The image and the compose project, used as a user would: built, the demo run read-only, a table dropped, the plan
# approved over HTTP, the database healed. Every wait is bounded; whatever it started or made, it ends and removes.
set -euo pipefail
cd "$(dirname "$0")/.."

# Names of its own: a project or an image that somebody uses here stays as it is.
export DOCKER_BUILDKIT=1 PGMEDIC_IMAGE=pgmedic:test-$$ PGMEDIC_TOKEN=a-token-for-this-test-alone
# shellcheck disable=SC2034 # testing.sh uses it
api=http://127.0.0.1:5000
compose() { docker compose -p "pgmedic-test-$$" -f docker/compose.yaml "$@"; }
no_repository() { find docker/m2 -mindepth 1 -maxdepth 1 ! -name .gitignore -exec rm -rf {} +; }
ended() {
  compose down -v --timeout 5 >/dev/null 2>&1 || true
  docker image rm "$PGMEDIC_IMAGE" >/dev/null 2>&1 || true
  no_repository
}
trap ended EXIT
# shellcheck source=docker/testing.sh
. docker/testing.sh

# A copy of the local Maven repository, by hard links where that works, for machines without Maven Central.
repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
if [ -d "$repository" ]; then
  cp -rl "$repository/." docker/m2/ 2>/dev/null || cp -r "$repository/." docker/m2/
fi
timeout 600 docker build --network host -q -t "$PGMEDIC_IMAGE" -f docker/Dockerfile . || fail 'the image was not built'
no_repository

run() { timeout 120 docker run --rm --cap-drop ALL --security-opt no-new-privileges "$@"; }
for root in '' '--read-only --tmpfs /tmp'; do
  # shellcheck disable=SC2086 # options are words
  # AOTMode=on: no start without the image's own AOT cache.
  told=$(run $root -e PGMEDIC_JAVA_OPTS=-XX:AOTMode=on "$PGMEDIC_IMAGE" demo --approve 2>&1) \
    || fail "the demo failed with '$root': $told"
  grep 'Healthy again' <<<"$told" || fail "the demo did not heal with '$root': $told"
done

compose up -d --wait --wait-timeout 120 --quiet-pull || fail 'the compose project did not become healthy'
[ "$(compose port pgmedic 5000)" = 127.0.0.1:5000 ] || fail "the API is published at $(compose port pgmedic 5000)"
not_published

until_is 'the baseline' True known
until_is 'the migration version' 005 version
sisters() { psql -c 'SELECT (SELECT count(*) FROM calendar_automations), (SELECT count(*) FROM drive_backups)'; }
before=$(sisters)
psql -c 'DROP TABLE google_service_status CASCADE' 2>/dev/null || fail 'the table was not dropped'
proposed
refused=$(approve)
[ "$refused" = 401 ] || fail "an approval without a token was answered $refused"
approved=$(approve -H "Authorization: Bearer $PGMEDIC_TOKEN")
[ "$approved" = 200 ] || fail "the approval was answered $approved"
until_is 'the task' succeeded state

rows=$(psql -c 'SELECT count(*) FROM google_service_status')
[ "$rows" = 0 ] || fail "the rebuilt table has $rows rows"
after=$(sisters)
[ "$after" = "$before" ] || fail "the sister tables had $before rows and have $after"
echo "docker: built, broken, approved, healed; the sister tables kept their rows ($before)"
compose down -v --timeout 5 >/dev/null 2>&1 || fail 'the compose project did not end'

docker/homelab/test.sh
