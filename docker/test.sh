#!/usr/bin/env bash
# The image and the compose project, used as a user would: built, the demo run read-only, a table dropped, the plan
# approved over HTTP, the database healed. Ends everything that it started.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOCKER_BUILDKIT=1 PGMEDIC_TOKEN=a-token-for-this-test-alone
api=http://127.0.0.1:5000
compose() { docker compose -f docker/compose.yaml "$@"; }
ended() {
  compose down -v --timeout 5 >/dev/null 2>&1 || true
  find docker/m2 -mindepth 1 -maxdepth 1 ! -name .gitignore -exec rm -rf {} +
}
trap ended EXIT

# A copy of the local Maven repository, by hard links where that works, for machines without Maven Central.
repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
if [ -d "$repository" ]; then
  cp -rl "$repository/." docker/m2/ 2>/dev/null || cp -r "$repository/." docker/m2/
fi
docker build --network host -q -t pgmedic -f docker/Dockerfile .
docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges pgmedic demo --approve |
  grep 'Healthy again'

compose up -d --wait
psql() { compose exec -T postgres psql -qAt -v ON_ERROR_STOP=1 -U homelab -h 127.0.0.1 homelab_jarvis "$@"; }
export PGPASSWORD=homelab
field() { python3 -c 'import json,sys; v=json.load(sys.stdin)
for name in sys.argv[1:]: v=v[int(name)] if name.isdigit() else v[name]
print(v)' "$@"; }

until_is() { # what, wanted, command...: asks every half second, for a minute
  local what=$1 wanted=$2 found=; shift 2
  for _ in $(seq 120); do
    found=$("$@" 2>/dev/null) && [ "$found" = "$wanted" ] && return
    sleep 0.5
  done
  echo "expected $what to be $wanted, found: $found" >&2
  compose logs pgmedic | tail -20 >&2
  exit 1
}
known() { curl -sf "$api/api/health/database" | field known_good confirmed; }
broken() { curl -sf "$api/api/recovery-tasks?state=awaiting_approval" | field items 0 target; }

until_is 'the baseline' True known
before=$(psql -c 'SELECT (SELECT count(*) FROM calendar_automations), (SELECT count(*) FROM drive_backups)')
psql -c 'DROP TABLE google_service_status CASCADE' 2>/dev/null
until_is 'the proposal' homelab broken

task=$(curl -sf "$api/api/recovery-tasks?state=awaiting_approval")
id=$(field items 0 id <<<"$task")
digest=$(field items 0 plan digest <<<"$task")
curl -sf -o /dev/null -X POST "$api/api/recovery-tasks/$id/approve" -H "Authorization: Bearer $PGMEDIC_TOKEN" \
  -H 'Content-Type: application/json' -d "{\"plan_digest\": \"$digest\", \"accept_data_loss\": true}"
state() { curl -sf "$api/api/recovery-tasks/$id" | field state; }
until_is 'the task' succeeded state

[ "$(psql -c 'SELECT count(*) FROM google_service_status')" = 0 ]
[ "$(psql -c 'SELECT (SELECT count(*) FROM calendar_automations), (SELECT count(*) FROM drive_backups)')" = "$before" ]
echo "docker: built, broken, approved, healed; the sister tables kept their rows ($before)"
