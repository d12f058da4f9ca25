-- dispatchr.enqueue(…), documented in docs/enqueue.md, and the functions it is made of, which are its own business.
-- What it refuses and what it writes is what the recorder does with POST /v1/tasks; enqueue.test.ts holds the two together.

CREATE FUNCTION "dispatchr"."enqueue_expect"(holds boolean, member text, expected text, got text) RETURNS void
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
  IF holds IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('enqueue: %s: expected %s, got %s', member, expected, coalesce(left(got, 200), 'none'));
  END IF;
END
$$;
--> statement-breakpoint
-- The text that all JSON texts with the same content share, as packages/recorder/src/json/canonical-json.ts writes it.
-- It refuses members that come twice and deep nesting, and by decoding the strings what cannot be text.
CREATE FUNCTION "dispatchr"."enqueue_canonical_json"(value json, depth integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
  parts text;
  is_sound boolean;
BEGIN
  IF depth > 64 THEN
    PERFORM dispatchr.enqueue_expect(false, 'JSON', 'at most 64 levels of nesting', 'more');
  END IF;
  CASE json_typeof(value)
    WHEN 'object' THEN
      SELECT string_agg(to_json(m.key)::text || ':' || dispatchr.enqueue_canonical_json(m.value, depth + 1), ','
        ORDER BY m.key COLLATE "C"), count(*) = count(DISTINCT m.key)
      INTO parts, is_sound FROM json_each(value) m;
      PERFORM dispatchr.enqueue_expect(is_sound, 'JSON', 'each member of an object once', 'one of them twice');
      RETURN '{' || coalesce(parts, '') || '}';
    WHEN 'array' THEN
      SELECT string_agg(dispatchr.enqueue_canonical_json(a.item, depth + 1), ',' ORDER BY a.place)
      INTO parts FROM json_array_elements(value) WITH ORDINALITY a (item, place);
      RETURN '[' || coalesce(parts, '') || ']';
    WHEN 'string' THEN
      RETURN to_json(value #>> '{}')::text;
    ELSE
      RETURN btrim(value::text, E' \t\r\n');
  END CASE;
END
$$;
--> statement-breakpoint
-- Scheme, host and port as the WHATWG URL parser writes them. A host of which it would change more than the case (other
-- scripts, escapes, numbers in other notations) is refused: a guess that is wrong would judge the target apart.
CREATE FUNCTION "dispatchr"."enqueue_origin"(target text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
  -- Scheme, host and port.
  parts CONSTANT text[] := regexp_match(lower(target COLLATE "C"),
    '^(https?)://(\[[0-9a-f:]+\]|[^]:/?#[]+)(?::0*([0-9]{0,5}))?(?:[/?]|$)');
  host text := parts[2];
  port CONSTANT text := nullif(parts[3], '');
  byte CONSTANT text := '([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])';
BEGIN
  -- First, so that a password is never repeated.
  PERFORM dispatchr.enqueue_expect(coalesce(target, '') !~ '^([^/\\?#@]*[/\\]{2})?[^/?#]*@', 'target',
    'a URL without userinfo (credentials belong in "headers")', 'one with "@"');
  PERFORM dispatchr.enqueue_expect(parts IS NOT NULL AND coalesce(port::integer, 0) <= 65535, 'target',
    'an absolute http or https URL such as http://127.0.0.1:8000/tasks', to_json(target)::text);
  -- White space as JavaScript knows it, control characters, a fragment.
  PERFORM dispatchr.enqueue_expect(
    target !~ '[\u0001-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff#]', 'target',
    'a URL without white space, control characters and fragment', to_json(target)::text);
  PERFORM dispatchr.enqueue_expect(char_length(target) <= 2048, 'target', 'at most 2048 characters',
    char_length(target)::text);
  IF host LIKE '[%' THEN
    BEGIN
      host := '[' || host(btrim(host, '[]')::inet) || ']';
    EXCEPTION WHEN invalid_text_representation THEN
      host := NULL;
    END;
  END IF;
  PERFORM dispatchr.enqueue_expect(host ~ '^\[[0-9a-f:]+\]$' OR host ~ ('^' || byte || '(\.' || byte || '){3}$')
      OR (host ~ '^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$' AND host !~ '(^|\.)([0-9]+|0x[0-9a-f]*)\.?$'
        AND char_length(host) <= 253),
    'target', 'a host name in ASCII or an IP address in its plain form', to_json(target)::text);
  RETURN parts[1] || '://' || host || CASE
    WHEN port IS NULL OR port = CASE parts[1] WHEN 'http' THEN '80' ELSE '443' END THEN ''
    ELSE ':' || port
  END;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "dispatchr"."enqueue_check_retry"(retry json) RETURNS void
LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
  member record;
BEGIN
  PERFORM dispatchr.enqueue_expect(json_typeof(retry) = 'object', 'retry', 'a JSON object', json_typeof(retry));
  FOR member IN
    SELECT m.key AS name, m.value #>> '{}' AS text, json_typeof(m.value) AS type, m.value, k.*
    FROM json_each(retry) m LEFT JOIN (VALUES ('maxAttempts', 1, 1000, ''), ('minBackoffMs', 1, 86400000, ''),
      ('maxBackoffMs', 1, 86400000, ''), ('maxDurationMs', 1, 31536000000, ''), ('multiplier', 1, 10, '(\.[0-9]{1,9})?'),
      ('jitter', 0, 1, '(\.[0-9]{1,9})?'), ('retryOn', 0, 50, NULL), ('failOn', 0, 50, NULL)) k (known, least, most, fraction)
    ON k.known = m.key
  LOOP
    PERFORM dispatchr.enqueue_expect(member.known IS NOT NULL, 'retry', 'members of a retry policy',
      to_json(member.name)::text);
    IF member.fraction IS NULL THEN
      PERFORM dispatchr.enqueue_expect(member.type = 'array', 'retry.' || member.name, 'an array', member.type);
      PERFORM dispatchr.enqueue_expect(
        count(*) <= member.most
          AND count(*) = count(*) FILTER (WHERE e.rule::text ~ '^"[345]([0-9]{2}|xx)"$'),
        'retry.' || member.name, 'at most 50 statuses such as "404" or "5xx"', member.text)
      FROM json_array_elements(member.value) e (rule);
    ELSE
      PERFORM dispatchr.enqueue_expect(member.type = 'number' AND member.text ~ ('^[0-9]{1,12}' || member.fraction || '$'),
        'retry.' || member.name, CASE member.fraction WHEN '' THEN 'a whole number' ELSE 'a number' END, member.text);
      PERFORM dispatchr.enqueue_expect(member.text::numeric BETWEEN member.least AND member.most,
        'retry.' || member.name, member.least || ' to ' || member.most, member.text);
    END IF;
  END LOOP;
  PERFORM dispatchr.enqueue_expect(
    coalesce((retry ->> 'minBackoffMs')::numeric, 2000) <= coalesce((retry ->> 'maxBackoffMs')::numeric, 3600000),
    'retry', '"minBackoffMs" (2000 by default) of at most "maxBackoffMs" (3600000 by default)', retry::text);
  PERFORM dispatchr.enqueue_expect(NOT EXISTS (
      SELECT a.rule FROM json_array_elements_text(retry -> 'retryOn') a (rule)
      INTERSECT SELECT b.rule FROM json_array_elements_text(retry -> 'failOn') b (rule)),
    'retry.failOn', 'no status that "retryOn" has too', retry ->> 'failOn');
END
$$;
--> statement-breakpoint
CREATE FUNCTION "dispatchr"."enqueue_check_headers"(headers json) RETURNS void
LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
  reserved CONSTANT text[] := '{connection,content-length,expect,host,keep-alive,proxy-authenticate,proxy-authorization,
    proxy-connection,te,trailer,transfer-encoding,upgrade}';
  header record;
  bytes integer := 0;
  seen text[] := '{}';
BEGIN
  PERFORM dispatchr.enqueue_expect(json_typeof(headers) = 'object', 'headers', 'a JSON object', json_typeof(headers));
  FOR header IN
    SELECT m.key AS name, lower(m.key) AS lower, m.value #>> '{}' AS text, json_typeof(m.value) AS type
    FROM json_each(headers) m
  LOOP
    PERFORM dispatchr.enqueue_expect(header.name ~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]+$', 'headers', 'a header name',
      to_json(header.name)::text);
    PERFORM dispatchr.enqueue_expect(header.lower !~ '^(dispatchr-|webhook-)' AND header.lower <> ALL (reserved),
      'headers', 'a header that a producer may set', to_json(header.name)::text);
    PERFORM dispatchr.enqueue_expect(header.lower <> ALL (seen), 'headers', 'each header once',
      to_json(header.name) || ' in another case too');
    -- Its value may be a secret, and is not repeated.
    PERFORM dispatchr.enqueue_expect(
      header.type = 'string' AND header.text ~ '^[\t\u0020-\u007e\u0080-\u00ff]*$', 'headers.' || header.name,
      'text in ISO 8859-1 without control characters', 'something else');
    seen := seen || header.lower;
    bytes := bytes + char_length(header.name) + char_length(header.text);
  END LOOP;
  PERFORM dispatchr.enqueue_expect(cardinality(seen) <= 64, 'headers', 'at most 64 headers',
    cardinality(seen)::text);
  PERFORM dispatchr.enqueue_expect(bytes <= 8192, 'headers', 'at most 8192 bytes', bytes::text);
END
$$;
--> statement-breakpoint
-- A UUID of version 7 (RFC 9562, method 3: the microseconds are in it), so that ids follow the clock.
CREATE FUNCTION "dispatchr"."enqueue_new_id"() RETURNS text
LANGUAGE sql VOLATILE
AS $$
  SELECT encode(overlay(overlay(uuid_send(gen_random_uuid())
      PLACING substring(int8send(t.us / 1000) FROM 3) FROM 1)
      PLACING substring(int8send(28672 + (t.us % 1000) * 4096 / 1000) FROM 7) FROM 7), 'hex')::uuid::text
  FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us) t
