import type { MutantId } from '../../selftest/mutants/index.ts';
import type { JsonNode } from '../json-reader.ts';
import type { MemberReader } from '../member-reader.ts';
import type { Settings } from '../settings.ts';
import { readSubmission } from '../submission.ts';
import type { Submission } from '../task.ts';
import { readCron } from './cron-fields.ts';
import { isTimeZone } from './local-time.ts';
import { nextTick } from './next-tick.ts';
import type { ScheduleSettings } from './schedule.ts';

const MEMBERS = ['cron', 'timeZone', 'task', 'missedTicks', 'overlap'];
const NOT_OF_A_SCHEDULE = ['id', 'dueAt', 'delayMs', 'expiresAt'];
const JUDGED_FROM_MS = Date.UTC(2000, 0, 1);

/** Reads the body of a put of a schedule; the reader has errors if it is not valid. */
export function readSchedulePut(
  reader: MemberReader,
  { root, text }: { readonly root: JsonNode; readonly text: string },
  settings: Settings,
): ScheduleSettings {
  const { mutants } = settings;
  const given = reader.members(root, '', MEMBERS);
  const choose = (name: string, choices: readonly string[], otherwise: string): string =>
    reader.string(given.get(name), `/${name}`, choices.join(' or '), (each) => choices.includes(each)) ??
    otherwise;
  const timeZone =
    reader.string(given.get('timeZone'), '/timeZone', 'a name of the IANA database', (name) =>
      isZone(name, mutants),
    ) ?? 'UTC';
  if (root.kind === 'object' && !given.has('cron')) reader.fault('/cron', 'a cron expression');
  const cron = reader.string(given.get('cron'), '/cron', 'a cron expression that ticks', (each) =>
    ticks(each, timeZone, mutants),
  );
  const task = given.get('task');
  if (root.kind === 'object' && task === undefined) reader.fault('/task', 'an object');
  return {
    cron: cron ?? '',
    timeZone: /^[A-Za-z]/.test(timeZone) ? timeZone : 'UTC',
    missedTicks: choose(
      'missedTicks',
      ['skip', 'one', 'all'],
      mutants.has('missed-ticks-default-is-all') ? 'all' : 'one',
    ),
    overlap: choose('overlap', ['allow', 'skip'], 'allow'),
    task: task === undefined ? NO_TASK : readTask(reader, task, text, settings),
    taskText: task === undefined ? '' : text.slice(task.start, task.end),
  };
}

/** Spec: SCH-012. */
function readTask(reader: MemberReader, node: JsonNode, text: string, settings: Settings): Submission {
  const { mutants } = settings;
  const before = reader.errors.length;
  const members = node.kind === 'object' ? new Map(node.members) : undefined;
  for (const name of NOT_OF_A_SCHEDULE) {
    if (members?.has(name) !== true || mutants.has('times-in-schedules-accepted')) continue;
    reader.fault(`/task/${name}`, 'no member of this name', members.get(name));
    members.delete(name);
  }
  const judged: JsonNode = members === undefined ? node : { ...node, kind: 'object', members };
  const pointer = mutants.has('task-of-a-schedule-at-the-root') ? '' : '/task';
  const task = readSubmission(reader, { node: judged, text, pointer }, settings);
  if (mutants.has('task-of-a-schedule-unjudged')) reader.errors.length = before;
  return task;
}

function isZone(name: string, mutants: ReadonlySet<MutantId>): boolean {
  const isOffset = /^[+-]\d\d:\d\d$/.test(name) && mutants.has('offset-as-time-zone-accepted');
  return isOffset || isTimeZone(name);
}

/** Spec: SCH-011. */
function ticks(cron: string, timeZone: string, mutants: ReadonlySet<MutantId>): boolean {
  const fields = readCron(cron, mutants);
  if (fields === undefined) return false;
  const first = nextTick(fields, timeZone, JUDGED_FROM_MS, mutants);
  return first !== undefined || mutants.has('cron-that-never-ticks-accepted');
}

// Never used: the reader has a fault for it.
const NO_TASK = {} as Submission;
