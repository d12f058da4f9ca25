import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Scenario } from './scenarios.ts';

/** The target of the demo, which answers each attempt as its scenario says. */
export interface DemoTarget {
  /** Where the task of a scenario is delivered. */
  urlOf(scenario: Scenario): string;
  close(): Promise<void>;
}

/** Starts the target on a free port of 127.0.0.1. */
export async function startDemoTarget(scenarios: readonly Scenario[]): Promise<DemoTarget> {
  const server = createServer((request, response) => {
    // The task's id is the scenario's name.
    const id = request.headers['dispatchr-task-id'];
    answer(request, response, scenarios.find(({ name }) => name === id)?.answers ?? []);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: ({ name, path = name }) => `http://127.0.0.1:${port}/${path}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, answers: readonly Answer[]): void {
  const attempt = Number(request.headers['dispatchr-attempt']);
  const { status, headers } = answers[Math.min(attempt, answers.length) - 1] ?? { status: 404 };
  // What is not read would keep the connection from its next request.
  request.resume();
  response.writeHead(status, headers).end();
}
