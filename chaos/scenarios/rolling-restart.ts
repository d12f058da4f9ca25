import type { Received } from '../events.ts';
import { WELL_BEHAVED } from '../load/plans.ts';
import type { ProducerFigures } from '../load/submitter.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import type { Standing } from './standing.ts';

/** A deployment: each process is told to stop, and its successor started, under load. */
export const rollingRestart: Scenario = {
  summary: 'Recorders and schedulers restart one after the other under load: nobody notices.',
  flags: {
    rounds: { default: 5, small: 1, meaning: 'restarts of each of the five processes' },
    rate: { default: 150, small: 80, meaning: 'tasks a second' },
    seed: { default: 1, small: 1, meaning: 'what the tasks are like' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const load = await stage.startLoad({
    seed: flagOf(flags, 'seed'),
    rate: flagOf(flags, 'rate'),
    mix: WELL_BEHAVED,
  });
  const deliveries = new Map<string, number>();
  load.onReceived(({ token }: Received) => deliveries.set(token, (deliveries.get(token) ?? 0) + 1));
  for (let round = 1; round <= flagOf(flags, 'rounds'); round += 1) {
    for (const slot of [...stage.cluster.recorders, ...stage.cluster.schedulers]) {
      await slot.end('SIGTERM');
      await slot.start();
    }
    note(`round ${round}: ${load.acknowledged()} acknowledged, ${load.delivered()} delivered`);
  }
  await load.stopProducing();
  const standing = await stage.drained();
  return reportOf(load.figures, standing, deliveries);
}

function reportOf(
  producers: Readonly<ProducerFigures>,
  standing: Standing,
  deliveries: ReadonlyMap<string, number>,
): ScenarioReport {
  const requests = [...deliveries.values()].reduce((sum, times) => sum + times, 0);
  const recorded = standing.completed + standing.failed + standing.cancelled + standing.unfinished;
  return {
    figures: {
      acknowledged: producers.acknowledged,
      recorded,
      completed: standing.completed,
      'delivered twice': requests - deliveries.size,
      'attempts used': standing.used,
      'attempts released': standing.released,
      'connections refused, and tried again': producers.refusedConnections,
      'answers lost, and asked for again': producers.lostAnswers,
      'answers 5xx': producers.unavailable,
      'tasks whose producer never learnt their fate': producers.unknown,
      'slowest acknowledgement (ms)': producers.slowestAcknowledgementMs,
    },
    violations: violationsOf({
      'nothing was acknowledged': producers.acknowledged === 0,
      'an acknowledged task is not recorded': recorded < producers.acknowledged,
      'a task did not complete': standing.failed + standing.unfinished > 0,
      'a task was delivered twice': requests > deliveries.size,
      'an attempt was used': standing.used > 0,
      'a producer was answered with 5xx': producers.unavailable > 0,
    }),
  };
}
