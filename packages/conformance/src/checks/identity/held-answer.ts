import type { Answer, Wire } from '../../receiver/delivery.ts';

/** An answer of 200 that waits until `give` is called; the attempt is in flight until then. */
export function heldAnswer(): { readonly answer: Answer; readonly give: () => void } {
  const waiting: Wire[] = [];
  return {
    answer: (wire) => void waiting.push(wire),
    give: () => {
      for (const wire of waiting) void wire.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    },
  };
}
