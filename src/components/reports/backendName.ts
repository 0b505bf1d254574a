/** What a backend is called on the page. */
import { msg } from '../../sim/msg.ts';

export function backendName(name: string): string {
  switch (name) {
    case 'webgpu': return 'WebGPU';
    case 'wasm': return 'WebAssembly';
    case 'cpu': return msg`plain JavaScript`;
    default: return name;
  }
}