$$;
--> statement-breakpoint
CREATE FUNCTION "dispatchr"."enqueue"(
  target text,
  task_name text,
  task_args json DEFAULT NULL,
  id text DEFAULT NULL,
  queue text DEFAULT 'default',
  flow_key text DEFAULT NULL,
  priority integer DEFAULT 0,
  due_at timestamptz DEFAULT NULL,
  expires_at timestamptz DEFAULT NULL,
  timeout_ms integer DEFAULT NULL,
  retry json DEFAULT NULL,
  headers json DEFAULT NULL
) RETURNS text
-- With the rights of the owner of the schema: a producer needs USAGE on it and nothing else.
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  name CONSTANT text := '^(?!\.{1,2}$)[A-Za-z0-9._~:-]+$';
  instant CONSTANT text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
  origin CONSTANT text := dispatchr.enqueue_origin(target);
  canonical_args CONSTANT text := dispatchr.enqueue_canonical_json(task_args, 2);
  canonical_retry CONSTANT text := dispatchr.enqueue_canonical_json(retry, 2);
  canonical_headers CONSTANT text := dispatchr.enqueue_canonical_json(headers, 2);
  task_id CONSTANT text := coalesce(id, dispatchr.enqueue_new_id());
  content_digest text;
  found_digest text;
  task_seq bigint;
