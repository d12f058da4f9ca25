import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@dispatchr/source'] },
  ssr: { resolve: { conditions: ['@dispatchr/source'] } },
  // The global setup is loaded in an environment of its own, which must not need a build either.
  environments: { __vitest__: { resolve: { conditions: ['@dispatchr/source'] } } },
  test: {
    globalSetup: ['packages/testkit/src/vitest-global-setup.ts'],
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'tests/**/*.test.ts',
      'chaos/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    // The longest tests wait for other processes; the default of one worker on two cores waits with them.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // A second, the default, is not enough of a busy machine.
    expect: { poll: { timeout: 10_000 } },
  },
});
