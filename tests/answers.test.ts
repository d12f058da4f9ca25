import { startServiceProcess } from '@dispatchr/testkit';
import { describe } from 'vitest';
import { itDecidesByTheAnswer } from './decides-by-the-answer.ts';

describe('this implementation, on its embedded database', () => {
  itDecidesByTheAnswer(async (folder) => {
    const service = await startServiceProcess(['serve', '--port', '0', '--data-dir', folder]);
    return { url: service.url, end: () => service.end('SIGTERM') };
  });
});
