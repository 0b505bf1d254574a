/** `npm run dev` and `npm run build`: Vite, after setting up what is missing. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, root } from './setup.mjs';

await ensureDependencies();
await import(pathToFileURL(path.join(root, 'node_modules', 'vite', 'bin', 'vite.js')).href);
