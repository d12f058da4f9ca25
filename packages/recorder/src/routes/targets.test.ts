import type { TargetRecord } from '@dispatchr/store';
import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const at = new Date('2026-11-22T14:50:00.123Z');
const open: TargetRecord = {
  origin: 'https://b.example',
  state: 'circuit-open',
  since: at,
  until: at,
  failures: 20,
  lastError: 'timeout',
  running: 1,
  heldUrls: [{ target: 'https://b.example/x', until: at }],
};
const healthy: TargetRecord = {
  origin: 'https://a.example',
  state: 'healthy',
  failures: 0,
  running: 2,
  heldUrls: [],
};

function recorderWithTargets() {
  const recorder = createCheckedRecorder({ features: ['target-health'] });
  recorder.store.targets.push(open, healthy);
  return recorder;
}

describe('a list of targets', () => {
  test('goes from page to page, by name, with the members in the order of the specification', async () => {
    const { get } = recorderWithTargets();
    const first = (await get('/v1/targets?limit=1')).json();
    const second = (await get(`/v1/targets?limit=1&cursor=${first.nextCursor}`)).json();
    expect(first.targets).toEqual([healthy]);
    expect(JSON.stringify(second)).toBe(
      '{"targets":[{"origin":"https://b.example","state":"circuit-open","since":"2026-11-22T14:50:00.123Z",' +
        '"until":"2026-11-22T14:50:00.123Z","failures":20,"lastError":"timeout","running":1,' +
        '"heldUrls":[{"target":"https://b.example/x","until":"2026-11-22T14:50:00.123Z"}]}]}',
    );
  });

  test('of one origin holds that origin alone', async () => {
    const { get } = recorderWithTargets();
    expect((await get('/v1/targets?origin=https://a.example')).json()).toEqual({ targets: [healthy] });
    expect((await get('/v1/targets?origin=https://c.example')).json()).toEqual({ targets: [] });
  });

  test.each([
    ['limit=0', 'limit'],
    ['cursor=%21', 'cursor'],
    ['cursor=', 'cursor'],
    ['cursor=AGE', 'cursor'],
    ['origin=%00', 'origin'],
    ['state=healthy', 'state'],
  ])('with %s is refused by the parameter', async (query, parameter) => {
    const response = await recorderWithTargets().get(`/v1/targets?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toMatchObject([{ parameter }]);
  });
});

describe('a close of a circuit', () => {
  test('answers with the origin, which is healthy', async () => {
    const { post, get } = recorderWithTargets();
    const closed = await post('/v1/targets/close', { origin: 'https://b.example' });
    expect([closed.statusCode, closed.json()]).toEqual([
      200,
      { origin: 'https://b.example', state: 'healthy', failures: 0, running: 1, heldUrls: [] },
    ]);
    expect((await get('/v1/targets')).json()).toEqual({ targets: [healthy] });
  });

  test.each([
    ['https://b.example/', 'expected "https://b.example", got "https://b.example/"'],
    ['https://B.example:443', 'expected "https://b.example", got "https://B.example:443"'],
    ['ftp://b.example', 'got "ftp://b.example"'],
    ['b.example:80', 'got "b.example:80"'],
    ['https://ada:secret@b.example', 'got one with "@"'],
    ['short', 'got'],
    [17, 'got 17'],
  ])('is refused for %j, which is no origin', async (origin, detail) => {
    const response = await recorderWithTargets().post('/v1/targets/close', { origin });
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toEqual([{ pointer: '/origin', detail: expect.stringContaining(detail) }]);
    expect(response.body).not.toContain('secret');
  });

  test('without an origin, or without a body, is refused', async () => {
    const { post, send } = recorderWithTargets();
    expect((await post('/v1/targets/close', {})).statusCode).toBe(400);
    expect((await send({ method: 'POST', url: '/v1/targets/close' })).statusCode).toBe(400);
  });
});

test('a recorder without the feature refuses both and names it', async () => {
  const { get, post } = createCheckedRecorder({ features: [] });
  for (const response of [
    await get('/v1/targets'),
    await post('/v1/targets/close', { origin: 'https://b.example' }),
  ]) {
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ feature: 'target-health' });
  }
});
