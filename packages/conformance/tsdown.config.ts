import { defineConfig } from 'tsdown';

// One file without dependencies: `npx dispatchr-conformance` loads nothing else, whatever else is installed.
export default defineConfig({
  entry: 'src/main.ts',
  outDir: 'dist',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  logLevel: 'warn',
  clean: ['dist/*.js'],
  minify: { compress: true, mangle: false },
  outExtensions: () => ({ js: '.js' }),
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  outputOptions: { codeSplitting: false },
});
