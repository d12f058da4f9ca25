import { openWaitingSide } from '../ours/waiting-side.ts';
import type { Contest } from './contest.ts';
import { openEach } from './open-each.ts';

/** What submits cost the database that wait for their tasks. */
export const waiting: Contest = {
  name: 'waiting',
  title: '1,000 submits that wait at once',
  figures: ['statements a second', 'of which without them'],
  compared: [],
  subjects: [],
  hasPeers: false,
  openSides: (world) => openEach([() => openWaitingSide(world)]),
};
