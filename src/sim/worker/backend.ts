/**
 * tfjs backends behind one interface: which exist here, how to switch, what their faults are.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmPlain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import { msg } from '../msg.ts';
import type { BackendName } from './protocol.ts';

/** A GPU fault that no exception tells of. */
export interface DeviceFault {
  kind: 'device-lost' | 'gpu-validation';
  message: string;
}

/** What is known of a backend on this machine before it is measured. */
export interface Availability {
  available: boolean;
  /** A software WebGPU adapter: works, but is never chosen unless asked for. */
  software: boolean;
  note: string;
}

tf.enableProdMode();

let faultListener: (fault: DeviceFault) => void = () => {};

/** At most one listener: the run that is being trained. */
export function onDeviceFault(listener: (fault: DeviceFault) => void): void {
  faultListener = listener;
}

export async function availability(name: BackendName): Promise<Availability> {
  if (name === 'cpu') return { available: true, software: false, note: msg`plain JavaScript` };
  if (name === 'wasm') {
    if (typeof WebAssembly === 'undefined') return { available: false, software: false, note: msg`this browser has no WebAssembly` };
    // The lab as one file has only the build for SIMD.
    if (wasmPlain === '' && !(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return { available: false, software: false, note: msg`this browser’s WebAssembly has no SIMD, which the lab as one file needs` };
    return { available: true, software: false, note: msg`WebAssembly on the processor` };
  }
  try {
    const adapter = await requestAdapter();
    if (!adapter) return { available: false, software: false, note: msg`WebGPU found no graphics adapter` };
    // Older browsers have no `info`, or say on the adapter itself that it is a software one.
    const info: Partial<GPUAdapterInfo> = adapter.info ?? {};
    const software = info.isFallbackAdapter ?? (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false;
    const label = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || msg`graphics adapter`;
    return { available: true, software, note: software ? msg`software adapter (${label})` : label };
  } catch (error) {
    return { available: false, software: false, note: msg`WebGPU failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The adapter that is described, measured and trained on; null where the browser offers none. */
async function requestAdapter(): Promise<GPUAdapter | null> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  return gpu ? gpu.requestAdapter({ powerPreference: 'high-performance' }) : null;
}

/**
 * Makes a backend the current one. A WebGPU device is opened anew each time after it was lost.
 * @throws Error when the backend cannot be started
 */
export async function switchBackend(name: BackendName): Promise<void> {
  if (name === 'wasm') {
    // tfjs-wasm 4.22 hangs in its threaded build once minified; tests/browser/engine.test.ts trains on it.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    // It wants a name for the threaded build too, though it is switched off.
    setWasmPaths({ 'tfjs-backend-wasm-simd.wasm': wasmSimd, 'tfjs-backend-wasm-threaded-simd.wasm': wasmSimd, 'tfjs-backend-wasm.wasm': wasmPlain });
  }
  if (name === 'webgpu' && !webgpuIsOpen) registerWebgpu();
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend could not be started`);
  await tf.ready();
}

let webgpuIsOpen = false;

/** Own factory: keeps the device, so that its faults are heard and a lost one can be replaced. */
function registerWebgpu(): void {
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', async () => {
    const adapter = await requestAdapter();
    if (!adapter) throw new Error('WebGPU found no graphics adapter');
    const { maxComputeWorkgroupStorageSize, maxComputeWorkgroupsPerDimension, maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupSizeX, maxComputeInvocationsPerWorkgroup } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredLimits: { maxComputeWorkgroupStorageSize, maxComputeWorkgroupsPerDimension, maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupSizeX, maxComputeInvocationsPerWorkgroup },
    });
    device.addEventListener('uncapturederror', (event) => faultListener({ kind: 'gpu-validation', message: event.error.message }));
    void device.lost.then((info) => {
      webgpuIsOpen = false;
      faultListener({ kind: 'device-lost', message: info.message || info.reason });
    });
    webgpuIsOpen = true;
    return new WebGPUBackend(device, adapter.info);
  }, 3);
}

/** Tensors alive now: a test and the leak check of the benchmark read it. */
export function tensorCount(): number {
  return tf.memory().numTensors;
}
