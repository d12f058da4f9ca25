#!/usr/bin/env python3
"""A target for Dispatchr in Python's standard library: prints each delivery and answers 200.

    python3 target.py [--fail-first N]

PORT is where it listens (default 8000; 0 takes a free one). With SIGNING_SECRET set (one of the service's
DISPATCHR_SIGNING_SECRETS) it refuses deliveries that are not signed with it.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

SIGNATURE_TOLERANCE_S = 300


class Target(BaseHTTPRequestHandler):
    fail_first = 0
    signing_secret = os.environ.get("SIGNING_SECRET")

    # A real target keeps these in its own database, in the transaction that does the work.
    lock = Lock()
    deliveries = Counter()
    done = set()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.signing_secret and not is_signed(self.signing_secret, self.headers, body):
            return self.answer(401, "the signature does not match")
        task_id = self.headers.get("Dispatchr-Task-Id", "")
        with self.lock:
            self.deliveries[task_id] += 1
            delivery = self.deliveries[task_id]
            is_repeated = task_id in self.done
        self.show(body)
        if is_repeated:
            # The same task may arrive twice (say, if our first answer was lost): say yes, do nothing.
            return self.answer(200, "done before")
        if delivery <= self.fail_first:
            return self.answer(500, f"failing delivery {delivery} on purpose: it will be retried")
        try:
            do_the_work(body)
        except ValueError as error:
            # No later try can help: 422 fails the task at once.
            return self.answer(422, str(error))
        with self.lock:
            if task_id:
                self.done.add(task_id)
        self.answer(200, "done")

    def show(self, body):
        names = [name for name in self.headers if name.lower().startswith(("dispatchr-", "webhook-"))]
        lines = [f"{self.command} {self.path}", *(f"  {name}: {self.headers[name]}" for name in names)]
        print("\n".join([*lines, f"  {body.decode('utf-8', 'replace')}"]), flush=True)

    def answer(self, status, text):
        print(f"  -> {status} {text}", flush=True)
        content = f"{text}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Says nothing: `show` has said it."""


def do_the_work(body):
    """Stands for what your application does; an unexpected exception closes the connection, which is retried."""
    json.loads(body)


def is_signed(secret, headers, body):
    """Standard Webhooks: one of the signatures is the HMAC-SHA256 of `id.timestamp.body`, and it is fresh."""
    task_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > SIGNATURE_TOLERANCE_S:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{task_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), each.encode()) for each in given)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--fail-first", type=int, default=0, metavar="N", help="answer 500 to the first N deliveries of each task"
    )
    Target.fail_first = parser.parse_args().fail_first
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Target)
    print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
