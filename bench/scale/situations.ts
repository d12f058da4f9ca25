import { openBacklogSide, type ShapedBacklog } from './backlog-side.ts';
import { openBesideSide } from './beside-side.ts';
import { type Fill, fill } from './fill.ts';
import { churnBesideTransaction } from './open-transaction.ts';
import type { ScaleOptions, Situation } from './situation.ts';

/** All situations, in the order in which they are measured. */
export const SITUATIONS: readonly Situation[] = [
  besideRows('million-due', 'due in the queue that is drained', 'due'),
  besideRows('million-future', 'due tomorrow in the same queue', 'future'),
  besideRows('million-finished', 'finished, with their attempts', 'finished'),
  {
    name: 'open-transaction',
    title: 'A transaction with a snapshot held open, and the rows that it keeps from being vacuumed',
    openSmall: (world, options) => openBesideSide(world, options, { name: 'small' }),
    openLarge: (world, options) =>
      openBesideSide(world, options, {
        name: 'large',
        prepare: (installation) => churnBesideTransaction(world, installation, options.holdSeconds),
      }),
  },
  shapes(
    'queues',
    'A backlog in as many queues as tasks (a hundredth of the size), against one queue',
    ({ size }) => {
      const tasks = Math.ceil(size / 100);
      return { small: { tasks }, large: { tasks, queues: tasks } };
    },
  ),
  shapes(
    'flow-keys',
    'A backlog in as many flow keys as tasks (a tenth of the size), against one flow key',
    ({ size }) => {
      const tasks = Math.ceil(size / 10);
      return { small: { tasks, flowKeys: 1 }, large: { tasks, flowKeys: tasks } };
    },
  ),
  {
    name: 'schedulers',
    title: 'Four schedulers on one database, against one',
    openSmall: (world, { tasks, warmUp }) =>
      openBacklogSide(world, { name: 'small', schedulers: 1, rows: { tasks: tasks + warmUp } }),
    openLarge: (world, { tasks, warmUp }) =>
      openBacklogSide(world, { name: 'large', schedulers: 4, rows: { tasks: tasks + warmUp } }),
  },
];

function besideRows(name: string, title: string, state: Fill['state']): Situation {
  return {
    name,
    title: `Beside tasks ${title}`,
    openSmall: (world, options) => openBesideSide(world, options, { name: 'small' }),
    openLarge: (world, options) =>
      openBesideSide(world, options, {
        name: 'large',
        async prepare({ sql }) {
          const rows = { tasks: options.size, target: world.receiver.url, state };
          await fill(sql, rows, (text) => world.note(text));
          return () => Promise.resolve();
        },
      }),
  };
}

type Shapes = Readonly<Record<'small' | 'large', ShapedBacklog['rows']>>;

function shapes(name: string, title: string, shapesOf: (options: ScaleOptions) => Shapes): Situation {
  return {
    name,
    title,
    openSmall: (world, options) =>
      openBacklogSide(world, { name: 'small', schedulers: 1, rows: shapesOf(options).small }),
    openLarge: (world, options) =>
      openBacklogSide(world, { name: 'large', schedulers: 1, rows: shapesOf(options).large }),
  };
}
