/**
 * The engine on a page, so that tests can call it on a real WebGPU adapter: `openEngine()` opens it, and
 * `page.evaluate(() => globalThis.engineTests.…)` calls it. What goes in and comes out must be plain data.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainWasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgpu';

tf.enableProdMode();
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
// tfjs asks for a path of its threaded build too, and never loads it.
setWasmPaths({
  'tfjs-backend-wasm.wasm': plainWasmUrl,
  'tfjs-backend-wasm-simd.wasm': simdWasmUrl,
  'tfjs-backend-wasm-threaded-simd.wasm': simdWasmUrl,
});

const engineTests = {
  /** Gradient of Σ softplus(x²) on one backend. */
  async softplusGradient(backend: string, x: number[]): Promise<{ backend: string; gradient: number[] }> {
    await tf.setBackend(backend);
    await tf.ready();
    const gradient = tf.tidy(() => tf.grad((input) => tf.sum(tf.softplus(tf.square(input))))(tf.tensor1d(x)));
    const values = Array.from(await gradient.data());
    gradient.dispose();
    return { backend: tf.getBackend(), gradient: values };
  },
};

declare global {
  var engineTests: EngineTests;
}

export type EngineTests = typeof engineTests;
globalThis.engineTests = engineTests;
