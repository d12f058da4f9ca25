import { SPEC_VERSION } from '@dispatchr/contract';
import type { Discovery } from '@dispatchr/contract';
import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';

/** GET /.well-known/dispatchr: what this implementation is and has. */
export function getDiscovery(context: RecorderContext): OperationHandler<'getDiscovery'> {
  const { implementation, durability, limits, targetPolicy, features } = context;
  const body: Discovery = {
    specVersions: [SPEC_VERSION],
    implementation,
    durability,
    limits,
    targetPolicy: {
      loopback: targetPolicy.listensOnLoopback,
      private: targetPolicy.listensOnLoopback,
      allow: targetPolicy.allow.map(({ text }) => text),
    },
    features: [...features],
  };
  return async () => ({ status: 200, body });
}
