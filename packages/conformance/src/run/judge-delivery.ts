import type { Delivery } from '../receiver/delivery.ts';
import { TARGET_DOCUMENT } from '../spec/documents.ts';
import { headerValueOf, validatorsOf } from '../spec/validator.ts';
import type { LedgerRule } from './ledger.ts';

const validatorOf = validatorsOf(TARGET_DOCUMENT);
const parameters = Object.values(TARGET_DOCUMENT.paths).flatMap((operations) =>
  Object.values(operations).flatMap((operation) => operation.parameters ?? []),
);

/** Holds a delivery against the callback contract: what each rule finds wrong with it. */
export function judgeDelivery(
  delivery: Delivery,
): readonly (readonly [rule: LedgerRule, faults: readonly string[]])[] {
  return [
    ['delivery-headers', headerFaults(delivery)],
    ['delivery-framing', framingFaults(delivery)],
  ];
}

function headerFaults(delivery: Delivery): string[] {
  return parameters
    .filter((parameter) => parameter.in === 'header')
    .flatMap(({ name, required, schema }) => {
      const value = delivery.header(name);
      if (value === undefined) return required === true ? [`expected the header ${name}, got none`] : [];
      if (delivery.count(name) > 1) return [`expected ${name} once, got it ${delivery.count(name)} times`];
      return validatorOf(schema)(headerValueOf(value, schema)).map((fault) => `${name}: ${value}: ${fault}`);
    });
}

function framingFaults(delivery: Delivery): string[] {
  const faults: string[] = [];
  if (delivery.httpVersion !== '1.1') faults.push(`expected HTTP/1.1, got HTTP/${delivery.httpVersion}`);
  if (delivery.count('host') !== 1) faults.push(`expected one Host, got ${delivery.count('host')}`);
  if (delivery.body.length > 0 && delivery.header('content-length') === undefined) {
    faults.push('expected Content-Length with a body, got none');
  }
  if (delivery.header('expect') !== undefined) faults.push('expected no Expect, got one');
  return faults;
}
