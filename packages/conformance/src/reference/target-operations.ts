import type { Flow } from './flow.ts';
import { showInstant } from './instant.ts';
import type { JsonNode } from './json-reader.ts';
import { MemberReader } from './member-reader.ts';
import { invalidRequest } from './problems.ts';
import { namePage } from './name-page.ts';
import { Cursors, type QueryReader } from './query-reader.ts';
import { byCodePoint } from './queue-table.ts';
import type { Answer } from './response.ts';
import type { Settings } from './settings.ts';
import { objectJson } from './task-json.ts';

/** The list of origins, and the close of a circuit. */
export class TargetOperations {
  readonly #flow: Flow;
  readonly #settings: Settings;
  readonly #cursors: Cursors;

  constructor(flow: Flow, settings: Settings, cursorSecret: Buffer) {
    this.#cursors = new Cursors(cursorSecret, settings.mutants);
    this.#flow = flow;
    this.#settings = settings;
  }

  list(query: QueryReader): Answer {
    const wanted = query.text('origin', 'an origin', (text) => text.length <= 2048);
    const names = this.#flow.health
      .names(Date.now())
      .filter((name) => wanted === undefined || name === wanted)
      .toSorted(this.#settings.mutants.has('targets-in-no-order') ? () => 0 : byCodePoint);
    const list = { member: 'targets', names, show: (name: string) => this.#json(name) };
    return namePage(query, list, this.#cursors, this.#settings);
  }

  close(query: QueryReader, root: JsonNode | undefined): Answer {
    const reader = new MemberReader(this.#settings.mutants);
    const given = root ? reader.members(root, '', ['origin']) : new Map<string, JsonNode>();
    const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
    const origin = reader.string(given.get('origin'), '/origin', 'an origin', isOrigin);
    if (root?.kind === 'object' && !given.has('origin')) reader.fault('/origin', 'an origin');
    if (root === undefined) reader.fault('', 'a body');
    const errors = [...query.errors, ...reader.errors];
    if (errors.length > 0 || origin === undefined) throw invalidRequest(errors);
    this.#flow.health.close(origin);
    this.#flow.queues.changed();
    return { status: 200, body: this.#json(origin) };
  }

  #json(name: string): string {
    const { held, sinceMs, untilMs, ...rest } = this.#flow.health.show(name, Date.now());
    return objectJson(this.#settings, {
      ...rest,
      since: sinceMs === undefined ? undefined : showInstant(sinceMs),
      until: untilMs === undefined ? undefined : showInstant(untilMs),
      heldUrls: held.map(([target, heldMs]) => ({ target, until: showInstant(heldMs) })),
    });
  }
}
