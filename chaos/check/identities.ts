import { createPartition, readBucket } from './partition.ts';
import { parseEvent } from './read-log.ts';
import {
  identityFactsOf,
  identityViolations,
  type IdentityFact,
} from './invariants/i10-one-task-per-identity.ts';
import type { Findings } from './findings.ts';
import type { TaskHistory } from './task-history.ts';

/** Files for what is sent under ids and keys: a fact takes about 100 bytes. */
const BUCKETS = 16;

/** Holds tasks against each other: an identity stands for one of them. */
export interface Identities {
  collect(task: TaskHistory): Promise<void>;
  /** Adds what contradicts I10. */
  judge(findings: Findings): Promise<void>;
  /** Removes what is on disk. */
  remove(): Promise<void>;
}

/** The identities of one run, on disk. */
export async function createIdentities(): Promise<Identities> {
  const partition = await createPartition(BUCKETS);
  return {
    async collect(task) {
      for (const fact of identityFactsOf(task))
        await partition.add(fact.identity, JSON.stringify({ kind: 'fact', ...fact }));
    },
    async judge(findings) {
      for (const bucket of await partition.finish()) judgeBucket(await readBucket(bucket), findings);
    },
    remove: () => partition.remove(),
  };
}

function judgeBucket(lines: readonly string[], findings: Findings): void {
  const facts = lines.map((line) => parseEvent(line, 'identities') as IdentityFact & { kind: 'fact' });
  for (const [, sharing] of Map.groupBy(facts, ({ identity }) => identity)) {
    const says = identityViolations(sharing);
    if (says.length === 0) continue;
    const timeline = sharing
      .toSorted((a, b) => a.at - b.at)
      .map((fact) => `${new Date(fact.at).toISOString()}  task ${fact.token} is ${fact.says}`);
    findings.add({ token: sharing[0]?.token ?? '', says: says.join('; '), timeline }, sharing.length);
  }
}
