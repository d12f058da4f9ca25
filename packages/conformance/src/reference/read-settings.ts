import type { MutantId } from '../selftest/mutants/index.ts';
import { compact } from './compact.ts';
import type { JsonNode } from './json-reader.ts';
import type { MemberReader } from './member-reader.ts';
import type { FlowLimits, QueueSettings, RateLimit } from './queue-settings.ts';
import { LIMITS } from './settings.ts';
import { readRetry } from './submission-retry.ts';

const LIMIT_MEMBERS = ['maxConcurrency', 'rateLimit'];
const MEMBERS = ['weight', ...LIMIT_MEMBERS, 'flowLimits', 'retry', 'timeoutMs', 'paused'];
const MOST: readonly [number, number] = [1, 100_000];

/** A change: what is named has a value, or `undefined` where it was `null`. */
export type Change<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Reads the body of a put of a queue. */
export function readQueueChange(
  reader: MemberReader,
  root: JsonNode,
  mutants: ReadonlySet<MutantId>,
): Change<QueueSettings> {
  const { given, change } = split(reader, root, MEMBERS);
  const flowLimits = given.get('flowLimits');
  const retry = given.get('retry');
  const paused = given.get('paused');
  if (paused !== undefined && paused.kind !== 'boolean') reader.fault('/paused', 'a boolean', paused);
  return {
    ...change,
    ...compact<QueueSettings>({
      weight: reader.number(given.get('weight'), '/weight', [1, 1000]),
      ...readLimits(reader, given, ''),
      flowLimits:
        flowLimits &&
        readLimits(reader, reader.members(flowLimits, '/flowLimits', LIMIT_MEMBERS), '/flowLimits'),
      retry: retry && readOwnRetry(reader, retry, mutants),
      timeoutMs: reader.number(given.get('timeoutMs'), '/timeoutMs', [
        LIMITS.minTimeoutMs,
        LIMITS.maxTimeoutMs,
      ]),
      paused: paused?.kind === 'boolean' ? paused.value : undefined,
    }),
  };
}

/** Reads the body of a put of a flow key. */
export function readFlowChange(reader: MemberReader, root: JsonNode): Change<FlowLimits> {
  const { given, change } = split(reader, root, LIMIT_MEMBERS);
  return { ...change, ...readLimits(reader, given, '') };
}

function split(reader: MemberReader, root: JsonNode, names: readonly string[]) {
  if (root.kind !== 'object') return { given: reader.members(root, '', names), change: {} };
  const isNull = ([name, node]: [string, JsonNode]): boolean => node.kind === 'null' && names.includes(name);
  const members = new Map([...root.members].filter((each) => !isNull(each)));
  const nulls = [...root.members].filter(isNull).map(([name]) => [name, undefined]);
  return {
    given: reader.members({ ...root, members }, '', names),
    change: Object.fromEntries(nulls) as object,
  };
}

function readLimits(reader: MemberReader, given: ReadonlyMap<string, JsonNode>, pointer: string): FlowLimits {
  const rate = given.get('rateLimit');
  return compact<FlowLimits>({
    maxConcurrency: reader.number(given.get('maxConcurrency'), `${pointer}/maxConcurrency`, MOST),
    rateLimit: rate && readRate(reader, rate, `${pointer}/rateLimit`),
  });
}

function readRate(reader: MemberReader, node: JsonNode, pointer: string): RateLimit {
  const given = reader.members(node, pointer, ['perSecond', 'burst']);
  if (!given.has('perSecond')) reader.fault(`${pointer}/perSecond`, 'a number');
  return compact<RateLimit>({
    perSecond: reader.number(given.get('perSecond'), `${pointer}/perSecond`, [0.001, 100_000], false) ?? 1,
    burst: reader.number(given.get('burst'), `${pointer}/burst`, MOST),
  });
}

function readOwnRetry(reader: MemberReader, node: JsonNode, mutants: ReadonlySet<MutantId>) {
  const own = node.kind === 'object' ? [...node.members.keys()] : [];
  const policy = Object.entries(readRetry(reader, node, '/retry', mutants));
  return Object.fromEntries(policy.filter(([name]) => own.includes(name)));
}
