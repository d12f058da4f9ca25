#!/usr/bin/env python3
"""Dispatchr in one file: a recorder and a scheduler in one process, over SQLite.

Written from the folder `spec` alone, with Python's standard library alone. The sections follow the chapters of the
specification, and the ids in the comments (JSN-005, RTY-003 ...) are its requirements.

    1 constants    2 problems    3 JSON    4 instants    5 targets    6 target policy    7 submissions
    8 store        9 states     10 delivery    11 scheduler    12 recorder    13 the process
"""

import argparse
import base64
import binascii
import collections
import contextlib
import datetime
import decimal
import hashlib
import hmac
import http.server
import io
import ipaddress
import itertools
import json
import os
import pathlib
import random
import re
import secrets
import select
import signal
import socket
import socketserver
import sqlite3
import ssl
import sys
import threading
import time
import urllib.parse

# --- 1 constants ------------------------------------------------------------------------------------------------------

VERSION = "0.1.0"
SPEC = pathlib.Path(__file__).resolve().parent / "../../spec/emitted"

LIMITS = {
    "maxTaskBytes": 1_048_576,
    "maxBatchBytes": 16_777_216,
    "maxBatchTasks": 1000,
    "maxDepth": 64,
    "maxIdLength": 512,
    "maxTimeoutMs": 1_800_000,
    "minTimeoutMs": 1,
    "minBackoffMs": 1,
    "maxBackoffMs": 86_400_000,
    "maxAttempts": 1000,
    "idempotencyWindowMs": 604_800_000,
    "maxWaitMs": 0,
    "maxPageSize": 1000,
    "retryAfterMaxMs": 3_600_000,
    "maxHeaders": 64,
    "maxHeaderBytes": 8192,
    "retentionCompletedMs": 604_800_000,
    "retentionFailedMs": 2_592_000_000,
}
FEATURES = ["batch", "request", "idempotency-key", "priority", "expiry"]
TERMINAL = ("completed", "failed", "cancelled")

MAX_DUE_AHEAD_MS = 3653 * 86_400_000  # REC-008
MAX_ERRORS = 100  # the bound of PRB-008
REQUEST_TIMEOUT_S = 10  # JSN-022
IDLE_TIMEOUT_S = 60
DATABASE_TIMEOUT_S = 5
LEASE_MS = 30_000  # LEA-001
RENEW_S = 5  # LEA-002: at least every 10 seconds
CAPACITY = 256  # attempts in flight
GRACE_S = 5  # LEA-021
MAX_ANSWER_HEAD = 16_384  # DLV-036 and DLV-038
MAX_ANSWER_BODY = 16_384  # DLV-034
RESPONSE_BODY_BYTES = 4096  # REC-063