BEGIN
  PERFORM dispatchr.enqueue_expect(char_length(task_name) BETWEEN 1 AND 255, 'task_name', '1 to 255 characters',
    char_length(task_name)::text);
  PERFORM dispatchr.enqueue_expect(coalesce(octet_length(task_args::text), 0) <= 1048576, 'task_args',
    'at most 1 MiB of JSON', octet_length(task_args::text) || ' bytes');
  PERFORM dispatchr.enqueue_expect(id IS NULL OR (id ~ name AND char_length(id) <= 512), 'id',
    '1 to 512 letters, digits and characters of ._~:-, other than "." and ".."', to_json(id)::text);
  PERFORM dispatchr.enqueue_expect(queue ~ name AND char_length(queue) <= 128, 'queue',
    '1 to 128 letters, digits and characters of ._~:-, other than "." and ".."', to_json(queue)::text);
  PERFORM dispatchr.enqueue_expect(
    flow_key IS NULL OR (flow_key ~ '^[^\u0001-\u001f\u007f]+$' AND char_length(flow_key) <= 512),
    'flow_key', '1 to 512 characters, none of them a control character', to_json(flow_key)::text);
  PERFORM dispatchr.enqueue_expect(priority BETWEEN -1000 AND 1000, 'priority', '-1000 to 1000', priority::text);
  PERFORM dispatchr.enqueue_expect(due_at IS NULL OR due_at BETWEEN 'epoch' AND now() + interval '3653 days',
    'due_at', 'an instant since 1970 and at most ten years ahead', due_at::text);
  PERFORM dispatchr.enqueue_expect(
    expires_at IS NULL OR expires_at BETWEEN 'epoch' AND '9999-12-31 23:59:59.999Z',
    'expires_at', 'an instant of the years 1970 to 9999', expires_at::text);
  PERFORM dispatchr.enqueue_expect(due_at IS NULL OR expires_at IS NULL OR expires_at > due_at, 'expires_at',
    'an instant after due_at', expires_at::text);
  PERFORM dispatchr.enqueue_expect(timeout_ms IS NULL OR timeout_ms BETWEEN 1 AND 1800000, 'timeout_ms',
    '1 to 1800000', timeout_ms::text);
  PERFORM dispatchr.enqueue_check_retry(retry);
  PERFORM dispatchr.enqueue_check_headers(headers);

  IF id IS NOT NULL THEN
    -- The canonical content, as if it had been sent to POST /v1/tasks: its members in their order. Spec: Identity.
    content_digest := encode(sha256(convert_to('{' || concat_ws(',',
      '"dueAt":"' || to_char(due_at AT TIME ZONE 'UTC', instant) || '"',
      '"expiresAt":"' || to_char(expires_at AT TIME ZONE 'UTC', instant) || '"',
      '"flowKey":' || to_json(flow_key),
      '"headers":' || canonical_headers,
      '"id":' || to_json(id),
      '"priority":' || nullif(priority, 0),
      '"queue":' || to_json(nullif(queue, 'default')),
      '"retry":' || canonical_retry,
      '"target":' || to_json(target),
      '"taskArgs":' || canonical_args,
      '"taskName":' || to_json(task_name),
      '"timeoutMs":' || timeout_ms) || '}', 'UTF8')), 'hex');
  END IF;

  LOOP
    INSERT INTO dispatchr.tasks (id, fingerprint, target, task_name, task_args, headers, queue, flow_key, priority,
      due_at, expires_at, timeout_ms, retry, created_at)
    VALUES (task_id, content_digest, target, task_name, btrim(task_args::text, E' \t\r\n'), canonical_headers, queue,
      coalesce(flow_key, origin), priority, coalesce(due_at, now()), expires_at, timeout_ms, canonical_retry, now())
    ON CONFLICT DO NOTHING
    RETURNING seq INTO task_seq;
    EXIT WHEN task_seq IS NOT NULL;
    SELECT t.fingerprint INTO found_digest FROM dispatchr.tasks t WHERE t.id = task_id;
    -- Not found: it was deleted in between, and the id is free again.
    CONTINUE WHEN NOT FOUND;
    IF found_digest IS DISTINCT FROM content_digest THEN
      RAISE EXCEPTION USING ERRCODE = 'unique_violation',
        MESSAGE = format(
          'enqueue: id: expected a new id or the task it names, got %s, which is a task with other content',
          to_json(task_id)),
        HINT = 'The same id with the same arguments is the same task; a due_at that moves makes it another.';
    END IF;
    RETURN task_id;
  END LOOP;

  INSERT INTO dispatchr.unfinished_tasks (seq, queue, flow_key, origin, priority, due_at, expires_at, state)
  VALUES (task_seq, queue, coalesce(flow_key, origin), origin, priority, coalesce(due_at, now()), expires_at, 'pending');
  -- Sent with the commit, once a transaction however many tasks it has.
  PERFORM pg_notify('dispatchr_due', 'enqueue');
  RETURN task_id;
END
$$;
