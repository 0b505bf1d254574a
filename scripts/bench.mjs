/** `npm run bench`: measure the engine without a browser; see src/sim/bench.ts. */
import { runHeadless } from './headless.mjs';

await runHeadless('src/sim/bench.ts');
