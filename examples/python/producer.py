#!/usr/bin/env python3
"""A producer for Dispatchr in Python's standard library: submits a task, waits for its end and shows it.

    python3 producer.py [--id ID] [--target URL] [--wait SECONDS]

DISPATCHR_URL is where the recorder is, DISPATCHR_TOKEN its bearer token if it has one.
Exits with 0 only if the task is completed.
"""

import argparse
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

RECORDER = os.environ.get("DISPATCHR_URL", "http://127.0.0.1:9090")
TOKEN = os.environ.get("DISPATCHR_TOKEN")
TERMINAL = ("completed", "failed", "cancelled")
LONGEST_WAIT_S = 10


def submit_and_wait(task, seconds):
    """Submits a task that has an id, again and again until it is finished or the time is over.

    The same id with the same content is the same task, so a submit whose answer was lost is safe to repeat; and
    with `Prefer: wait` each of them is answered as soon as the task is finished.
    """
    ends_at = time.monotonic() + seconds
    while True:
        left = max(0, min(LONGEST_WAIT_S, int(ends_at - time.monotonic())))
        try:
            submitted = call("POST", "/v1/tasks", task, {"Prefer": f"wait={left}"} if left else {})
        except Unavailable as error:
            if time.monotonic() + error.retry_after_s > ends_at:
                raise
            print(f"{error}; trying again in {error.retry_after_s} s", file=sys.stderr)
            time.sleep(error.retry_after_s)
            continue
        if submitted["state"] in TERMINAL or time.monotonic() >= ends_at - 1:
            return submitted


class Unavailable(Exception):
    """No answer, or one that asks to be tried again."""

    def __init__(self, message, retry_after_s=1):
        super().__init__(message)
        self.retry_after_s = retry_after_s


def call(method, path, body=None, headers=None):
    """Calls the recorder; raises Unavailable for what may be repeated, and exits with its problem for the rest."""
    headers = {"Content-Type": "application/json", **(headers or {})}
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(RECORDER + path, content, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_WAIT_S + 10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code in (429, 502, 503, 504):
            raise Unavailable(f"the recorder answered {error.code}", int(error.headers.get("Retry-After") or 1))
        sys.exit(f"the recorder answered {error.code}: {error.read().decode()}")
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"no answer from {RECORDER}: {error}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--id", default=f"receipt-{uuid.uuid4()}", help="the task's id (default: a new one)")
    parser.add_argument("--target", default="http://127.0.0.1:8000/tasks", help="where it is delivered")
    parser.add_argument("--wait", type=int, default=30, metavar="SECONDS", help="for how long (default: 30)")
    options = parser.parse_args()
    task = {
        "id": options.id,
        "target": options.target,
        "taskName": "send-receipt",
        "taskArgs": {"orderId": 1842, "email": "ann@example.com"},
    }
    try:
        ended = submit_and_wait(task, options.wait)
        attempts = call("GET", f"/v1/tasks/{urllib.parse.quote(options.id, safe='')}/attempts")["attempts"]
    except Unavailable as error:
        sys.exit(str(error))
    for attempt in attempts:
        came_of_it = attempt.get("status") or attempt.get("errorCode") or attempt["outcome"]
        print(f"attempt {attempt['attempt']} got {came_of_it} after {attempt['durationMs']} ms")
    reason = f", {ended['reason']}" if "reason" in ended else ""
    print(f"{ended['id']} is {ended['state']}{reason}")
    sys.exit(0 if ended["state"] == "completed" else 1)


if __name__ == "__main__":
    main()
