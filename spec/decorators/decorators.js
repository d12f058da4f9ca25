// Implementations of the decorators that decorators.tsp declares.
import { getExtensions, setExtension } from '@typespec/openapi';

/** Appends `{id, text}` to the operation's `x-dispatchr-requirements`. */
export function $requirement(context, target, id, text) {
  append(context, target, 'x-dispatchr-requirements', [{ id, text }]);
}

/** Adds problem names to the operation's `x-dispatchr-problems`. */
export function $problems(context, target, ...names) {
  append(context, target, 'x-dispatchr-problems', names);
}

setTypeSpecNamespace('Dispatchr.Spec', $requirement, $problems);

function append({ program }, target, key, values) {
  const before = getExtensions(program, target).get(key) ?? [];
  // TypeSpec applies decorators bottom up: prepending keeps the order of the source.
  setExtension(program, target, key, [...values, ...before]);
}

function setTypeSpecNamespace(namespace, ...decorators) {
  for (const decorator of decorators) decorator.namespace = namespace;
}
