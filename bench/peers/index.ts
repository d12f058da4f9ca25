import { DELAY_WARM_UP } from '../contests/delay.ts';
import { warmUpOf } from '../contests/drain.ts';
import { openEach } from '../contests/open-each.ts';
import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { PEERS_OF } from './peers-of.ts';
import { bullmq } from './bullmq.ts';
import type { Peer } from './peer.ts';
import { openDelayPeer, openDrainingPeer, openSubmittingPeer } from './peer-sides.ts';
import { hasRedisServer } from './redis-server.ts';

/** What peers are opened with; absent is what the same contest takes without them. */
export interface PeerOptions {
  readonly tasks?: number;
  /** Deliveries of a drain that do not count. */
  readonly warmUp?: number;
  /** Tasks a second of a start delay. */
  readonly perSecond?: number;
}

const DELAY_SECONDS = 10;

/** Opens what people use today on the same work; a contest that is not known has none of them. */
export function openPeers(contest: string, world: World, options: PeerOptions = {}): Promise<Side[]> {
  const peers = (PEERS_OF[contest] ?? []).filter((peer) => canRun(peer, world));
  return openEach(peers.map((peer) => () => openPeer(contest, peer, world, options)));
}

/** Redis is not among the project's dependencies. */
function canRun(peer: Peer, world: World): boolean {
  if (peer !== bullmq || hasRedisServer()) return true;
  world.note('  redis-server is not on PATH: BullMQ is left out');
  return false;
}

function openPeer(contest: string, peer: Peer, world: World, options: PeerOptions): Promise<Side> {
  switch (contest) {
    case 'submit': {
      const { tasks = 20_000 } = options;
      return openSubmittingPeer(peer, world, { tasks, batch: 1, inFlight: 64 });
    }
    case 'batch': {
      const { tasks = 60_000 } = options;
      return openSubmittingPeer(peer, world, {
        tasks: Math.ceil(tasks / 100) * 100,
        batch: 100,
        inFlight: 4,
      });
    }
    case 'drain': {
      const { tasks = 20_000, warmUp = warmUpOf(tasks) } = options;
      return openDrainingPeer(peer, world, { tasks, warmUp });
    }
    case 'delay': {
      const { perSecond = 100 } = options;
      const tasks = perSecond * DELAY_SECONDS;
      return openDelayPeer(peer, world, { tasks, batch: 1, inFlight: 64, perSecond, warmUp: DELAY_WARM_UP });
    }
    default:
      throw new Error(`expected a contest that peers take part in, got "${contest}"`);
  }
}
