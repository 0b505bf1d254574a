/** `npm run experiment -- FILE.json …`: run an experiment without a browser; src/sim/cli.ts explains its options. */
import { runHeadless } from './headless.mjs';

await runHeadless('src/sim/cli.ts');
