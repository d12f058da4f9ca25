#!/bin/sh
# Submits a task with curl, waits until it is finished, and shows it and its attempts.
#
#   sh submit.sh [ID]
#
# DISPATCHR_URL is where the recorder is, DISPATCHR_TOKEN its bearer token if it has one, TARGET where the task goes.
# Exits with 0 only if the task is completed. It needs curl 7.76 or later.
set -eu

url="${DISPATCHR_URL:-http://127.0.0.1:9090}"
target="${TARGET:-http://127.0.0.1:8000/tasks}"
id="${1:-receipt-$(date +%s)-$$}"

# What both requests have in common.
set -- --silent --show-error --fail-with-body
if [ -n "${DISPATCHR_TOKEN:-}" ]; then set -- "$@" --header "Authorization: Bearer $DISPATCHR_TOKEN"; fi

task='{
  "id": "'"$id"'",
  "target": "'"$target"'",
  "taskName": "send-receipt",
  "taskArgs": {"orderId": 1842, "email": "ann@example.com"}
}'

# The answer comes when the task is finished, or after 10 s. A submit with an id may be repeated as often as it takes:
# curl does so on 503 and lost connections, and the task stays one.
answer=$(curl "$@" --retry 5 --retry-connrefused "$url/v1/tasks" \
  --header 'Content-Type: application/json' --header 'Prefer: wait=10' --data "$task") || {
  printf '%s\n' "$answer" >&2
  exit 1
}
printf '%s\n' "$answer"
curl "$@" "$url/v1/tasks/$id/attempts"
echo

case $answer in
  *'"state":"completed"'*) echo "$id is completed" ;;
  *) echo "$id is not completed; the attempts above say why" >&2 && exit 1 ;;
esac