def log(message):
    """One line for the operator; never a secret, a token or a body (SIG-006)."""
    print(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {message}", file=sys.stderr, flush=True)


# --- 2 problems -------------------------------------------------------------------------------------------------------

CATALOGUE = {entry["name"]: entry for entry in json.loads((SPEC / "problems.json").read_text("utf-8"))}


class Problem(Exception):
    """An answer of the problem catalogue."""

    def __init__(self, name, detail, errors=None, headers=None, **extra):
        super().__init__(name)
        entry = CATALOGUE[name]
        self.status = entry["status"]
        self.headers = dict(headers or {})
        self.body = {"type": f"urn:dispatchr:problem:{name}", "title": entry["title"], "status": self.status}
        self.body["detail"] = detail
        if errors:
            self.body["errors"] = errors
        self.body.update(extra)


def invalid(errors):
    """`invalid-request` for a list of places (PRB-004)."""
    count = len(errors)
    return Problem("invalid-request", f"{count} place{' is' if count == 1 else 's are'} not valid", errors[:MAX_ERRORS])


def invalid_parameter(name, detail):
    return invalid([{"parameter": name, "detail": detail}])


def database_unavailable():
    return Problem("database-unavailable", "the database did not answer", headers={"Retry-After": "1"})


# --- 3 JSON -----------------------------------------------------------------------------------------------------------

WHITE_SPACE = re.compile(r"[ \t\n\r]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
HEX4 = re.compile(r"[0-9A-Fa-f]{4}")
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
LITERALS = (("true", "boolean", True), ("false", "boolean", False), ("null", "null", None))


class Node:
    """A JSON value with its place in the text, so that it can be kept as text."""

    __slots__ = ("kind", "value", "start", "end")

    def __init__(self, kind, value, start, end):
        self.kind, self.value, self.start, self.end = kind, value, start, end


class Scanner:
    """A strict reader of RFC 8259: JSN-003 to JSN-008. Numbers keep their text."""

    def __init__(self, text, max_depth):
        self.text, self.position, self.max_depth = text, 0, max_depth

    @classmethod
    def read(cls, body):
        """The text and the root node of a body in bytes."""
        if body.startswith(b"\xef\xbb\xbf"):
            raise Problem("malformed-json", "expected no byte order mark, got one at offset 0")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Problem("malformed-json", f"expected valid UTF-8, got an invalid byte at offset {error.start}")
        scanner = cls(text, LIMITS["maxDepth"])
        root = scanner.value(1)
        scanner.skip()
        if scanner.position != len(text):
            scanner.fail("the end of the body")
        return text, root

    def fail(self, expected, position=None):
        position = self.position if position is None else position
        got = repr(self.text[position]) if position < len(self.text) else "the end"
        raise Problem("malformed-json", f"expected {expected}, got {got} at character {position}")

    def skip(self):
        self.position = WHITE_SPACE.match(self.text, self.position).end()

    def peek(self):
        self.skip()
        return self.text[self.position : self.position + 1]

    def take(self, character):
        if self.peek() != character:
            self.fail(f"'{character}'")
        self.position += 1

    def value(self, depth):
        first = self.peek()
        start = self.position
        if first == '"':
            return Node("string", self.string(), start, self.position)
        if first == "{" or first == "[":
            if depth > self.max_depth:
                self.fail(f"at most {self.max_depth} levels of nesting")
            self.position += 1
            content = self.members(depth) if first == "{" else self.items(depth)
            return Node("object" if first == "{" else "array", content, start, self.position)
        for word, kind, value in LITERALS:
            if self.text.startswith(word, start):
                self.position += len(word)
                return Node(kind, value, start, self.position)
        match = NUMBER.match(self.text, start)
        if not match:
            self.fail("a JSON value")
        self.position = match.end()
        return Node("number", match.group(), start, self.position)

    def members(self, depth):
        members = {}
        if self.peek() == "}":
            self.position += 1
            return members
        while True:
            self.skip()
            start = self.position
            if self.peek() != '"':
                self.fail("a member's name")
            name = self.string()
            if name in members:
                self.fail(f"the member {json.dumps(name)} once", start)
            self.take(":")
            members[name] = self.value(depth + 1)
            if self.peek() == "}":
                self.position += 1
                return members
            self.take(",")

    def items(self, depth):
        items = []
        if self.peek() == "]":
            self.position += 1
            return items
        while True:
            items.append(self.value(depth + 1))
            if self.peek() == "]":
                self.position += 1
                return items
            self.take(",")

    def string(self):
        text, parts = self.text, []
        self.position += 1
        while True:
            match = PLAIN.match(text, self.position)
            parts.append(match.group())
            self.position = match.end()
            following = text[self.position : self.position + 1]
            if following == '"':
                self.position += 1
                return "".join(parts)
            if following != "\\":
                self.fail("a character of a string or its end")
            parts.append(self.escape())

    def escape(self):
        start = self.position
        letter = self.text[start + 1 : start + 2]
        if letter in ESCAPES:
            self.position += 2
            return ESCAPES[letter]
        if letter != "u":
            self.fail("an escape of JSON", start)
        code = self.hex(start)
        if code == 0:
            self.fail("no U+0000", start)
        if 0xDC00 <= code <= 0xDFFF:
            self.fail("a paired surrogate", start)
        if 0xD800 <= code <= 0xDBFF:
            low = self.hex(self.position) if self.text.startswith("\\u", self.position) else 0
            if not 0xDC00 <= low <= 0xDFFF:
                self.fail("a paired surrogate", start)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        return chr(code)

    def hex(self, start):
        match = HEX4.match(self.text, start + 2)
        if not match:
            self.fail("four hexadecimal digits", start)
        self.position = match.end()
        return int(match.group(), 16)


def dump(value):
    """JSON without white space; its strings have the escapes of RFC 8785 section 3.2.2.2."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(node):
    """The canonical content of a value: spec, Identity."""
    if node.kind == "object":
        members = sorted(node.value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{dump(name)}:{canonical(value)}" for name, value in members) + "}"
    if node.kind == "array":
        return "[" + ",".join(canonical(item) for item in node.value) + "]"
    return node.value if node.kind == "number" else dump(node.value)


def fingerprint(node):
    return hashlib.sha256(canonical(node).encode("utf-8")).digest()


# --- 4 instants -------------------------------------------------------------------------------------------------------

INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
EPOCH = datetime.datetime(1970, 1, 1)
LAST_INSTANT = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z


def parse_instant(text):
    """Milliseconds since 1970, or None: RFC 3339 with any offset, digits beyond milliseconds dropped."""
    match = INSTANT.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(match.group(i)) for i in range(1, 7))
    offset = 0
    if match.group(8):
        if int(match.group(9)) > 23 or int(match.group(10)) > 59:
            return None
        offset = (int(match.group(9)) * 60 + int(match.group(10))) * (60_000 if match.group(8) == "+" else -60_000)
    try:
        since = datetime.datetime(year, month, day, hour, minute, second) - EPOCH
    except ValueError:
        return None
    fraction = int((match.group(7) or "0")[:3].ljust(3, "0"))
    instant = (since.days * 86_400 + since.seconds) * 1000 + fraction - offset
    return instant if 0 <= instant <= LAST_INSTANT else None


def show_instant(milliseconds):
    moment = EPOCH + datetime.timedelta(milliseconds=min(milliseconds, LAST_INSTANT))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


# --- 5 targets --------------------------------------------------------------------------------------------------------

Target = collections.namedtuple("Target", "scheme host port path origin address")
ASCII_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
PATH_SAFE = "".join(c for c in ASCII_PRINTABLE if c not in '"#<>?^`{}')
QUERY_SAFE = "".join(c for c in ASCII_PRINTABLE if c not in "\"#<>'")
FORBIDDEN_IN_HOST = re.compile(r'[\x00-\x20"#%/:<>?@\[\\\]^`{|}\x7f]')


def parse_target(text):
    """What the WHATWG URL Standard parses a target to; ValueError says what was expected (POL-020, POL-021, POL-023)."""
    scheme, separator, rest = text.partition("://")
    scheme = scheme.lower()
    if scheme not in ("http", "https") or not separator:
        raise ValueError("an absolute http or https URL")
    if not 8 <= len(text) <= 2048:
        raise ValueError("8 to 2048 characters")
    if any(character.isspace() or ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in text):
        raise ValueError("no white space and no control characters")
    if "#" in text:
        raise ValueError("no fragment")
    rest = rest.lstrip("/\\")
    authority = re.match(r"[^/\\?]*", rest).group()
    path, question, query = rest[len(authority) :].partition("?")
    if "@" in authority:
        raise ValueError("no userinfo")
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]*))?", authority)
    if not match:
        raise ValueError("a host and a port")
    host, address = parse_host(match.group(1))
    digits = (match.group(2) or "").lstrip("0") or ("0" if match.group(2) else "")
    if len(digits) > 5 or int(digits or 0) > 65_535:
        raise ValueError("a port of at most 65535")
    default = 443 if scheme == "https" else 80
    port = int(digits) if digits else default
    target = normal_path(path.replace("\\", "/"))
    if question:
        target += "?" + urllib.parse.quote(query, safe=QUERY_SAFE)
    origin = f"{scheme}://{host}" + ("" if port == default else f":{port}")
    return Target(scheme, host, port, target, origin, address)


def parse_host(text):
    """The host as it is written in a URL, and its address if it is an IP literal in any spelling."""
    if text.startswith("["):
        try:
            address = ipaddress.IPv6Address(text[1:-1] if "%" not in text else "")
        except ValueError:
            raise ValueError("an IPv6 address between the brackets")
        return f"[{address}]", address
    try:
        host = urllib.parse.unquote(text, errors="strict")
        host = host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("a host that can be looked up")
    if not host or FORBIDDEN_IN_HOST.search(host):
        raise ValueError("a host")
    if len(host) > 253:
        raise ValueError("a host of at most 253 characters")
    labels = host.split(".")
    if labels[-1] == "" and len(labels) > 1:
        labels.pop()
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        address = parse_ipv4(labels)
        return str(address), address
    return host, None


def parse_ipv4(labels):
    """The IPv4 parser of the URL Standard: 1 to 4 parts, decimal, octal or hexadecimal; the last one fills what is left."""
    numbers = []
    for label in labels:
        if not re.fullmatch(r"0x[0-9a-f]*|0[0-7]*|[1-9][0-9]{0,20}", label):
            raise ValueError("an IPv4 address")
        base = 16 if label.startswith("0x") else 8 if label.startswith("0") else 10
        numbers.append(int((label[2:] if base == 16 else label) or "0", base))
    if len(numbers) > 4 or any(n > 255 for n in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise ValueError("an IPv4 address")
    return ipaddress.IPv4Address(sum(n << (24 - 8 * i) for i, n in enumerate(numbers[:-1])) + numbers[-1])


def normal_path(path):
    """The path with dot segments resolved and what has to be percent-encoded encoded."""
    segments, last = [], path.count("/") - 1
    for index, segment in enumerate(path.split("/")[1:]):
        dots = segment.lower().replace("%2e", ".")
        if dots in (".", ".."):
            if dots == ".." and segments:
                segments.pop()
            if index == last:
                segments.append("")
        else:
            segments.append(urllib.parse.quote(segment, safe=PATH_SAFE))
    return "/" + "/".join(segments)


# --- 6 target policy --------------------------------------------------------------------------------------------------


class Policy:
    """Which addresses may be dialled, by the table of special addresses."""

    def __init__(self, loopback, private):
        table = json.loads((SPEC / "special-addresses.json").read_text("utf-8"))
        self.reach = {entry["class"]: entry["reach"] for entry in table["classes"]}
        self.metadata_names = set(table["metadataNames"])
        ranges = [(ipaddress.ip_network(entry["range"]), entry["class"]) for entry in table["ranges"]]
        self.ranges = sorted(ranges, key=lambda entry: -entry[0].prefixlen)
        self.loopback, self.private = loopback, private

    def outline(self):
        return {"loopback": self.loopback, "private": self.private, "allow": []}

    def judge(self, address):
        """(who may reach it, its class); the most specific range counts."""
        for network, name in self.ranges:
            if network.version == address.version and address in network:
                if name == "mapped" or name == "translated":
                    inner = self.judge(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
                    if name == "mapped" or inner[0] == "public":
                        return inner
                    return "nobody", name
                return self.reach[name], name
        return "public", "public"

    def forbids(self, address):
        """Why an address must not be dialled, or None."""
        reach, name = self.judge(address)
        if reach == "public" or (reach == "loopback" and self.loopback) or (reach == "private" and self.private):
            return None
        return f"the {name} address {address}"

    def forbids_host(self, target):
        """The same for a target at the submit, without looking its name up (POL-006 to POL-009)."""
        if target.address is not None:
            return self.forbids(target.address)
        name = target.host.removesuffix(".")
        if name in self.metadata_names:
            return f"the metadata service {name}"
        if (name == "localhost" or name.endswith(".localhost")) and not self.loopback:
            return f"the loopback name {name}"
        return None


# --- 7 submissions ----------------------------------------------------------------------------------------------------

ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~:-]{1,512}")
QUEUE = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~:-]{1,128}")
FLOW_KEY = re.compile(r"[^\x00-\x1f\x7f]{1,512}")
STATUS_RULE = re.compile(r"[345](?:[0-9]{2}|xx)")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile("[\t\x20-\x7e\x80-\xff]*")
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
IDEMPOTENCY_KEY = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
METHODS = ("POST", "PUT", "PATCH", "DELETE", "GET")
HOP_HEADERS = frozenset(
    "host content-length connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    "transfer-encoding upgrade expect".split()
)
TASK_MEMBERS = (
    "target taskName taskArgs request headers id queue flowKey priority dueAt delayMs expiresAt timeoutMs retry".split()
)
RETRY_MEMBERS = "maxAttempts minBackoffMs maxBackoffMs multiplier jitter maxDurationMs retryOn failOn".split()
ARTICLES = {"array": "an array", "object": "an object", "null": "null"}


class Checker:
    """Reads members of a node and collects what is wrong with them, each with its pointer (PRB-006, PRB-008)."""

    def __init__(self):
        self.errors = []

    def error(self, pointer, expected, node=None):
        if node is None:
            got = "none"
        elif node.kind in ("string", "number", "boolean"):
            got = dump(node.value) if node.kind != "number" else node.value
            got = got if len(got) <= 60 else got[:57] + "..."
        else:
            got = ARTICLES[node.kind]
        self.errors.append({"pointer": pointer, "detail": f"expected {expected}, got {got}"})

    def members(self, node, pointer, names, nullable=()):
        """The members of an object that are named and not null."""
        if node.kind != "object":
            self.error(pointer, "an object", node)
            return {}
        found = {}
        for name, value in node.value.items():
            place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if names is not None and name not in names:
                self.error(place, "no member of this name", value)
            elif value.kind == "null" and name not in nullable:
                self.error(place, "a value", value)
            else:
                found[name] = value
        return found

    def string(self, node, pointer, expected, accepts):
        if node.kind == "string" and accepts(node.value):
            return node.value
        self.error(pointer, expected, node)
        return None

    def number(self, node, pointer, low, high, integer=True):
        """A number within bounds; `5.0` and `5e0` are integers (JSN-021)."""
        if node.kind == "number":
            try:
                value = decimal.Decimal(node.value)
            except decimal.InvalidOperation:
                value = decimal.Decimal("Infinity")
            if low <= value <= high:
                if value == value.to_integral_value():
                    return int(value)
                if not integer:
                    return float(value)
        self.error(pointer, f"{'an integer' if integer else 'a number'} from {low} to {high}", node)
        return None

    def instant(self, node, pointer):
        value = parse_instant(node.value) if node.kind == "string" else None
        if value is None:
            self.error(pointer, "an instant of RFC 3339 in the years 1970 to 9999", node)
        return value


def read_submission(check, node, text, pointer, now):
    """The columns of a task, or what `check` has against them."""
    given = check.members(node, pointer, TASK_MEMBERS, nullable=("taskArgs",))
    task = {"fingerprint": fingerprint(node), "task_args": None, "request": None, "headers": None}

    target = None
    if "target" not in given:
        check.error(pointer + "/target", "a target")
    elif given["target"].kind != "string":
        check.error(pointer + "/target", "a string", given["target"])
    else:
        try:
            target = parse_target(given["target"].value)
            task["target"] = given["target"].value
        except ValueError as error:
            check.error(pointer + "/target", str(error), given["target"])
    task["url"] = target
    task["origin"] = target.origin if target else ""

    def text_member(name, expected, accepts, default=None):
        if name not in given:
            return default
        return check.string(given[name], f"{pointer}/{name}", expected, accepts)

    def number_member(name, low, high, default):
        return check.number(given[name], f"{pointer}/{name}", low, high) if name in given else default

    task["id"] = text_member("id", "an id", lambda v: ID.fullmatch(v))
    task["task_name"] = text_member("taskName", "1 to 255 characters", lambda v: 1 <= len(v) <= 255)
    task["queue"] = text_member("queue", "a queue's name", lambda v: QUEUE.fullmatch(v), "default")
    task["flow_key"] = text_member("flowKey", "1 to 512 characters", lambda v: FLOW_KEY.fullmatch(v), task["origin"])
    task["priority"] = number_member("priority", -1000, 1000, 0)
    task["timeout_ms"] = number_member("timeoutMs", LIMITS["minTimeoutMs"], LIMITS["maxTimeoutMs"], 30_000)
    delay = number_member("delayMs", 0, 31_536_000_000, None)
    due = check.instant(given["dueAt"], pointer + "/dueAt") if "dueAt" in given else None
    expires = check.instant(given["expiresAt"], pointer + "/expiresAt") if "expiresAt" in given else None

    if "taskName" not in given and "request" not in given:
        check.error(pointer + "/taskName", "a name, or `request`")
    if "taskArgs" in given:
        task["task_args"] = text[given["taskArgs"].start : given["taskArgs"].end]
        if "request" in given:
            check.error(pointer + "/taskArgs", "one of `taskArgs` and `request`", given["taskArgs"])
    if "dueAt" in given and "delayMs" in given:
        check.error(pointer + "/delayMs", "one of `dueAt` and `delayMs`", given["delayMs"])
    if due is not None and due > now + MAX_DUE_AHEAD_MS:
        check.error(pointer + "/dueAt", "an instant at most 3653 days ahead", given["dueAt"])
    if due is not None and expires is not None and expires <= due:
        check.error(pointer + "/expiresAt", "an instant later than `dueAt`", given["expiresAt"])
    if "request" in given:
        task["request"] = read_request(check, given["request"], pointer + "/request")
    if "headers" in given:
        task["headers"] = read_headers(check, given["headers"], pointer + "/headers")
    task["retry"] = read_retry(check, given.get("retry"), pointer + "/retry")
    task["due_at"], task["delay_ms"], task["expires_at"] = due, delay, expires
    return task


def read_request(check, node, pointer):
    given = check.members(node, pointer, ("method", "body", "bodyEncoding"))
    request = {}
    if "method" in given:
        expected = f"one of {', '.join(METHODS)}"
        request["method"] = check.string(given["method"], pointer + "/method", expected, METHODS.__contains__)
    if "body" in given:
        request["body"] = check.string(given["body"], pointer + "/body", "a string", lambda v: True)
    if "bodyEncoding" in given:
        request["bodyEncoding"] = check.string(
            given["bodyEncoding"], pointer + "/bodyEncoding", "utf8 or base64", ("utf8", "base64").__contains__
        )
    if request.get("bodyEncoding") == "base64" and not BASE64.fullmatch(request.get("body") or ""):
        check.error(pointer + "/body", "base64 of RFC 4648 section 4 with padding", given["body"])
    return dump(request)


def read_headers(check, node, pointer):
    given = check.members(node, pointer, None)
    seen, size = set(), 0
    for name, value in given.items():
        place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        low = name.lower()
        if not TOKEN.fullmatch(name):
            check.error(place, "a token of RFC 9110 as the name", value)
        elif low in HOP_HEADERS or low.startswith(("dispatchr-", "webhook-")):
            check.error(place, "a header that a task may have", value)
        elif low in seen:
            check.error(place, "the header once, case ignored", value)
        elif check.string(value, place, "tab, space to ~ and U+0080 to U+00FF", HEADER_VALUE.fullmatch) is not None:
            size += len(name) + len(value.value)
        seen.add(low)
    if len(given) > LIMITS["maxHeaders"]:
        check.error(pointer, f"at most {LIMITS['maxHeaders']} members", node)
    if size > LIMITS["maxHeaderBytes"]:
        check.error(pointer, f"at most {LIMITS['maxHeaderBytes']} bytes", node)
    return dump({name: value.value for name, value in given.items() if value.kind == "string"})


def read_retry(check, node, pointer):
    """The retry policy with every default filled in (RTY-001)."""
    given = check.members(node, pointer, RETRY_MEMBERS) if node else {}
    backoff = (LIMITS["minBackoffMs"], LIMITS["maxBackoffMs"])
    policy = {}
    for name, low, high, default in (
        ("maxAttempts", 1, LIMITS["maxAttempts"], 100),
        ("minBackoffMs", *backoff, 2000),
        ("maxBackoffMs", *backoff, 3_600_000),
        ("multiplier", 1, 10, 2),
        ("jitter", 0, 1, 0.2),
        ("maxDurationMs", 1, 31_536_000_000, None),
    ):
        integer = name not in ("multiplier", "jitter")
        value = check.number(given[name], f"{pointer}/{name}", low, high, integer) if name in given else default
        if value is not None:
            policy[name] = value
    for name in ("retryOn", "failOn"):
        policy[name] = read_rules(check, given[name], f"{pointer}/{name}") if name in given else []
    if policy.get("maxBackoffMs", backoff[1]) < policy.get("minBackoffMs", 0):
        only_min = "minBackoffMs" in given and "maxBackoffMs" not in given
        name = "minBackoffMs" if only_min else "maxBackoffMs"
        check.error(f"{pointer}/{name}", "`maxBackoffMs` not below `minBackoffMs`", given.get(name))
    if set(policy["retryOn"]) & set(policy["failOn"]):
        check.error(pointer + "/failOn", "no status that `retryOn` names too", given["failOn"])
    return policy


def read_rules(check, node, pointer):
    if node.kind != "array" or len(node.value) > 50:
        check.error(pointer, "an array of at most 50 items", node)
        return []
    expected = "a status from 300 to 599 or a class of them"
    rules = [check.string(item, f"{pointer}/{i}", expected, STATUS_RULE.fullmatch) for i, item in enumerate(node.value)]
    return [rule for rule in rules if rule]


def read_trace(traceparent, tracestate):
    """The trace context to keep: both or neither (REC-023). Each argument is a list of field values."""
    match = TRACEPARENT.fullmatch(traceparent[0]) if len(traceparent) == 1 else None
    if not match or (match.group(1) == "00" and match.group(2)):
        return None, None
    return traceparent[0], ",".join(tracestate) or None


# --- 8 store ----------------------------------------------------------------------------------------------------------

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, generated INTEGER NOT NULL,
  fingerprint BLOB NOT NULL, idempotency_key TEXT UNIQUE,
  state TEXT NOT NULL, reason TEXT, target TEXT NOT NULL, origin TEXT NOT NULL, task_name TEXT, task_args TEXT,
  request TEXT, headers TEXT, queue TEXT NOT NULL, flow_key TEXT NOT NULL, priority INTEGER NOT NULL,
  due_at INTEGER NOT NULL, expires_at INTEGER, timeout_ms INTEGER NOT NULL, retry TEXT NOT NULL,
  traceparent TEXT, tracestate TEXT, created_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0, attempts_used INTEGER NOT NULL DEFAULT 0, last_outcome TEXT,
  first_claim_at INTEGER, started_at INTEGER, finished_at INTEGER, cancel_requested_at INTEGER,
  lease TEXT, lease_until INTEGER, scheduler TEXT);
CREATE INDEX IF NOT EXISTS tasks_due ON tasks (priority, due_at, seq) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS tasks_expiry ON tasks (expires_at) WHERE state = 'pending' AND expires_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS tasks_running ON tasks (lease_until) WHERE state = 'running';
CREATE INDEX IF NOT EXISTS tasks_finished ON tasks (state, finished_at) WHERE finished_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS attempts (
  task INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE, attempt INTEGER NOT NULL, scheduler TEXT NOT NULL,
  started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, duration_ms INTEGER NOT NULL, outcome TEXT NOT NULL,
  status INTEGER, error_code TEXT, error_message TEXT, response_body TEXT, PRIMARY KEY (task, attempt)) WITHOUT ROWID;
"""
TASK_COLUMNS = (
    "id generated fingerprint idempotency_key state target origin task_name task_args request headers queue flow_key "
    "priority due_at expires_at timeout_ms retry traceparent tracestate created_at".split()
)


class Store:
    """One connection to one database file, held exclusively; every use of it is a transaction under one lock."""

    def __init__(self, path):
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
        self.connection.row_factory = sqlite3.Row
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(SCHEMA)
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO settings VALUES ('cursor-key', ?)", (secrets.token_bytes(32),))
            self.cursor_key = db.execute("SELECT value FROM settings WHERE name = 'cursor-key'").fetchone()[0]
        self.counter = itertools.count(1)
        self.last_now = 0

    @contextlib.contextmanager
    def transaction(self):
        """A transaction that is durable (WAL, synchronous FULL) when the block has been left."""
        if not self.lock.acquire(timeout=DATABASE_TIMEOUT_S):
            raise sqlite3.OperationalError("the database is busy")
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        finally:
            self.lock.release()

    def now(self):
        """The database's clock (TIM-004): SQLite has none of its own, so this process is it. Never runs backwards."""
        self.last_now = max(self.last_now, time.time_ns() // 1_000_000)
        return self.last_now

    def new_id(self, now):
        """An id that sorts by time: milliseconds, a counter, randomness (REC-024)."""
        return f"{now:012x}-{next(self.counter) & 0xFFFFFFFF:08x}-{secrets.token_hex(6)}"

    def submit(self, tasks, key=None, trace=(None, None)):
        """Records tasks in one commit: a list of (created, row) in their order. Identity is decided here."""
        with self.transaction() as db:
            now, results = self.now(), []
            for index, task in enumerate(tasks):
                place = task["pointer"]
                row = None
                if task["id"] is not None:
                    row = db.execute("SELECT * FROM tasks WHERE id = ?", (task["id"],)).fetchone()
                    if row and (row["generated"] or row["fingerprint"] != task["fingerprint"]):
                        expected = "expected an id that is new or has this content, got one whose task has other content"
                        error = {"pointer": place + "/id", "detail": expected}
                        detail = f"a task with the id {task['id']} and other content exists"
                        raise Problem("task-id-conflict", detail, [error])
                elif key is not None:
                    row = db.execute("SELECT * FROM tasks WHERE idempotency_key = ?", (key,)).fetchone()
                    if row and row["fingerprint"] != task["fingerprint"]:
                        detail = f"the Idempotency-Key {dump(key)} was used with other content"
                        raise Problem("idempotency-key-reused", detail)
                if row is None:
                    results.append((True, self.insert(db, task, key, trace, now)))
                else:
                    results.append((False, row))
            return results

    def insert(self, db, task, key, trace, now):
        columns = dict(task, state="pending", generated=task["id"] is None, idempotency_key=key, created_at=now)
        columns["traceparent"], columns["tracestate"] = trace
        columns["id"] = task["id"] or self.new_id(now)
        columns["retry"] = dump(task["retry"])
        if task["due_at"] is None:
            columns["due_at"] = now + (task["delay_ms"] or 0)
        names = ", ".join(TASK_COLUMNS)
        marks = ", ".join(":" + name for name in TASK_COLUMNS)
        values = {name: columns[name] for name in TASK_COLUMNS}
        seq = db.execute(f"INSERT INTO tasks ({names}) VALUES ({marks})", values).lastrowid
        return db.execute("SELECT * FROM tasks WHERE seq = ?", (seq,)).fetchone()

    def find(self, db, task_id):
        row = db.execute("SELECT * FROM tasks WHERE id = ?", (task_id,)).fetchone() if ID.fullmatch(task_id) else None
        if row is None:
            raise Problem("task-not-found", f"no task has the id {task_id[:512]}")
        return row

    def get(self, task_id):
        with self.transaction() as db:
            return self.find(db, task_id)

    def list_tasks(self, conditions, values, limit):
        with self.transaction() as db:
            where = " AND ".join(conditions) or "1"
            sql = f"SELECT * FROM tasks WHERE {where} ORDER BY seq DESC LIMIT ?"
            return db.execute(sql, (*values, limit)).fetchall()

    def list_attempts(self, task_id, after, limit):
        with self.transaction() as db:
            seq = self.find(db, task_id)["seq"]
            sql = "SELECT * FROM attempts WHERE task = ? AND attempt > ? ORDER BY attempt LIMIT ?"
            return db.execute(sql, (seq, after, limit)).fetchall()

    def ping(self):
        with self.transaction() as db:
            db.execute("SELECT count(*) FROM settings").fetchone()

    # What an operator may do. Each write has the state in its WHERE, so that a race has one winner.

    def cancel(self, task_id):
        with self.transaction() as db:
            task, now = self.find(db, task_id), self.now()
            seq = task["seq"]
            cancelled = "UPDATE tasks SET state = 'cancelled', finished_at = ? WHERE seq = ? AND state = 'pending'"
            wished = (
                "UPDATE tasks SET cancel_requested_at = COALESCE(cancel_requested_at, ?)"
                " WHERE seq = ? AND state = 'running'"
            )
            status = 200
            if db.execute(cancelled, (now, seq)).rowcount == 0:
                if db.execute(wished, (now, seq)).rowcount:
                    status = 202
                elif task["state"] != "cancelled":
                    raise self.conflict(task, "a task that is pending, running or cancelled")
            return status, self.find(db, task_id)

    def run(self, task_id):
        with self.transaction() as db:
            task = self.find(db, task_id)
            sql = "UPDATE tasks SET due_at = min(due_at, ?) WHERE seq = ? AND state = 'pending'"
            if db.execute(sql, (self.now(), task["seq"])).rowcount == 0:
                raise self.conflict(task, "a task that is pending")
            return self.find(db, task_id)

    def retry(self, task_id):
        with self.transaction() as db:
            task, now = self.find(db, task_id), self.now()
            sql = (
                "UPDATE tasks SET state = 'pending', due_at = :now, attempts_used = 0, reason = NULL, finished_at = NULL,"
                " cancel_requested_at = NULL, first_claim_at = NULL,"
                " expires_at = CASE WHEN expires_at > :now THEN expires_at END"
                f" WHERE seq = :seq AND state IN {TERMINAL}"
            )
            if db.execute(sql, {"now": now, "seq": task["seq"]}).rowcount == 0:
                raise self.conflict(task, "a terminal task")
            return self.find(db, task_id)

    def delete(self, task_id):
        with self.transaction() as db:
            task = self.find(db, task_id)
            if db.execute(f"DELETE FROM tasks WHERE seq = ? AND state IN {TERMINAL}", (task["seq"],)).rowcount == 0:
                raise self.conflict(task, "a terminal task")

    @staticmethod
    def conflict(task, expected):
        state = task["state"]
        return Problem("task-state-conflict", f"expected {expected}, got one that is {state}", state=state)

    # Cursors: a position and a MAC over it and the list that it belongs to (PAG-004, PAG-005).

    def make_cursor(self, scope, position):
        mac = hmac.new(self.cursor_key, f"{scope}\n{position}".encode(), "sha256").hexdigest()[:24]
        return f"{position}.{mac}"

    def read_cursor(self, scope, cursor):
        match = re.fullmatch(r"([0-9]{1,18})\.[0-9a-f]{24}", cursor)
        if not match or not hmac.compare_digest(self.make_cursor(scope, match.group(1)), cursor):
            raise invalid_parameter("cursor", "expected the `nextCursor` of a page of this list, got another text")
        return int(match.group(1))


# --- 9 states ---------------------------------------------------------------------------------------------------------

Result = collections.namedtuple(
    "Result", "outcome status error_code message body retry_after_ms", defaults=(None, None, None, None, 0)
)


def pause_ms(retry, used, retry_after_ms):
    """RTY-002 and RTY-003: the pause after the n-th used attempt, in whole milliseconds, never rounded down."""
    try:
        bare = min(retry["maxBackoffMs"], retry["minBackoffMs"] * float(retry["multiplier"]) ** (used - 1))
    except OverflowError:
        bare = retry["maxBackoffMs"]
    return -int(-max(bare, retry_after_ms) * random.uniform(1, 1 + retry["jitter"]) // 1)


def after_attempt(task, outcome, now, retry_after_ms):
    """The state table for a running task whose attempt ends: (state, reason, due_at, attempts_used)."""
    due, used = task["due_at"], task["attempts_used"]
    next_try, exhausted = now, False
    if outcome in ("retryable", "lease-lost"):
        retry = json.loads(task["retry"])
        used += 1
        if outcome == "retryable" or task["last_outcome"] == "lease-lost":  # LEA-009, LEA-010
            next_try = now + pause_ms(retry, used, retry_after_ms)
        duration = retry.get("maxDurationMs")
        exhausted = used >= retry["maxAttempts"]
        exhausted = exhausted or (duration is not None and next_try - task["first_claim_at"] >= duration)
    if outcome == "completed":
        return "completed", None, due, used
    if task["cancel_requested_at"] is not None:
        return "cancelled", None, due, used
    if outcome in ("rejected", "target-blocked"):
        return "failed", outcome, due, used
    if exhausted:
        return "failed", "exhausted", due, used
    if task["expires_at"] is not None and next_try >= task["expires_at"]:
        return "failed", "expired", due, used
    return "pending", None, (due if outcome == "released" else next_try), used


def settle(store, seq, lease, result, duration_ms=None):
    """Ends an attempt: task and attempt in one commit, and only while the task has the lease (LEA-003, STA-015)."""
    with store.transaction() as db:
        task = db.execute("SELECT * FROM tasks WHERE seq = ? AND state = 'running' AND lease = ?", (seq, lease)).fetchone()
        if task is None:
            return None
        now = store.now()
        state, reason, due, used = after_attempt(task, result.outcome, now, result.retry_after_ms)
        db.execute(
            "UPDATE tasks SET state = ?, reason = ?, due_at = ?, attempts_used = ?, finished_at = ?, last_outcome = ?,"
            " lease = NULL, lease_until = NULL WHERE seq = ? AND state = 'running' AND lease = ?",
            (state, reason, due, used, now if state in TERMINAL else None, result.outcome, seq, lease),
        )
        duration = max(0, now - task["started_at"]) if duration_ms is None else duration_ms
        db.execute(
            "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, task["attempt"], task["scheduler"], task["started_at"], now, duration, result.outcome)
            + (result.status, result.error_code, result.message, result.body),
        )
        return state


# --- 10 delivery ------------------------------------------------------------------------------------------------------

REJECTED = (400, 405, 410, 413, 414, 415, 422)  # ANS-007
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: [^\r\n]*)?\r?")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = f"(?P<month>{'|'.join(MONTHS)})"
CLOCK = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
HTTP_DATES = [
    re.compile(f"{DAY}, (?P<day>[0-9]{{2}}) {MONTH} (?P<year>[0-9]{{4}}) {CLOCK} GMT"),
    re.compile(f"{LONG_DAY}, (?P<day>[0-9]{{2}})-{MONTH}-(?P<year>[0-9]{{2}}) {CLOCK} GMT"),
    re.compile(f"{DAY} {MONTH} (?P<day>[0-9]{{2}}| [0-9]) {CLOCK} (?P<year>[0-9]{{4}})"),
]


def parse_http_date(text):
    """Milliseconds since 1970 of an HTTP date in one of its three forms, else None."""
    match = next(filter(None, (form.fullmatch(text) for form in HTTP_DATES)), None)
    if not match:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:  # RFC 9110: not more than 50 years ahead
        this_year = time.gmtime().tm_year
        year += this_year - this_year % 100
        year -= 100 if year > this_year + 50 else 0
    try:
        month, second = MONTHS.index(match["month"]) + 1, min(int(match["second"]), 59)
        day, hour, minute = (int(match[name]) for name in ("day", "hour", "minute"))
        moment = datetime.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return (moment - EPOCH) // datetime.timedelta(milliseconds=1)


def read_retry_after(headers):
    """What `Retry-After` asks for, in milliseconds: RTY-021 to RTY-025."""
    values = headers.get("retry-after")
    if not values:
        return 0
    text = values[0]
    if re.fullmatch(r"[0-9]+", text):
        digits = text.lstrip("0") or "0"
        wish = int(digits) * 1000 if len(digits) <= 9 else LIMITS["retryAfterMaxMs"]
    else:
        date = parse_http_date(text)
        if date is None:
            return 0
        reference = parse_http_date(headers["date"][0]) if headers.get("date") else None
        wish = date - (time.time_ns() // 1_000_000 if reference is None else reference)
    return max(0, min(wish, LIMITS["retryAfterMaxMs"]))


def decide(status, headers, retry):
    """The table of answers, from the top."""
    code, family = str(status), f"{status // 100}xx"
    if 200 <= status <= 299:
        return "completed"
    if any(value.lower() == "no" for value in headers.get("dispatchr-retry", ())):
        return "rejected"
    for name in (code, family):
        if name in retry["failOn"]:
            return "rejected"
        if name in retry["retryOn"]:
            return "retryable"
    return "rejected" if status in REJECTED else "retryable"


def delivery_body(task):
    """The bytes that are sent, or None; the same in every attempt (DLV-002, DLV-010, DLV-015)."""
    if task["request"] is None:
        name, arguments = dump(task["task_name"]), task["task_args"] or "null"
        return f'{{"taskName":{name},"taskArgs":{arguments}}}'.encode("utf-8")
    request = json.loads(task["request"])
    if "body" not in request:
        return None
    if request.get("bodyEncoding") == "base64":
        return base64.b64decode(request["body"])
    return request["body"].encode("utf-8")


def delivery_request(task, target, signing_secrets):
    """The whole request in bytes."""
    body = delivery_body(task)
    own = json.loads(task["headers"]) if task["headers"] else {}
    own_names = {name.lower() for name in own}
    method = "POST" if task["request"] is None else json.loads(task["request"]).get("method", "POST")
    left = json.loads(task["retry"])["maxAttempts"] - task["attempts_used"] - 1
    headers = {"Host": target.origin.partition("://")[2], "Connection": "close"}
    if body is not None or method in ("POST", "PUT", "PATCH"):
        headers["Content-Length"] = str(len(body or b""))
    headers["Dispatchr-Task-Id"] = task["id"]
    headers["Dispatchr-Queue"] = task["queue"]
    headers["Dispatchr-Attempt"] = str(task["attempt"])
    headers["Dispatchr-Attempts-Left"] = str(max(0, left))
    headers["Dispatchr-Due-At"] = show_instant(task["due_at"])
    if signing_secrets:
        timestamp = str(int(time.time()))
        signed = f"{task['id']}.{timestamp}.".encode("ascii") + (body or b"")
        macs = [base64.b64encode(hmac.digest(secret, signed, "sha256")).decode() for secret in signing_secrets]
        headers["webhook-id"] = task["id"]
        headers["webhook-timestamp"] = timestamp
        headers["webhook-signature"] = " ".join("v1," + mac for mac in macs)
    defaults = {"User-Agent": f"dispatchr-python/{VERSION}"}
    if task["request"] is None:
        defaults["Content-Type"] = "application/json"
    if task["idempotency_key"] is not None:
        escaped = task["idempotency_key"].replace("\\", "\\\\").replace('"', '\\"')
        defaults["Idempotency-Key"] = f'"{escaped}"'
    for name in ("traceparent", "tracestate"):
        if task[name] is not None:
            defaults[name] = task[name]
    headers.update((name, value) for name, value in defaults.items() if name.lower() not in own_names)
    headers.update(own)
    lines = [f"{method} {target.path} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines + ["", ""]).encode("latin-1") + (body or b"")


class Fault(Exception):
    """An attempt that ends with an error code instead of an answer."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


class Exchange:
    """One request to a target under one absolute deadline; `abort` ends it from another thread."""

    def __init__(self, policy, started, timeout_ms):
        self.policy, self.deadline = policy, started + timeout_ms / 1000
        self.socket, self.aborted, self.buffer, self.ended = None, False, b"", False

    def abort(self):
        self.aborted = True
        connection = self.socket
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def remaining(self):
        if self.aborted:
            raise Fault("released", "the attempt was broken off")
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Fault("timeout", "the deadline passed before an answer arrived")
        return left

    def addresses(self, target):
        """Every address of the target; the lookup is part of the deadline and has a thread of its own."""
        if target.address is not None:
            return [target.address]
        answer = []

        def look_up():
            try:
                answer.append(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                answer.append(error)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        while thread.is_alive() and not self.aborted:
            thread.join(min(self.remaining(), 0.1))
        if not answer or not isinstance(answer[0], list) or not answer[0]:
            raise Fault("name-not-resolved", f"{target.host}: {answer[0] if answer else 'no address'}")
        return list(dict.fromkeys(ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in answer[0]))

    def connect(self, target):
        """A connection to an address that has been judged, and to no other (POL-010, POL-011)."""
        addresses = self.addresses(target)
        for address in addresses:
            reason = self.policy.forbids(address)
            if reason:
                raise Fault("target-blocked", f"the target policy forbids {reason}")
        for address in addresses:
            family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
            try:
                self.socket = socket.socket(family, socket.SOCK_STREAM)
                self.socket.settimeout(self.remaining())
                self.socket.connect((str(address), target.port))
                break
            except TimeoutError:
                raise Fault("timeout", f"no connection to {address} port {target.port} in time")
            except OSError as error:
                self.socket.close()
                fault = self.connection_fault(error, f"connect to {address} port {target.port}")
        else:
            raise fault
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if target.scheme == "https":
            try:
                self.socket.settimeout(self.remaining())
                name = target.host.strip("[]").removesuffix(".")
                self.socket = tls_context().wrap_socket(self.socket, server_hostname=name)
            except TimeoutError:
                raise Fault("timeout", "TLS was not agreed in time")
            except (ssl.SSLError, ssl.CertificateError, OSError) as error:
                raise Fault("tls-failed", str(error))
        self.socket.setblocking(False)

    @staticmethod
    def connection_fault(error, what):
        if isinstance(error, ConnectionRefusedError):
            return Fault("connection-refused", f"{what}: {error.strerror}")
        if isinstance(error, (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)):
            return Fault("connection-reset", f"{what}: {error.strerror}")
        return Fault("connection-failed", f"{what}: {error.strerror or type(error).__name__}")

    def pump(self, outgoing):
        """Waits for the socket, sends some of `outgoing`, receives what there is; gives back what is still to send."""
        poll = select.poll()
        poll.register(self.socket, select.POLLIN | (select.POLLOUT if outgoing else 0))
        if not (isinstance(self.socket, ssl.SSLSocket) and self.socket.pending()):
            if not poll.poll(self.remaining() * 1000 + 1):
                self.remaining()
                return outgoing
        wants = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)
        try:
            received = self.socket.recv(65_536)
            self.buffer += received
            self.ended = not received
        except wants:
            pass
        except ssl.SSLError:
            self.ended = True
        except OSError as error:
            raise self.connection_fault(error, "receive")
        if outgoing and not self.ended:
            try:
                outgoing = outgoing[self.socket.send(outgoing[:65_536]) :]
            except wants:
                pass
            except OSError:
                outgoing = b""  # the target may have answered before it closed
        return outgoing

    def answer(self, request):
        """Sends the request and reads to the end of the head of the final answer: (status, headers by lower-case name)."""
        outgoing = memoryview(request)
        while True:
            head = self.take_head()
            if head is not None:
                status, headers = self.read_head(head)
                if status >= 200:
                    return status, headers
                continue
            if self.ended:
                raise Fault("connection-reset", "the connection was closed before an answer arrived")
            outgoing = self.pump(outgoing)

    def take_head(self):
        """The bytes of a head if it is complete, without the empty line."""
        start = self.buffer[:9]
        if not any(version.startswith(start) for version in (b"HTTP/1.0 ", b"HTTP/1.1 ")):
            raise Fault("not-http", "what arrived is not HTTP/1.0 or HTTP/1.1")
        match = re.search(rb"\r?\n\r?\n", self.buffer)
        if match is None or match.start() > MAX_ANSWER_HEAD:
            if len(self.buffer) > MAX_ANSWER_HEAD:
                raise Fault("response-too-large", f"the header section has more than {MAX_ANSWER_HEAD} bytes")
            return None
        head, self.buffer = self.buffer[: match.start()], self.buffer[match.end() :]
        return head

    @staticmethod
    def read_head(head):
        first, *lines = head.split(b"\n")
        match = STATUS_LINE.fullmatch(first)
        if not match:
            raise Fault("not-http", "the status line cannot be read")
        headers = {}
        for line in lines:
            name, colon, value = line.decode("latin-1").partition(":")
            if colon and TOKEN.fullmatch(name):
                headers.setdefault(name.lower(), []).append(value.strip(" \t\r"))
        status = int(match.group(1))
        if status == 101:
            raise Fault("not-http", "the target switched protocols")
        lengths = {length.strip() for value in headers.get("content-length", ()) for length in value.split(",")}
        encoded = "transfer-encoding" in headers
        if len(lengths) > 1 or any(not re.fullmatch("[0-9]+", length) for length in lengths) or (lengths and encoded):
            raise Fault("not-http", "the lengths of the answer contradict each other")
        return status, headers

    def body_start(self, status, headers):
        """The beginning of the answer's body as text, as far as it arrives before the deadline (REC-063)."""
        chunked = any("chunked" in value.lower() for value in headers.get("transfer-encoding", ()))
        length = headers.get("content-length", [None])[0]
        end = 0 if status == 304 else int(length) if length and len(length) < 9 else None
        while True:
            data, complete = unchunk(self.buffer) if chunked else (self.buffer[:end], False)
            complete = complete or (end is not None and len(data) >= end)
            if complete or self.ended or len(data) > RESPONSE_BODY_BYTES or len(self.buffer) >= MAX_ANSWER_BODY:
                break
            try:
                self.pump(b"")
            except Fault:
                break
        text = data[:RESPONSE_BODY_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")
        if len(data) > RESPONSE_BODY_BYTES:  # a character that the cut went through is no invalid byte
            text = text.removesuffix("\ufffd")
        return text.encode("utf-8")[:RESPONSE_BODY_BYTES].decode("utf-8", "ignore")

    def close(self):
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.close()


def unchunk(buffer):
    """What the chunks that arrived hold, and whether the last one is among them."""
    data = b""
    while True:
        line, newline, rest = buffer.partition(b"\n")
        match = re.match(rb"[0-9A-Fa-f]{1,8}", line)
        if not newline or not match:
            return data, bool(newline)
        size = int(match.group(), 16)
        if size == 0:
            return data, True
        data += rest[:size]
        if len(rest) < size + 2:
            return data, False
        buffer = rest[size:].removeprefix(b"\r").removeprefix(b"\n")


_TLS = []


def tls_context():
    """One context for all: certificates and host names are verified (DLV-019)."""
    if not _TLS:
        _TLS.append(ssl.create_default_context())
        _TLS[0].set_alpn_protocols(["http/1.1"])
    return _TLS[0]


def deliver(task, exchange, signing_secrets):
    """One attempt at a task, from the lookup to the decision."""
    try:
        target = parse_target(task["target"])
        exchange.connect(target)
        status, headers = exchange.answer(delivery_request(task, target, signing_secrets))
        outcome = decide(status, headers, json.loads(task["retry"]))
        if outcome == "completed":
            return Result(outcome, status)
        wish = read_retry_after(headers) if outcome == "retryable" else 0
        return Result(outcome, status, None, None, exchange.body_start(status, headers), wish)
    except Fault as fault:
        outcome = "target-blocked" if fault.code == "target-blocked" else "retryable"
        return Result(outcome, None, fault.code, fault.message)
    except Exception as error:  # a fault of this program must not leave the task running
        log(f"attempt failed inside: {type(error).__name__}: {error}")
        return Result("retryable", None, "invalid-request", "the request could not be sent")
    finally:
        exchange.close()


# --- 11 scheduler -----------------------------------------------------------------------------------------------------


class Scheduler:
    """Claims due tasks and delivers each in a thread of its own."""

    def __init__(self, store, policy, signing_secrets):
        self.store, self.policy, self.secrets = store, policy, signing_secrets
        self.name = f"python-{os.getpid()}-{secrets.token_hex(4)}"
        self.flights = {}  # lease -> (seq, origin, Exchange)
        self.changed = threading.Condition()
        self.stopping = False
        self.thread = threading.Thread(target=self.loop, name="scheduler", daemon=True)

    def wake(self):
        with self.changed:
            self.changed.notify_all()

    def start(self):
        """What was running when the process before ended is `lease-lost`, at once (LEA-013)."""
        self.end_lost("1")
        self.thread.start()

    def loop(self):
        tasks = [(0.5, self.expire), (RENEW_S, self.renew), (RENEW_S, self.reap), (30, self.prune)]
        due = {work: 0 for _, work in tasks}
        while not self.stopping:
            try:
                for interval, work in tasks:
                    if time.monotonic() >= due[work]:
                        work()
                        due[work] = time.monotonic() + interval
                if self.claim():
                    continue
            except Exception as error:  # DUR-008: an outage of the database ends nothing
                log(f"scheduler: {type(error).__name__}: {error}")
                time.sleep(0.5)
            with self.changed:
                if not self.stopping:
                    self.changed.wait(0.1)
        while self.flights:  # attempts in their grace period still need their leases
            with contextlib.suppress(sqlite3.Error):
                self.renew()
            time.sleep(0.5)

    def claim(self):
        """Claims up to 32 due tasks in one commit and starts them; how many."""
        with self.changed:
            free = CAPACITY - len(self.flights)
            origins = collections.Counter(origin for _, origin, _ in self.flights.values())
        if free <= 0:
            return 0
        claimed = []
        with self.store.transaction() as db:
            now = self.store.now()
            for task in self.due_tasks(db, now, min(free, 32), origins):
                lease = secrets.token_hex(16)
                row = db.execute(
                    "UPDATE tasks SET state = 'running', attempt = attempt + 1, started_at = :now, lease = :lease,"
                    " lease_until = :until, scheduler = :name, first_claim_at = COALESCE(first_claim_at, :now)"
                    " WHERE seq = :seq AND state = 'pending' RETURNING *",
                    {"now": now, "lease": lease, "until": now + LEASE_MS, "name": self.name, "seq": task["seq"]},
                ).fetchone()
                claimed.append(row)
        started = time.monotonic()
        for row in claimed:
            exchange = Exchange(self.policy, started, row["timeout_ms"])
            with self.changed:
                self.flights[row["lease"]] = (row["seq"], row["origin"], exchange)
            threading.Thread(target=self.attempt, args=(row, exchange, started), daemon=True).start()
        return len(claimed)

    def due_tasks(self, db, now, wanted, origins):
        """Due tasks, highest priority first, then earliest `dueAt` (TIM-010). An origin gets at most half of the capacity
        that the other origins leave, so that one that is slow never takes all of it (TIM-011)."""
        found, total = [], sum(origins.values())
        highest = "SELECT max(priority) FROM tasks WHERE state = 'pending' AND priority < ?"
        priority = db.execute(highest, (1001,)).fetchone()[0]
        while priority is not None and len(found) < wanted:
            position = (-1, 0)
            full = [o for o, count in origins.items() if count >= (CAPACITY - total + count) / 2]
            while len(found) < wanted:
                rows = db.execute(
                    "SELECT seq, origin, due_at FROM tasks WHERE state = 'pending' AND priority = ? AND due_at <= ?"
                    " AND (due_at, seq) > (?, ?) AND (expires_at IS NULL OR expires_at > ?)"
                    f" AND origin NOT IN ({', '.join('?' * len(full))}) ORDER BY due_at, seq LIMIT 64",
                    (priority, now, *position, now, *full),
                ).fetchall()
                for row in rows:
                    position, count = (row["due_at"], row["seq"]), origins[row["origin"]]
                    if len(found) < wanted and count < (CAPACITY - total + count) / 2:
                        origins[row["origin"]] += 1
                        total += 1
                        found.append(row)
                    elif row["origin"] not in full:
                        full.append(row["origin"])
                if len(rows) < 64:
                    break
            priority = db.execute(highest, (priority,)).fetchone()[0]
        return found

    def attempt(self, task, exchange, started):
        """Delivers a claimed task and settles the attempt; the settle is repeated until the database takes it (LEA-005)."""
        result = deliver(task, exchange, self.secrets)
        duration = int((time.monotonic() - started) * 1000)
        if exchange.aborted and result.status is None:
            result = Result("released", None, "released", "the scheduler was shutting down")
        while True:
            try:
                state = settle(self.store, task["seq"], task["lease"], result, duration)
                log(f"task {task['id']} attempt {task['attempt']}: {result.outcome} -> {state}")
                break
            except sqlite3.Error as error:
                log(f"settle of {task['id']} failed, again in 0.5 s: {error}")
                time.sleep(0.5)
        with self.changed:
            del self.flights[task["lease"]]
            self.changed.notify_all()

    def renew(self):
        """Renews the leases in flight; an attempt whose task has another one is aborted (LEA-002, LEA-004)."""
        with self.changed:
            flights = dict(self.flights)
        sql = "UPDATE tasks SET lease_until = ? WHERE seq = ? AND state = 'running' AND lease = ?"
        with self.store.transaction() as db:
            until = self.store.now() + LEASE_MS
            lost = [lease for lease, flight in flights.items() if not db.execute(sql, (until, flight[0], lease)).rowcount]
        for lease in lost:
            if lease in self.flights:
                flights[lease][2].abort()

    def reap(self):
        """Ends running tasks whose lease has run out; here they can only be those of an attempt that this process lost."""
        self.end_lost(f"lease_until < {self.store.now()}")

    def end_lost(self, condition):
        with self.store.transaction() as db:
            rows = db.execute(f"SELECT seq, lease FROM tasks WHERE state = 'running' AND {condition}").fetchall()
        for row in rows:
            if row["lease"] not in self.flights:
                result = Result("lease-lost", None, "lease-lost", "the lease ran out; what became of the request is not known")
                settle(self.store, row["seq"], row["lease"], result)

    def expire(self):
        """TIM-007: pending tasks whose `expiresAt` has come."""
        with self.store.transaction() as db:
            db.execute(
                "UPDATE tasks SET state = 'failed', reason = 'expired', finished_at = :now"
                " WHERE state = 'pending' AND expires_at IS NOT NULL AND expires_at <= :now",
                {"now": self.store.now()},
            )

    def prune(self):
        """DUR-010 to DUR-012, a few at a time so that nothing else waits for it."""
        for state in TERMINAL:
            kept = LIMITS["retentionCompletedMs" if state == "completed" else "retentionFailedMs"]
            with self.store.transaction() as db:
                now = self.store.now()
                db.execute(
                    "DELETE FROM tasks WHERE seq IN (SELECT seq FROM tasks WHERE state = ? AND finished_at <= ?"
                    " AND created_at <= ? LIMIT 500)",
                    (state, now - kept, now - LIMITS["idempotencyWindowMs"]),
                )

    def stop(self):
        """No more claims, a grace period, then what is left is broken off and released (LEA-020 to LEA-022)."""
        self.stopping = True
        self.wake()
        deadline = time.monotonic() + GRACE_S
        with self.changed:
            self.changed.wait_for(lambda: not self.flights, GRACE_S)
            left = [flight[2] for flight in self.flights.values()]
        for exchange in left:
            exchange.abort()
        with self.changed:
            self.changed.wait_for(lambda: not self.flights, max(0, deadline + 5 - time.monotonic()))
        self.thread.join(5)


# --- 12 recorder ------------------------------------------------------------------------------------------------------


def summary(row):
    """The summary of a task: everything but its content, members without a value left out."""
    task = {
        "id": row["id"],
        "state": row["state"],
        "reason": row["reason"],
        "target": row["target"],
        "taskName": row["task_name"],
        "queue": row["queue"],
        "flowKey": row["flow_key"],
        "priority": row["priority"],
        "timeoutMs": row["timeout_ms"],
        "retry": json.loads(row["retry"]),
        "attempt": row["attempt"],
        "attemptsUsed": row["attempts_used"],
    }
    for name in ("dueAt", "expiresAt", "createdAt", "startedAt", "finishedAt", "cancelRequestedAt"):
        value = row[re.sub("[A-Z]", lambda letter: "_" + letter.group().lower(), name)]
        task[name] = show_instant(value) if value is not None else None
    return {name: value for name, value in task.items() if value is not None}


def full_task(row):
    """A task with its content, as JSON text: `taskArgs` is put in as it was submitted (REC-050)."""
    task = summary(row)
    for member, column in (("request", "request"), ("headers", "headers")):
        if row[column] is not None:
            task[member] = json.loads(row[column])
    for member in ("idempotency_key", "traceparent", "tracestate"):
        if row[member] is not None:
            task["idempotencyKey" if member == "idempotency_key" else member] = row[member]
    text = dump(task)
    return text if row["task_args"] is None else f'{text[:-1]},"taskArgs":{row["task_args"]}}}'


def show_attempt(row):
    attempt = {
        "attempt": row["attempt"],
        "scheduler": row["scheduler"],
        "startedAt": show_instant(row["started_at"]),
        "endedAt": show_instant(row["ended_at"]),
        "durationMs": row["duration_ms"],
        "outcome": row["outcome"],
        "status": row["status"],
        "errorCode": row["error_code"],
        "errorMessage": row["error_message"],
        "responseBody": row["response_body"] or None,
    }
    return {name: value for name, value in attempt.items() if value is not None}


class DeadlineReader(io.RawIOBase):
    """Reads a connection with a bound on the whole request rather than on each piece of it (JSN-022)."""

    def __init__(self, connection):
        self.connection, self.deadline = connection, None

    def readable(self):
        return True

    def readinto(self, buffer):
        left = IDLE_TIMEOUT_S if self.deadline is None else self.deadline - time.monotonic()
        self.connection.settimeout(max(left, 0.001))
        count = self.connection.recv_into(buffer)
        self.connection.settimeout(REQUEST_TIMEOUT_S)
        if self.deadline is None:
            self.deadline = time.monotonic() + REQUEST_TIMEOUT_S
        return count


class BadFraming(Exception):
    """A request whose HTTP cannot be read; the catalogue has no problem for it."""


TASK_FILTERS = {
    "state": (("pending", "running", *TERMINAL).__contains__, "state = ?"),
    "queue": (QUEUE.fullmatch, "queue = ?"),
    "flowKey": (FLOW_KEY.fullmatch, "flow_key = ?"),
    "taskName": (lambda v: 1 <= len(v) <= 255, "task_name = ?"),
    "target": (lambda v: 8 <= len(v) <= 2048 and re.fullmatch(r"(?i:https?)://[^#]+", v), "target = ?"),
    "createdAfter": (parse_instant, "created_at >= ?"),
    "createdBefore": (parse_instant, "created_at < ?"),
}
PAGE = ("limit", "cursor")
# path, then method: (operation, query parameters, whether it has a body: None, "optional", "required")
ROUTES = [
    (r"/livez", {"GET": ("get_liveness", None, None)}),
    (r"/health", {"GET": ("get_health", None, None)}),
    (r"/\.well-known/dispatchr", {"GET": ("get_discovery", None, None)}),
    (r"/openapi\.json", {"GET": ("get_openapi_json", None, None)}),
    (r"/openapi\.yaml", {"GET": ("get_openapi_yaml", None, None)}),
    (r"/docs", {"GET": ("get_docs", None, None)}),
    (r"/v1/tasks", {"GET": ("list_tasks", (*TASK_FILTERS, *PAGE), None), "POST": ("submit_task", (), "required")}),
    (r"/v1/tasks/batch", {"POST": ("submit_batch", (), "required")}),
    (r"/v1/tasks/([^/]+)", {"GET": ("get_task", (), None), "DELETE": ("delete_task", (), "optional")}),
    (r"/v1/tasks/([^/]+)/attempts", {"GET": ("list_attempts", PAGE, None)}),
    (r"/v1/tasks/([^/]+)/cancel", {"POST": ("cancel_task", (), "optional")}),
    (r"/v1/tasks/([^/]+)/run", {"POST": ("run_task", (), "optional")}),
    (r"/v1/tasks/([^/]+)/retry", {"POST": ("retry_task", (), "optional")}),
]
# Paths whose operations need a feature that is not declared (DSC-006).
UNSERVED = [
    (r"/v1/queues/[^/]+/flow-keys(/[^/]+)?", "flow-keys"),
    (r"/v1/queues(/[^/]+(/(pause|resume|purge))?)?", "queues"),
    (r"/v1/targets(/close)?", "target-health"),
    (r"/v1/schedules(/[^/]+(/(pause|resume|run))?)?", "schedules"),
]


class Recorder(http.server.BaseHTTPRequestHandler):
    """The Recorder API. `app` is set by the process: store, scheduler, policy, token, discovery."""

    app = None
    protocol_version = "HTTP/1.1"
    server_version = f"dispatchr-python/{VERSION}"
    disable_nagle_algorithm = True

    def version_string(self):
        return self.server_version

    # What http.server would do differently: every method reaches `serve`, every error is a problem.

    def setup(self):
        super().setup()
        self.deadline_reader = DeadlineReader(self.connection)
        self.rfile = io.BufferedReader(self.deadline_reader, 65_536)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)

    def handle_one_request(self):
        self.deadline_reader.deadline = None
        self.body_left, self.chunked = 0, False
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, *arguments):
        pass

    def log_error(self, format, *arguments):
        if "timed out" in format and self.deadline_reader.deadline is not None:
            with contextlib.suppress(OSError):
                self.requestline, self.request_version, self.command = "", self.protocol_version, ""
                self.refuse_late()

    def refuse_late(self):
        self.close_connection = True
        self.send_problem(Problem("request-timeout", f"the request was not complete after {REQUEST_TIMEOUT_S * 1000} ms"))

    def send_error(self, code, message=None, explain=None):
        """Faults of HTTP itself, found by http.server before there is a request."""
        self.close_connection = True
        self.request_version, self.command = self.protocol_version, ""
        self.requestline = ""
        if code in (414, 431):
            self.send_problem(Problem("header-fields-too-large", "expected a shorter header section"))
        else:
            self.respond(code, b"", "application/problem+json")

    def respond(self, status, body, content_type="application/json", headers=None):
        if self.body_left > 1_048_576 or (self.chunked and self.body_left):
            self.close_connection = True  # reading the rest would cost more than a new connection
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        if self.command != "HEAD":
            self._headers_buffer.append(b"\r\n" + body)
            self.flush_headers()
        else:
            self.end_headers()

    def respond_json(self, status, value, headers=None):
        self.respond(status, (value if isinstance(value, str) else dump(value)).encode("utf-8"), headers=headers)

    def send_problem(self, problem):
        self.respond(problem.status, dump(problem.body).encode("utf-8"), "application/problem+json", problem.headers)

    # A request, in the order of PRB-017.

    def serve(self):
        try:
            self.frame()
            self.dispatch()
        except Problem as problem:
            self.send_problem(problem)
        except BadFraming:
            self.send_error(400)
        except TimeoutError:
            self.refuse_late()
        except ConnectionError:
            self.close_connection = True
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            log(f"database: {type(error).__name__}: {error}")
            self.send_problem(database_unavailable())
        except Exception as error:
            reference = secrets.token_hex(4)
            log(f"{reference}: {type(error).__name__}: {error}")
            self.send_problem(Problem("internal", f"the fault is logged under {reference}"))
        self.discard_body()

    def dispatch(self):
        path, _, query = self.path.partition("?")
        if not path.startswith("/"):  # the absolute form
            parts = urllib.parse.urlsplit(path)
            path = parts.path or "/"
        path = path.partition("#")[0]
        if path == "/v1" or path.startswith("/v1/"):
            self.authorise()
        matches = [(match, methods) for pattern, methods in ROUTES if (match := re.fullmatch(pattern, path))]
        for pattern, feature in UNSERVED:
            if not matches and re.fullmatch(pattern, path):
                raise Problem("feature-not-supported", f"the feature {feature} is not supported here", feature=feature)
        if not matches:
            raise Problem("route-not-found", f"nothing is served at {path[:200]}")
        allowed = {}
        for match, methods in reversed(matches):  # `/v1/tasks/batch` is also the path of a task with the id `batch`
            allowed.update({method: (match, *operation) for method, operation in methods.items()})
        if self.command not in allowed:
            names = ", ".join(sorted(allowed))
            detail = f"expected {names.replace(', ', ' or ')}, got {self.command[:20]}"
            raise Problem("method-not-allowed", detail, headers={"Allow": names})
        match, operation, parameters, body_mode = allowed[self.command]
        body = self.read_body(operation, body_mode) if body_mode else b""
        document = Scanner.read(body) if body else None
        self.errors, self.query = [], {}
        if parameters is not None:
            self.read_query(query, parameters)
        if body_mode == "optional":
            check = Checker()
            if document:
                check.members(document[1], "", ())
            self.fail_if(check)
        self.document = document
        arguments = [self.path_id(match.group(1))] if match.groups() else []
        getattr(self, operation)(*arguments)

    def authorise(self):
        token = self.app.token
        if token is None:
            return
        scheme, _, given = (self.headers.get("Authorization") or "").strip().partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("latin-1", "replace"), token.encode()):
            return
        got = "another one" if given else "none"
        detail = f"expected the header Authorization: Bearer <token>, got {got}"
        raise Problem("unauthorized", detail, headers={"WWW-Authenticate": "Bearer"})

    def frame(self):
        """How the body is delimited."""
        codings, lengths = self.headers.get_all("Transfer-Encoding", []), self.headers.get_all("Content-Length", [])
        if codings:
            if lengths or len(codings) > 1 or codings[0].strip().lower() != "chunked":
                raise BadFraming
            self.chunked, self.body_left = True, 1
        elif lengths:
            if len(set(lengths)) > 1 or not re.fullmatch(r"[0-9]{1,15}", lengths[0].strip()):
                raise BadFraming
            self.body_left = int(lengths[0])

    def read_body(self, operation, mode):
        """The body, its media type and size judged; nothing of it is needed with the mode `optional`."""
        limit = LIMITS["maxBatchBytes" if operation == "submit_batch" else "maxTaskBytes"]
        first = b""
        if self.chunked:
            first = self.next_chunk()
        if self.body_left == 0:
            if mode == "required":
                raise invalid([{"pointer": "", "detail": "expected a body, got none"}])
            return b""
        media_type = (self.headers.get("Content-Type") or "").strip()
        kind, _, parameters = media_type.partition(";")
        coding = (self.headers.get("Content-Encoding") or "identity").strip().lower()
        charset = re.fullmatch(r'\s*(?:charset\s*=\s*"?utf-8"?)?\s*;?\s*', parameters, re.I)
        if kind.strip().lower() != "application/json" or not charset or coding != "identity":
            got = media_type[:100] or "none"
            raise Problem("unsupported-media-type", f"expected application/json, got {got} (content coding {coding[:20]})")
        parts, size = [first], len(first)
        if not self.chunked and self.body_left > limit:
            size = self.body_left
        while self.body_left and size <= limit:
            part = self.next_chunk() if self.chunked else self.read_exactly(min(self.body_left, 65_536))
            parts.append(part)
            size += len(part)
        if size > limit:
            raise Problem("payload-too-large", f"expected at most {limit} bytes, got more", limitBytes=limit)
        return b"".join(parts)

    def read_exactly(self, count):
        data = self.rfile.read(count)
        if len(data) < count:
            raise ConnectionError("the body ended early")
        if not self.chunked:
            self.body_left -= count
        return data

    def next_chunk(self):
        """The content of the next chunk; empty, and `body_left` 0, after the last one."""
        line = self.rfile.readline(1024)
        match = re.fullmatch(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n", line)
        if not match:
            raise BadFraming
        size = int(match.group(1), 16)
        if size > LIMITS["maxBatchBytes"]:
            self.close_connection, self.body_left, self.chunked = True, 1, False
            raise Problem("payload-too-large", "got a chunk that is too large", limitBytes=LIMITS["maxBatchBytes"])
        if size == 0:
            while self.rfile.readline(1024) not in (b"\r\n", b"\n", b""):
                pass
            self.body_left = 0
            return b""
        data = self.read_exactly(size)
        if self.rfile.readline(2) not in (b"\r\n", b"\n"):
            raise BadFraming
        return data

    def discard_body(self):
        """Reads what is left of the body, so that the connection can serve on; a large one ends it instead."""
        if not self.body_left:
            return
        deadline = time.monotonic() + 2
        with contextlib.suppress(OSError, BadFraming, Problem):
            if self.close_connection:
                self.connection.shutdown(socket.SHUT_WR)  # the client can read the answer before the reset
            while self.body_left and time.monotonic() < deadline:
                if self.chunked:
                    self.next_chunk()
                else:
                    self.read_exactly(min(self.body_left, 65_536))
        if self.body_left:
            self.close_connection = True

    def read_query(self, query, names):
        """Query parameters that are named, each once (JSN-014)."""
        for piece in filter(None, query.split("&")):
            try:
                name, value = (urllib.parse.unquote_plus(part, errors="strict") for part in (piece + "=").split("=", 1))
                value = value[:-1] if value.endswith("=") else value
            except UnicodeError:
                name = piece.partition("=")[0]
                self.errors.append({"parameter": name, "detail": "expected UTF-8, got other bytes"})
                continue
            if name not in names:
                self.errors.append({"parameter": name, "detail": "expected no parameter of this name, got one"})
            elif name in self.query:
                self.errors.append({"parameter": name, "detail": "expected the parameter once, got it twice"})
            else:
                self.query[name] = value

    def fail_if(self, check=None):
        errors = self.errors + (check.errors if check else [])
        if errors:
            raise invalid(errors)

    @staticmethod
    def path_id(segment):
        try:
            return urllib.parse.unquote(segment, errors="strict")
        except UnicodeError:
            return ""

    def page_limit(self):
        """`limit`, with the parameter's faults added to the others (PAG-008, PAG-009)."""
        text = self.query.get("limit", str(min(50, LIMITS["maxPageSize"])))
        if re.fullmatch(r"[0-9]{1,9}", text) and 1 <= int(text) <= LIMITS["maxPageSize"]:
            return int(text)
        detail = f"expected an integer from 1 to {LIMITS['maxPageSize']}, got {dump(text[:40])}"
        self.errors.append({"parameter": "limit", "detail": detail})
        return 1

    # Submit

    def waits(self):
        """Whether the request prefers to wait (RFC 7240: names are compared without regard to case)."""
        preferences = ",".join(self.headers.get_all("Prefer", [])).split(",")
        return any(re.match(r"\s*wait\s*(?:[=;]|$)", preference, re.I) for preference in preferences)

    def fields(self, name):
        return [re.sub(r"\s*[\r\n]+\s*", " ", value).strip() for value in self.headers.get_all(name, [])]

    def read_key(self, has_id):
        """The `Idempotency-Key` without quotes and escapes (REC-019, REC-020)."""
        fields = self.fields("Idempotency-Key")
        if not fields:
            return None
        match = IDEMPOTENCY_KEY.fullmatch(fields[0]) if len(fields) == 1 else None
        key = re.sub(r"\\(.)", r"\1", match.group(1)) if match else ""
        parameter = {"parameter": "Idempotency-Key"}
        if not 1 <= len(key) <= 255:
            self.errors.append(parameter | {"detail": "expected one quoted string of 1 to 255 characters, got another value"})
        if has_id:
            self.errors.append(parameter | {"detail": "expected one of `id` and `Idempotency-Key`, got both"})
        return key

    def judge_targets(self, tasks):
        errors = []
        for task in tasks:
            reason = self.app.policy.forbids_host(task["url"])
            if reason:
                detail = f"expected an address that tasks may be delivered to, got {reason}"
                errors.append({"pointer": task["pointer"] + "/target", "detail": detail})
        if errors:
            raise Problem("target-blocked", errors[0]["detail"], errors[:MAX_ERRORS])

    def submit_task(self):
        text, root = self.document
        check = Checker()
        task = read_submission(check, root, text, "", self.app.store.now())
        task["pointer"] = ""
        key = self.read_key(root.kind == "object" and "id" in root.value)
        self.fail_if(check)
        if self.waits():
            raise Problem("feature-not-supported", "the feature wait is not supported here", feature="wait")
        self.judge_targets([task])
        trace = read_trace(self.fields("traceparent"), self.fields("tracestate"))
        created, row = self.app.store.submit([task], key, trace)[0]
        self.app.scheduler.wake()
        location = f"/v1/tasks/{urllib.parse.quote(row['id'], safe=':~')}"
        self.respond_json(201 if created else 200, summary(row), {"Location": location})

    def submit_batch(self):
        text, root = self.document
        check, tasks, seen = Checker(), [], set()
        given = check.members(root, "", ("tasks",))
        node = given.get("tasks")
        count = len(node.value) if node and node.kind == "array" else 0
        if not 1 <= count <= LIMITS["maxBatchTasks"]:
            if not (root.kind == "object" and "tasks" in root.value and not node) and root.kind == "object":
                check.error("/tasks", f"an array of 1 to {LIMITS['maxBatchTasks']} tasks", node)
            count = 0
        limit = LIMITS["maxTaskBytes"]
        for item in node.value if count else ():
            if len(text[item.start : item.end].encode("utf-8")) > limit:
                raise Problem("payload-too-large", f"expected at most {limit} bytes for each task, got more", limitBytes=limit)
        now = self.app.store.now()
        for index, item in enumerate(node.value if count else ()):
            task = read_submission(check, item, text, f"/tasks/{index}", now)
            task["pointer"] = f"/tasks/{index}"
            if task["id"] is not None and task["id"] in seen:
                check.error(f"/tasks/{index}/id", "an id that the batch has once", item.value["id"])
            seen.add(task["id"])
            tasks.append(task)
            if len(check.errors) >= MAX_ERRORS:
                break
        if self.headers.get("Idempotency-Key") is not None:
            self.errors.append({"parameter": "Idempotency-Key", "detail": "expected none with a batch, got one"})
        self.fail_if(check)
        if self.waits():
            raise Problem("feature-not-supported", "the feature wait is not supported here", feature="wait")
        self.judge_targets(tasks)
        trace = read_trace(self.fields("traceparent"), self.fields("tracestate"))
        results = self.app.store.submit(tasks, None, trace)
        self.app.scheduler.wake()
        status = 201 if any(created for created, _ in results) else 200
        self.respond_json(status, {"tasks": [{"created": created, "task": summary(row)} for created, row in results]})

    # Read

    def list_tasks(self):
        conditions, values = [], []
        for name, (accepts, condition) in TASK_FILTERS.items():
            if name in self.query:
                value = self.query[name]
                accepted = accepts(value)
                if accepted is None or accepted is False:
                    detail = f"expected a value that `{name}` can have, got {dump(value[:60])}"
                    self.errors.append({"parameter": name, "detail": detail})
                values.append(accepted if accepts is parse_instant else value)
                conditions.append(condition)
        limit = self.page_limit()
        if "cursor" in self.query:
            try:
                values.append(self.app.store.read_cursor("tasks", self.query["cursor"]))
                conditions.append("seq < ?")
            except Problem as problem:
                self.errors += problem.body["errors"]
        self.fail_if()
        rows = self.app.store.list_tasks(conditions, values, limit + 1)
        page = {"tasks": [summary(row) for row in rows[:limit]]}
        if len(rows) > limit:
            page["nextCursor"] = self.app.store.make_cursor("tasks", rows[limit - 1]["seq"])
        self.respond_json(200, page)

    def get_task(self, task_id):
        self.fail_if()
        self.respond_json(200, full_task(self.app.store.get(task_id)))

    def list_attempts(self, task_id):
        limit, after, scope = self.page_limit(), 0, f"attempts of {task_id}"
        if "cursor" in self.query:
            try:
                after = self.app.store.read_cursor(scope, self.query["cursor"])
            except Problem as problem:
                self.errors += problem.body["errors"]
        self.fail_if()
        rows = self.app.store.list_attempts(task_id, after, limit + 1)
        page = {"attempts": [show_attempt(row) for row in rows[:limit]]}
        if len(rows) > limit:
            page["nextCursor"] = self.app.store.make_cursor(scope, rows[limit - 1]["attempt"])
        self.respond_json(200, page)

    # Operate

    def cancel_task(self, task_id):
        status, row = self.app.store.cancel(task_id)
        self.respond_json(status, summary(row))

    def run_task(self, task_id):
        row = self.app.store.run(task_id)
        self.app.scheduler.wake()
        self.respond_json(200, summary(row))

    def retry_task(self, task_id):
        row = self.app.store.retry(task_id)
        self.app.scheduler.wake()
        self.respond_json(200, summary(row))

    def delete_task(self, task_id):
        self.app.store.delete(task_id)
        self.respond(204, b"")

    # Server

    def get_liveness(self):
        self.respond_json(200, {"status": "ok"})

    def get_health(self):
        self.app.store.ping()
        self.respond_json(200, {"status": "ok"})

    def get_discovery(self):
        self.respond_json(200, self.app.discovery)

    def get_openapi_json(self):
        self.respond(200, (SPEC / "recorder.openapi.json").read_bytes())

    def get_openapi_yaml(self):
        self.respond(200, (SPEC / "recorder.openapi.yaml").read_bytes(), "application/yaml")

    def get_docs(self):
        self.respond(200, (SPEC / "index.html").read_bytes(), "text/html; charset=utf-8")


# --- 13 the process ---------------------------------------------------------------------------------------------------


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # http.server would look the host's name up
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request, client_address):
        log(f"connection: {sys.exc_info()[1]!r}")


class App:
    """What the parts of the process share."""

    def __init__(self, options, signing_secrets, loopback):
        self.token = options.token
        self.policy = Policy(loopback, loopback)  # POL-004
        self.store = Store(options.database)
        self.scheduler = Scheduler(self.store, self.policy, signing_secrets)
        self.discovery = {
            "specVersions": ["1.0"],
            "implementation": {"name": "dispatchr-python", "version": VERSION},
            "durability": "disk",
            "limits": LIMITS,
            "targetPolicy": self.policy.outline(),
            "features": FEATURES + (["signatures"] if signing_secrets else []),
        }


def signing_secret(text):
    """The bytes of a secret of Standard Webhooks: `whsec_` and base64, or the base64 alone, of 24 to 64 bytes."""
    try:
        secret = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        secret = b""
    if not 24 <= len(secret) <= 64:
        raise argparse.ArgumentTypeError("expected whsec_ and base64 of 24 to 64 bytes")
    return secret


def main():
    parser = argparse.ArgumentParser(description="Dispatchr: a recorder and a scheduler in one process.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="the port; 0, the default, is any that is free")
    parser.add_argument("--database", default="dispatchr.sqlite", metavar="FILE", help="the SQLite file")
    parser.add_argument("--signing-secret", type=signing_secret, action="append", default=[], help="repeatable")
    parser.add_argument("--token", help="the bearer token to ask for; needed on an address other than loopback")
    options = parser.parse_args()
    try:
        listen = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        parser.error(f"--host {options.host}: {error}")
    loopback = ipaddress.ip_address(listen[4][0].partition("%")[0]).is_loopback
    if not loopback and not options.token:
        parser.error("--token is needed to listen on an address other than loopback (SEC-001)")
    try:
        app = App(options, options.signing_secret, loopback)
    except sqlite3.Error as error:
        sys.exit(f"cannot hold the database {options.database}: {error}")
    Recorder.app = app
    Server.address_family = listen[0]
    server = Server(listen[4][:2], Recorder)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    app.scheduler.start()
    threading.Thread(target=server.serve_forever, args=(0.1,), name="recorder", daemon=True).start()
    shown = f"[{options.host}]" if ":" in options.host else options.host
    print(f"listening on http://{shown}:{server.server_address[1]}", flush=True)
    stop.wait()
    log("stopping")
    app.scheduler.stop()
    server.shutdown()
    server.server_close()
    with app.store.lock:
        app.store.connection.close()


if __name__ == "__main__":
    main()
