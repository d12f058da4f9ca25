/** Has nothing of a queue claimed. */
export function pauseQueue(recorder: string, queue: string): Promise<void> {
  return post(`${recorder}/v1/queues/${queue}/pause`);
}

/** Has it claimed again. */
export function resumeQueue(recorder: string, queue: string): Promise<void> {
  return post(`${recorder}/v1/queues/${queue}/resume`);
}

async function post(url: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(`expected 200 to ${url}, got ${answer.status}: ${await answer.text()}`);
}
