import { expect, it } from 'vitest';
import { plansOfLog } from './plans-of-log.ts';

const entry = (text: string, ms: string, hit: number) =>
  `2026-01-01 00:00:00.000 UTC [7] LOG:  duration: ${ms} ms  plan:\n` +
  `\tQuery Text: ${text}\n\t  FROM t\n\tSeq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n\t  Buffers: shared hit=${hit}\n`;

it('reads every execution, and the plan of the one that touched the most blocks', () => {
  const log = `${entry('SELECT 1', '2.5', 10)}2026-01-01 00:00:00.000 UTC [7] LOG:  checkpoint\n${entry('SELECT 1', '9.0', 4)}${entry('SELECT 2', '20.0', 1)}`;
  expect(plansOfLog(log, (text) => (text.startsWith('SELECT 1') ? 'one' : undefined))).toEqual([
    {
      name: 'SELECT 2 FROM t',
      durationsMs: [20],
      plan: 'Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n  Buffers: shared hit=1',
    },
    {
      name: 'one',
      durationsMs: [2.5, 9],
      plan: 'Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n  Buffers: shared hit=10',
    },
  ]);
});
