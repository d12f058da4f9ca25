import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@dispatchr/source'] },
  ssr: { resolve: { conditions: ['@dispatchr/source'] } },
  test: {
    globalSetup: ['packages/testkit/src/vitest-global-setup.ts'],
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
