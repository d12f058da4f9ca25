import { networkInterfaces, hostname } from 'node:os';
import { connect, isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Receiver } from '../receiver/receiver.ts';
import type { Api, Json } from './api.ts';
import { shown } from './assertions.ts';
import type { Reachability } from './origins.ts';
import { shortened } from './timeline.ts';
import { Unreachable } from './violation.ts';

export interface ReachOptions {
  readonly api: Api;
  readonly runId: string;
  /** Where targets are reached from outside, through a proxy or a tunnel; then nothing is tried out. */
  readonly callbackUrl?: string;
  /** The address and port to listen on; port 0 gives each check a port of its own. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly timeoutMs: number;
}

/**
 * Finds out how the implementation reaches the suite: one canary task for each candidate, and the first delivery wins.
 * Throws `Unreachable` with a diagnosis if none arrives.
 */
export async function reachReceiver(options: ReachOptions): Promise<Reachability> {
  const { listen, callbackUrl, runId } = options;
  const receiver = await Receiver.listen(listen);
  const shared = callbackUrl !== undefined || listen.port !== 0;
  try {
    const origins =
      callbackUrl === undefined
        ? await candidatesOf(options, receiver.port)
        : [callbackUrl.replace(/\/$/, '')];
    const canaries = origins.map((origin) => ({
      origin,
      target: receiver.add(origin, `/${runId}/canary/${origins.indexOf(origin)}`, [200]),
    }));
    const winner = await race(
      options,
      canaries.map(({ origin, target }) => ({
        origin,
        url: target.url,
        hasArrived: () => target.deliveries.length > 0,
      })),
    );
    if (shared)
      return { listenHost: listen.host, host: new URL(winner).hostname, shared: { url: winner, receiver } };
    await receiver.close();
    return { listenHost: listen.host, host: new URL(winner).hostname };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}

/** What became of one way back. */
export interface CandidateFate {
  readonly origin: string;
  readonly hasArrived: boolean;
  /** What the implementation says of the canary task. */
  readonly text: string;
}

/** Tries every way back to its end, or for `timeoutMs`: for a person who wants to know which of them work. */
export async function surveyCandidates(options: ReachOptions): Promise<readonly CandidateFate[]> {
  const receiver = await Receiver.listen(options.listen);
  try {
    const origins =
      options.callbackUrl === undefined ? await candidatesOf(options, receiver.port) : [options.callbackUrl];
    const deadline = performance.now() + options.timeoutMs;
    return await Promise.all(
      origins.map(async (origin, at) => {
        const target = receiver.add(origin, `/${options.runId}/survey/${at}`, [200]);
        const hasArrived = (): boolean => target.deliveries.length > 0;
        const canary = await submitCanary(options, { origin, url: target.url, hasArrived });
        let fate = await fateOf(options.api, canary);
        while (!fate.isOver && performance.now() < deadline) {
          await sleep(POLL_MS * 5);
          fate = await fateOf(options.api, canary);
        }
        return { origin, hasArrived: hasArrived(), text: fate.text };
      }),
    );
  } finally {
    await receiver.close();
  }
}

async function candidatesOf({ api }: ReachOptions, port: number): Promise<string[]> {
  const nearest = await localAddressTowards(api.baseUrl);
  const hosts = [
    nearest,
    // The receiver listens on IPv4 unless it is told otherwise.
    ...(nearest === '::1' ? ['127.0.0.1'] : []),
    'host.docker.internal',
    'host.containers.internal',
    ...Object.values(networkInterfaces()).flatMap((each) =>
      (each ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
    ),
    hostname(),
  ];
  const usable = hosts.filter((host): host is string => host !== undefined && !host.startsWith('fe80'));
  return [...new Set(usable)].map((host) => `http://${isIPv6(host) ? `[${host}]` : host}:${port}`);
}

/** The address that the machine uses towards the implementation: most likely the way back. */
async function localAddressTowards(baseUrl: string): Promise<string | undefined> {
  const url = new URL(baseUrl);
  const socket = connect(
    Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    url.hostname.replaceAll(/[[\]]/g, ''),
  );
  return new Promise((resolve) => {
    socket.once('connect', () => {
      resolve(socket.localAddress?.replace(/^::ffff:/, ''));
      socket.destroy();
    });
    socket.once('error', () => resolve(undefined));
  });
}

interface Canary {
  readonly origin: string;
  readonly url: string;
  hasArrived(): boolean;
}

const POLL_MS = 20;

async function race(options: ReachOptions, canaries: readonly Canary[]): Promise<string> {
  const submitted = await Promise.all(canaries.map((canary) => submitCanary(options, canary)));
  const deadline = performance.now() + options.timeoutMs;
  for (let turn = 1; ; turn += 1) {
    const winner = canaries.find((canary) => canary.hasArrived());
    if (winner !== undefined) return winner.origin;
    const isLate = performance.now() > deadline;
    // Asking is dearer than looking: every tenth turn is soon enough to give up early.
    if (turn % 10 === 0 || isLate) {
      const fates = await Promise.all(submitted.map((each) => fateOf(options.api, each)));
      if (isLate || fates.every(({ isOver }) => isOver)) throw new Unreachable(diagnosisOf(fates));
    }
    await sleep(POLL_MS);
  }
}

interface SubmittedCanary extends Canary {
  readonly id?: string;
  readonly refusal?: string;
}

async function submitCanary({ api, runId }: ReachOptions, canary: Canary): Promise<SubmittedCanary> {
  const task = {
    target: canary.url,
    taskName: 'canary',
    queue: `c-${runId}-canary`,
    timeoutMs: 2000,
    retry: { maxAttempts: 1 },
  };
  const { status, json, text } = await api.submit(task);
  if (status === 201) return { ...canary, id: json.id };
  if (status === 401)
    throw new Unreachable(
      "the implementation asks for a token: pass --header 'Authorization: Bearer …' with the right one",
    );
  return {
    ...canary,
    refusal: `the submit was answered with ${status}: ${shortened(json?.detail ?? text, 400) || 'no body'}`,
  };
}

interface Fate {
  readonly isOver: boolean;
  /** The submit itself was not accepted. */
  readonly isRefused?: boolean;
  readonly text: string;
}

async function fateOf(api: Api, { url, id, refusal }: SubmittedCanary): Promise<Fate> {
  if (id === undefined) return { isOver: true, isRefused: true, text: `${url}: ${refusal}` };
  const task: Json = (await api.get(id)).json;
  const { json } = await api.attempts(id);
  const last: Json = json?.attempts?.at(-1);
  const attempt =
    last === undefined
      ? 'no attempt was made'
      : `the attempt ended ${shown(last.errorCode ?? last.status ?? last.outcome)}: ${shortened(last.errorMessage ?? '', 400)}`;
  return {
    isOver: ['completed', 'failed', 'cancelled'].includes(task?.state),
    text: `${url}: ${task?.state}, ${attempt}`,
  };
}

function diagnosisOf(fates: readonly Fate[]): string {
  const lines = fates.map(({ text }) => `  ${text}`);
  return ["no canary task reached the suite's receiver:", ...lines, adviceOn(fates)].join('\n');
}

function adviceOn(fates: readonly Fate[]): string {
  if (fates.some(({ text }) => text.includes('blocked') || text.includes('can be a target')))
    return 'The target policy forbids the receiver: allow its address (for Dispatchr, --target-allow and the address), or run the suite where the policy allows it.';
  if (fates.every(({ isRefused }) => isRefused === true))
    return 'No submit was accepted: is --url the base of the implementation, and does it serve POST /v1/tasks?';
  const accepted = fates.filter(({ isRefused }) => isRefused !== true);
  if (accepted.every(({ isOver }) => !isOver))
    return 'Nothing was attempted: is a scheduler running? For a recorder alone, pass --profile recorder.';
  return 'Open the way back (firewall, container network), or pass --callback-url with an address that leads to this machine.';
}
