// A target as a fetch-style handler. In Next.js this file is app/api/tasks/route.ts, as it stands.
import { createTarget, task, toFetchHandler } from '@dispatchr/client/target';
import { z } from 'zod';

const { SIGNING_SECRET } = process.env;

const target = createTarget({
  ...(SIGNING_SECRET !== undefined && { secrets: [SIGNING_SECRET] }),
  tasks: {
    'resize-image': task({
      args: z.object({ key: z.string(), width: z.int().positive() }),
      run: ({ key, width }, { taskId }) => console.log(`${key} to ${width} pixels (task ${taskId})`),
    }),
  },
});

const answer = toFetchHandler(target);

export async function POST(request: Request): Promise<Response> {
  return answer(request);
}
