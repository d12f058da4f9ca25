import type { Answer, Delivery } from '../receiver/delivery.ts';
import { Receiver } from '../receiver/receiver.ts';
import type { Target } from '../receiver/target.ts';

/** How targets are reached: where the suite listens, and what the implementation calls that. */
export interface Reachability {
  /** The address to listen on, for example `0.0.0.0`. */
  readonly listenHost: string;
  /** The host in the targets' URLs; a port of its own for each check follows it. */
  readonly host: string;
  /** Set if everything must come through one URL (`--callback-url`, or a fixed port): the receiver behind it. */
  readonly shared?: { readonly url: string; readonly receiver: Receiver };
}

/**
 * An implementation goes on with what a check left, and holds back an origin that fails, long after the port is closed: a
 * check that was given it again would be held back too, and get what was not meant for it.
 */
const USED_PORTS = new Set<number>();

/** Then one that was used is taken: the system has no other to give. */
const PORTS_TO_TRY = 50;

/** The targets of one check: on a port, and so an origin, of their own, so that what one breaks holds up no other. */
export class Origins {
  readonly #reachability: Reachability;
  readonly #onDelivery: (delivery: Delivery, target: Target | undefined) => void;
  readonly #receivers: Receiver[] = [];
  readonly #prefix: string;
  #own: Promise<Receiver> | undefined;
  #count = 0;

  /** @param prefix - begins every path, for example `/run-7f/check-id`. */
  constructor(reachability: Reachability, prefix: string, onDelivery: Origins['onDelivery']) {
    this.#reachability = reachability;
    this.#prefix = prefix;
    this.#onDelivery = onDelivery;
  }

  /** A new target on the check's own origin. */
  async add(script: readonly Answer[], suffix = ''): Promise<Target> {
    this.#count += 1;
    const path = `${this.#prefix}/${this.#count}${suffix}`;
    const { shared, host } = this.#reachability;
    if (shared !== undefined) return shared.receiver.add(shared.url, path, script, this.#onDelivery);
    this.#own ??= this.listen();
    const receiver = await this.#own;
    return receiver.add(`http://${host}:${receiver.port}`, path, script);
  }

  /** One more port, which no check of this process had before; closed with the check. */
  async listen(tls?: { readonly key: string; readonly cert: string }): Promise<Receiver> {
    const passedOver: Receiver[] = [];
    let receiver = await this.#listenAnywhere(tls);
    // Held meanwhile, so that the system gives another.
    while (USED_PORTS.has(receiver.port) && passedOver.length < PORTS_TO_TRY) {
      passedOver.push(receiver);
      receiver = await this.#listenAnywhere(tls);
    }
    USED_PORTS.add(receiver.port);
    this.#receivers.push(receiver);
    await Promise.all(passedOver.map((each) => each.close()));
    return receiver;
  }

  get host(): string {
    return this.#reachability.host;
  }

  /** True if every check shares one URL, so that there is no origin of its own to break. */
  get isShared(): boolean {
    return this.#reachability.shared !== undefined;
  }

  get onDelivery(): (delivery: Delivery, target: Target | undefined) => void {
    return this.#onDelivery;
  }

  async close(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver.close()));
  }

  #listenAnywhere(tls: { readonly key: string; readonly cert: string } | undefined): Promise<Receiver> {
    return Receiver.listen({
      host: this.#reachability.listenHost,
      port: 0,
      onDelivery: this.#onDelivery,
      ...(tls === undefined ? {} : { tls }),
    });
  }
}
