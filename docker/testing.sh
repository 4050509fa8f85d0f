# For docker/test.sh and docker/homelab/test.sh, which set: compose() and api.
# shellcheck shell=bash disable=SC2154 # api is theirs

fail() {
  echo "$0: $*" >&2
  compose logs --no-color --tail 20 >&2 || true
  exit 1
}

get() { curl -sS --fail-with-body --max-time 10 "$api$1"; }
psql() { compose exec -T postgres psql -qAt -v ON_ERROR_STOP=1 -U homelab -h 127.0.0.1 homelab_jarvis "$@"; }
field() { python3 -c 'import json,sys; v=json.load(sys.stdin)
for name in sys.argv[1:]: v=v[int(name)] if name.isdigit() else v[name]
print(v)' "$@"; }

until_is() { # what, wanted, command...: asks every half second, for a minute
  local what=$1 wanted=$2 found='' until=$((SECONDS + 60)); shift 2
  while [ "$SECONDS" -lt "$until" ]; do
    found=$("$@" 2>&1) && [ "$found" = "$wanted" ] && return
    sleep 0.5
  done
  fail "expected $what to be $wanted, found: $found"
}
known() { get /api/health/database | field known_good confirmed; }
version() { get '/api/health/database?target=homelab' | field migration_version; }
waiting() { get '/api/recovery-tasks?state=awaiting_approval' | field items 0 target; }
state() { get "/api/recovery-tasks/$id" | field state; }

not_published() {
  local ports
  ports=$(docker inspect -f '{{json .HostConfig.PortBindings}}' "$(compose ps -q postgres)")
  [ "$ports" = '{}' ] || fail "PostgreSQL is published: $ports"
}

# The task that waits: its id, and the body of an approval of its plan.
proposed() {
  local task
  until_is 'the proposal' homelab waiting
  task=$(get '/api/recovery-tasks?state=awaiting_approval')
  id=$(field items 0 id <<<"$task")
  approval="{\"plan_digest\": \"$(field items 0 plan digest <<<"$task")\", \"accept_data_loss\": true}"
}
approve() { # the status of the answer to an approval with these headers
  curl -sS -o /dev/null -w '%{http_code}' --max-time 10 -X POST "$api/api/recovery-tasks/$id/approve" "$@" \
    -H 'Content-Type: application/json' -d "$approval"
}
