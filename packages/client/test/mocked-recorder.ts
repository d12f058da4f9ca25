import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** Where the mocked recorder is. */
export const RECORDER_URL = 'http://recorder.test:9090/dispatchr';

/** A request that came to the mocked recorder. */
export interface SeenRequest {
  method: string;
  /** The path behind `RECORDER_URL`, with its query. */
  path: string;
  headers: Headers;
  /** The body as text. */
  text: string;
}

/** What the mocked recorder does with a request: an answer, or `lost` for a connection that breaks. */
export type Step = 'lost' | (() => Response | Promise<Response>);

/** Mocks a recorder for the tests of a file; each test scripts its answers, the last of which is given for ever. */
export function mockRecorder(): { seen: SeenRequest[]; script: (...steps: Step[]) => void } {
  const seen: SeenRequest[] = [];
  const server = setupServer();
  const script = (...steps: Step[]): void => {
    let next = 0;
    server.use(
      http.all(`${RECORDER_URL}/*`, async ({ request }) => {
        seen.push({
          method: request.method,
          path: request.url.slice(RECORDER_URL.length),
          headers: request.headers,
          text: await request.clone().text(),
        });
        const step = steps[Math.min(next, steps.length - 1)];
        next += 1;
        return step === undefined || step === 'lost' ? HttpResponse.error() : step();
      }),
    );
  };
  beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
  afterEach(() => {
    server.resetHandlers();
    seen.length = 0;
  });
  afterAll(() => server.close());
  return { seen, script };
}
