/**
 * How many attempts the targets of one origin may have in flight together, when it has `inFlight` and so many slots
 * are `free`: at most nine times what it leaves free, and always one.
 *
 * So an origin alone gets nine tenths of all slots, a second one that hangs too nine tenths of the rest, and there is
 * a slot for a third. The share adapts to what is free and not to what an origin did before, so that nobody has to
 * tell slow from dead. What the origin itself starts or ends does not change its share. Spec: TIM-011.
 */
export function originShare(inFlight: number, free: number): number {
  return Math.max(1, Math.floor(((inFlight + free) * 9) / 10));
}
