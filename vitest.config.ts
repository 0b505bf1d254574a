import { defineConfig } from 'vitest/config';

export default defineConfig({
  // React components rendered by unit tests.
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    allowOnly: false,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        resolve: {
          // In Node tfjs-core is one CommonJS file, and its gradients exist separately only as 200 untranspiled
          // modules (4 s per test file). The union package registers the same gradients on the same tfjs-core.
          alias: { '@tensorflow/tfjs-core/dist/register_all_gradients': '@tensorflow/tfjs' },
        },
        test: {
          name: 'unit',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: ['tests/browser/**', 'tests/soak/**'],
          environment: 'node',
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: 'tests/browser/globalSetup.ts',
          environment: 'node',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'soak',
          include: ['tests/soak/**/*.test.ts'],
          globalSetup: 'tests/browser/globalSetup.ts',
          environment: 'node',
          pool: 'forks',
          fileParallelism: false,
        },
      },
    ],
  },
});
