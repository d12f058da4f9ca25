import type { MutantId } from '../selftest/mutants/index.ts';
import { compact } from './compact.ts';
import { fingerprintOf } from './identity.ts';
import type { JsonNode } from './json-reader.ts';
import { keptArgs } from './json-writer.ts';
import { lengthOf, type MemberReader, type Members } from './member-reader.ts';
import { LIMITS, type Settings } from './settings.ts';
import { readHeaders, readRequest } from './submission-content.ts';
import { readRetry } from './submission-retry.ts';
import { parseTarget } from './target-url.ts';
import type { Submission } from './task.ts';

const MEMBERS = [
  'target',
  'taskName',
  'taskArgs',
  'request',
  'headers',
  'id',
  'queue',
  'flowKey',
  'priority',
  'dueAt',
  'delayMs',
  'expiresAt',
  'timeoutMs',
  'retry',
];
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~:-]+$/;
const YEAR_MS = 31_536_000_000;
const MAX_AHEAD_MS = 3653 * 86_400_000;

/** Reads one submitted task; the reader has errors if it is not valid, and what is returned is then of no use. */
export function readSubmission(
  reader: MemberReader,
  { node, text, pointer }: { readonly node: JsonNode; readonly text: string; readonly pointer: string },
  settings: Settings,
): Submission {
  const given = reader.members(node, pointer, MEMBERS, 'taskArgs');
  const { target, origin } = readTarget(reader, given.get('target'), `${pointer}/target`, settings);
  const isName = (value: string) =>
    isTaskName(value) && (value.length <= 255 || !settings.mutants.has('lengths-in-utf16'));
  const args = given.get('taskArgs');
  const request = given.get('request');
  const headers = given.get('headers');
  const { mutants } = settings;
  if (!given.has('taskName') && !request && !mutants.has('task-name-optional')) {
    reader.fault(`${pointer}/taskName`, 'a name, or `request`');
  }
  if (args && request && !mutants.has('args-beside-request-accepted'))
    reader.fault(`${pointer}/taskArgs`, 'one of `taskArgs` and `request`', args);
  if (args?.kind === 'boolean' && mutants.has('boolean-args-refused'))
    reader.fault(`${pointer}/taskArgs`, 'no boolean', args);
  const times = readTimes(reader, given, pointer, mutants);
  const retryNode = given.get('retry');
  const retry = readRetry(reader, retryNode, `${pointer}/retry`, mutants);
  const own = [...given.keys(), ...(retryNode?.kind === 'object' ? retryNode.members.keys() : [])];
  return compact<Submission>({
    pointer,
    fingerprint: fingerprintOf(node, text, mutants),
    target,
    id: reader.string(given.get('id'), `${pointer}/id`, 'an id', (value) => isId(value)),
    taskName: reader.string(
      given.get(request && mutants.has('label-lost') ? '' : 'taskName'),
      `${pointer}/taskName`,
      '1 to 255 characters',
      isName,
    ),
    taskArgs: args && keptArgs(args, text, mutants),
    request: request && readRequest(reader, request, `${pointer}/request`, mutants),
    headers: headers && readHeaders(reader, headers, `${pointer}/headers`, mutants),
    queue:
      reader.string(
        given.get('queue'),
        `${pointer}/queue`,
        'a queue',
        (value) => isQueue(value) || mutants.has('queue-unjudged'),
      ) ?? 'default',
    flowKey:
      reader.string(given.get('flowKey'), `${pointer}/flowKey`, '1 to 512 characters', isFlowKey) ?? origin,
    priority: reader.number(given.get('priority'), `${pointer}/priority`, [-1000, 1000]) ?? 0,
    ...times,
    retry,
    asSubmitted: { retry, timeoutMs: times.timeoutMs, own },
  });
}

/** Whether a text can be a task's id; none other exists. */
export function isId(value: string): boolean {
  return NAME.test(value) && value.length <= LIMITS.maxIdLength;
}

export function isQueue(value: string): boolean {
  return NAME.test(value) && value.length <= 128;
}

export function isFlowKey(value: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for.
  return /^[^\u0000-\u001f\u007f]+$/.test(value) && lengthOf(value) <= 512;
}

export function isTaskName(value: string): boolean {
  return value !== '' && lengthOf(value) <= 255;
}

function readTarget(
  reader: MemberReader,
  node: JsonNode | undefined,
  pointer: string,
  { mutants }: Settings,
) {
  if (node === undefined && mutants.has('target-missing-accepted'))
    return { target: 'http://localhost/', origin: '-' };
  const url = node?.kind === 'string' ? parseTarget(node.value, mutants) : 'a URL';
  const isAtRoot = node === undefined && mutants.has('missing-member-at-root');
  if (typeof url === 'string') reader.fault(isAtRoot ? pointer.replace(/\/target$/, '') : pointer, url, node);
  if (typeof url === 'string' || node?.kind !== 'string') return { target: '', origin: '' };
  return {
    target: url.href !== node.value && mutants.has('target-normalised') ? url.href : node.value,
    origin: mutants.has('flow-key-is-the-host') ? url.host : url.origin,
  };
}

function readTimes(reader: MemberReader, given: Members, pointer: string, mutants: ReadonlySet<MutantId>) {
  const dueAtMs = reader.instant(given.get('dueAt'), `${pointer}/dueAt`);
  const expiresAtMs = reader.instant(given.get('expiresAt'), `${pointer}/expiresAt`);
  if (given.has('dueAt') && given.has('delayMs') && !mutants.has('due-at-beside-delay-accepted')) {
    reader.fault(`${pointer}/delayMs`, 'one of `dueAt` and `delayMs`', given.get('delayMs'));
  }
  if ((dueAtMs ?? 0) > Date.now() + MAX_AHEAD_MS && !mutants.has('far-due-at-accepted')) {
    reader.fault(`${pointer}/dueAt`, 'an instant at most 3653 days ahead', given.get('dueAt'));
  }
  const least = expiresAtMs === dueAtMs && mutants.has('expiry-at-due-at-accepted') ? 0 : (dueAtMs ?? 0) + 1;
  if ((expiresAtMs ?? Infinity) < Date.now() && mutants.has('past-expiry-refused'))
    reader.fault(`${pointer}/expiresAt`, 'an instant that is not past', given.get('expiresAt'));
  if (dueAtMs !== undefined && expiresAtMs !== undefined && expiresAtMs < least) {
    reader.fault(`${pointer}/expiresAt`, 'an instant later than `dueAt`', given.get('expiresAt'));
  }
  if (mutants.has('expiry-compared-with-delay') && given.has('delayMs') && expiresAtMs !== undefined)
    reader.fault(`${pointer}/expiresAt`, 'no `delayMs` beside it', given.get('expiresAt'));
  const isExclusive = given.has('timeoutMs') && mutants.has('limits-exclusive');
  const longest = isExclusive ? LIMITS.maxTimeoutMs - 1 : LIMITS.maxTimeoutMs;
  const bounds = [LIMITS.minTimeoutMs, longest] as const;
  return {
    dueAtMs,
    expiresAtMs,
    delayMs: reader.number(given.get('delayMs'), `${pointer}/delayMs`, [0, YEAR_MS]),
    timeoutMs: reader.number(given.get('timeoutMs'), `${pointer}/timeoutMs`, bounds) ?? 30_000,
  };
}
