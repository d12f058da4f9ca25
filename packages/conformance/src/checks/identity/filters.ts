import type { Check } from '../../check.ts';
import { heldAnswer } from './held-answer.ts';
import { idsOf, walk } from './walk.ts';

type TextFilter = 'queue' | 'flowKey' | 'taskName' | 'target';

/** A check that a filter compares whole strings: near misses must not be listed. */
function comparesWhole(filter: TextFilter, prefix = ''): Check {
  return {
    id: `list-filter-${filter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-compares-whole`,
    title: `The filter \`${filter}\` lists the tasks whose \`${filter}\` is that string, and no others.`,
    covers: { 'REC-042': 'd2feb58c', 'REC-041': '6df07794' },
    profile: 'recorder',
    async run(t) {
      const stem = `${prefix}${t.newId()}`;
      // `_` and, where it may stand, `%` are what a pattern of SQL is made of.
      const wanted = `${stem}N_me${filter === 'queue' ? '' : '%25'}z`;
      const others = [
        `${stem}Namez`,
        `${stem}Name25z`,
        wanted.toLowerCase(),
        `${wanted}x`,
        wanted.slice(0, -1),
        stem,
        wanted.toUpperCase(),
      ];
      for (const value of others.filter((other) => other !== wanted))
        await t.submit(t.parked({ [filter]: value }));
      const first = await t.submit(t.parked({ [filter]: wanted }));
      const second = await t.submit(t.parked({ [filter]: wanted }));
      const listed = await walk(t, 'REC-042', { [filter]: wanted });
      t.equal(
        'REC-042',
        `the tasks with ${filter}=${wanted}`,
        idsOf(listed).toSorted(),
        idsOf([first, second]).toSorted(),
      );
      const none = await walk(t, 'REC-041', { [filter]: `${stem}y` });
      t.equal('REC-041', `the tasks with ${filter}=${stem}y, which none has`, idsOf(none), []);
    },
  };
}

/** What a list holds with filters. */
export const FILTER_CHECKS: readonly Check[] = [
  comparesWhole('queue'),
  comparesWhole('flowKey'),
  comparesWhole('taskName'),
  comparesWhole('target', 'http://conformance.invalid/'),
  {
    id: 'list-filters-are-joined-by-and',
    title: 'A list with several filters holds only the tasks that pass all of them.',
    covers: { 'REC-041': '6df07794' },
    profile: 'recorder',
    async run(t) {
      const target = `http://conformance.invalid/${t.newId()}`;
      const all = { target, flowKey: 'f', taskName: 'n', queue: t.queue };
      const { id, createdAt } = await t.submit(t.parked(all));
      const { queue: _, ...elsewhere } = all;
      const others = [
        { target: `${target}/2` },
        { flowKey: 'g' },
        { taskName: 'm' },
        { queue: `q-${t.queue}`.slice(0, 64) },
      ];
      for (const other of others) await t.submit(t.parked({ ...all, ...other }));
      const gone = await t.submit(t.parked(all));
      t.status('REC-041', await t.api.operate(gone.id, 'cancel'), 200);
      const filters = { ...all, state: 'pending', createdAfter: createdAt };
      t.equal('REC-041', 'the tasks that pass all filters', idsOf(await walk(t, 'REC-041', filters)), [id]);
      const future = { ...elsewhere, createdBefore: createdAt };
      t.equal('REC-041', 'the tasks from before the first', idsOf(await walk(t, 'REC-041', future)), []);
    },
  },
  {
    id: 'list-filter-state-of-parked-tasks',
    title: 'The filter `state` tells pending tasks from cancelled ones.',
    covers: { 'REC-041': '6df07794' },
    profile: 'recorder',
    async run(t) {
      const pending = await t.submit(t.parked());
      const cancelled = await t.submit(t.parked());
      t.status('REC-041', await t.api.operate(cancelled.id, 'cancel'), 200);
      const expected = {
        pending: [pending.id],
        cancelled: [cancelled.id],
        completed: [],
        running: [],
        failed: [],
      };
      for (const [state, ids] of Object.entries(expected)) {
        const listed = await walk(t, 'REC-041', { queue: t.queue, state });
        t.equal('REC-041', `the tasks with state=${state}`, idsOf(listed), ids);
      }
    },
  },
  {
    id: 'list-filter-state-of-delivered-tasks',
    title: 'The filter `state` finds running, completed and failed tasks.',
    covers: { 'REC-041': '6df07794' },
    profile: 'core',
    async run(t) {
      const completed = await t.submit(t.taskFor(await t.target(200)));
      const failed = await t.submit(t.taskFor(await t.target(422)));
      await t.untilState(completed.id, 'completed');
      await t.untilState(failed.id, 'failed');
      const held = heldAnswer();
      const slow = await t.target(held.answer);
      const running = await t.submit(t.taskFor(slow));
      await t.delivery(slow);
      await t.untilState(running.id, 'running');
      const expected = { completed: completed.id, failed: failed.id, running: running.id };
      for (const [state, id] of Object.entries(expected)) {
        const listed = await walk(t, 'REC-041', { queue: t.queue, state });
        t.equal('REC-041', `the tasks with state=${state}`, idsOf(listed), [id]);
      }
      held.give();
    },
  },
  {
    id: 'list-filters-by-the-flow-key-that-is-shown',
    title: 'The filter `flowKey` finds a task by the flow key that it was given by default.',
    covers: { 'REC-042': 'd2feb58c' },
    profile: 'recorder',
    async run(t) {
      const { id, flowKey } = await t.submit(t.parked());
      await t.submit(t.parked({ flowKey: `${flowKey}/` }));
      const listed = await walk(t, 'REC-042', { queue: t.queue, flowKey });
      t.equal('REC-042', `the tasks with flowKey=${flowKey}`, idsOf(listed), [id]);
    },
  },
  {
    id: 'list-filters-by-the-target-that-is-shown',
    title: 'The filter `target` compares targets as they were submitted, not as a URL is normalised.',
    covers: { 'REC-042': 'd2feb58c' },
    profile: 'recorder',
    async run(t) {
      const path = t.newId();
      const [shown, normalised] = [
        `HTTP://Conformance.INVALID:80/a/../${path}`,
        `http://conformance.invalid/${path}`,
      ];
      const { id } = await t.submit(t.parked({ target: shown }));
      t.equal(
        'REC-042',
        `the tasks with target=${shown}`,
        idsOf(await walk(t, 'REC-042', { target: shown })),
        [id],
      );
      const others = await walk(t, 'REC-042', { target: normalised });
      t.equal('REC-042', `the tasks with target=${normalised}`, idsOf(others), []);
    },
  },
];
