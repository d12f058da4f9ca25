import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

// Names that many systems have in /etc/hosts, all of addresses that nobody may reach.
export const UNREACHABLE_NAMES = [
  'ip6-allnodes',
  'ip6-allrouters',
  'ip6-mcastprefix',
  'ip6-localnet',
  'broadcasthost',
];
const LOOKUP_MS = 2000;
const LOOPBACK_NAMES = ['ip6-loopback', 'ip6-localhost', 'localhost.localdomain'];

/** What the target policy makes of the address that a name resolves to. */
export const DIAL_POLICY_CHECKS: readonly Check[] = [
  {
    id: 'names-of-forbidden-addresses-are-not-dialled',
    title:
      'A task whose target has a name of a forbidden address fails with the reason target-blocked, without a connection and without a retry.',
    covers: { 'POL-011': '5286c38c', 'POL-001': '7af67881', 'POL-002': 'e42b2e1b', 'POL-010': 'd4f12c98' },
    profile: 'core',
    async run(t) {
      const { loopback, allow } = t.discovery.targetPolicy;
      const isShut = !loopback && allow.length === 0;
      const names = [...UNREACHABLE_NAMES, ...(isShut ? LOOPBACK_NAMES : [])];
      // One after the other: names that nobody knows may take seconds, and one that somebody knows is enough.
      for (const name of names) if (await isBlocked(t, name)) return;
      t.skip('the implementation resolves none of the names that it should not dial');
    },
  },
];

/** Requires that a task for the name is blocked; answers false if the name has no address there. */
async function isBlocked(t: CheckContext, name: string): Promise<boolean> {
  const members = { timeoutMs: LOOKUP_MS, retry: { maxAttempts: 1 } };
  const { id } = await t.submit(t.taskFor(`http://${name}:9/`, members));
  const task = await t.untilTerminal(id);
  const attempts: Json[] = await t.attempts(id);
  if (['name-not-resolved', 'timeout'].includes(attempts[0]?.errorCode)) return false;
  const end = [task.state, task.reason];
  t.equal('POL-011', `the end of the task for ${name}`, end, ['failed', 'target-blocked']);
  const outcomes = attempts.map(({ outcome }) => outcome);
  t.equal('POL-011', `the outcomes of the attempts for ${name}`, outcomes, ['target-blocked']);
  return true;
}
