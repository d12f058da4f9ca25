import type { Random } from './random.ts';

/** What is delivered: a name with arguments as JSON text, or a request of the producer's own. */
export type TaskContent =
  | { readonly kind: 'arguments'; readonly taskName: string; readonly taskArgs?: string }
  | { readonly kind: 'request'; readonly method: string; readonly body?: Buffer };

/** Draws the content of a task. The number is in it, so that no two tasks have the same body. */
export function contentOf(random: Random, number: number): TaskContent {
  if (random.chance(0.15)) return requestOf(random, number);
  const taskName = `task-${number % 10}`;
  if (random.chance(0.02)) return { kind: 'arguments', taskName };
  return { kind: 'arguments', taskName, taskArgs: `{"number": ${number}, "odd": ${oddValue(random)}}` };
}

/** The bytes that a target must receive. */
export function deliveredBody(content: TaskContent): Buffer {
  if (content.kind === 'request') return content.body ?? Buffer.alloc(0);
  const { taskName, taskArgs = 'null' } = content;
  return Buffer.from(`{"taskName":${JSON.stringify(taskName)},"taskArgs":${taskArgs}}`);
}

/** JSON text that a reader who parses it and writes it again would change. */
function oddValue(random: Random): string {
  const values = [
    '1e400',
    '-0.10',
    '9007199254740993',
    String.raw`"\u0061\/é\ud83d\ude00"`,
    '"😀 zwölf Boxkämpfer"',
    '{"b":1,"a":2,"__proto__":null}',
    '[ 1 ,\t2,\n3 ]',
    `"${'x'.repeat(random.between(0, 2000))}"`,
  ];
  // One in five hundred is larger than what fits into one read of a socket.
  return random.chance(0.002) ? `"${'y'.repeat(random.between(70_000, 200_000))}"` : random.pick(values);
}

function requestOf(random: Random, number: number): TaskContent {
  const method = random.pick(['POST', 'PUT', 'PATCH', 'DELETE', 'GET']);
  if (method === 'GET' || random.chance(0.1)) return { kind: 'request', method };
  const odd = Uint8Array.from({ length: random.between(0, 60) }, () => random.between(0, 255));
  return { kind: 'request', method, body: Buffer.concat([Buffer.from(`${number}:`), odd]) };
}
