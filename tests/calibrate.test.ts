/** Which backend trains, and what the page says about it. */
import { describe, expect, test } from 'vitest';
import { chooseBackend, decide, type Candidate } from '../src/sim/worker/calibrate.ts';
import { BACKENDS, type BackendName, type BackendTrial } from '../src/sim/worker/protocol.ts';

const NOTES = { webgpu: 'a graphics card', wasm: 'WebAssembly on the processor', cpu: 'plain JavaScript' };

function trials(speeds: Partial<Record<BackendName, number>>): BackendTrial[] {
  return BACKENDS.map((name) => ({ name, updatesPerSecond: speeds[name] ?? null, note: NOTES[name] }));
}

describe('the rule', () => {
  test.each<[string, Partial<Record<BackendName, number>>, BackendName, string]>([
    ['a graphics card that is fastest', { webgpu: 900, wasm: 500, cpu: 100 }, 'webgpu', 'WebGPU has a graphics adapter here and measured fastest.'],
    ['a graphics card that is somewhat slower', { webgpu: 300, wasm: 500, cpu: 100 }, 'webgpu', 'is not more than twice as slow as WebAssembly.'],
    ['exactly twice as slow is still taken', { webgpu: 250, wasm: 500, cpu: 100 }, 'webgpu', 'not more than twice as slow as WebAssembly'],
    ['more than twice as slow is not', { webgpu: 249, wasm: 500, cpu: 100 }, 'wasm', 'WebAssembly measured fastest on this machine.'],
    ['no WebGPU', { wasm: 500, cpu: 100 }, 'wasm', 'WebAssembly measured fastest on this machine (WebGPU: a graphics card).'],
    ['plain JavaScript may win', { wasm: 500, cpu: 501 }, 'cpu', 'plain JavaScript measured fastest on this machine (WebGPU: a graphics card).'],
    ['plain JavaScript alone', { cpu: 5 }, 'cpu', '(WebGPU: a graphics card; WebAssembly: WebAssembly on the processor)'],
    ['WebGPU alone', { webgpu: 1 }, 'webgpu', 'measured fastest'],
  ])('%s', (_, speeds, name, reason) => {
    const decision = decide(trials(speeds));
    expect(decision.name).toBe(name);
    expect(decision.reason).toContain(reason);
  });

  test('nothing that works is an error', () => {
    expect(() => decide(trials({}))).toThrow('No backend could be started in this browser.');
  });
});

/** Candidates with changes, and which of them were measured. */
function machine(changes: Partial<Record<BackendName, Partial<Candidate>>>, speeds: Record<BackendName, number | Error>) {
  const measured: BackendName[] = [];
  const calibration = {
    candidates: () => Promise.resolve(BACKENDS.map((name) => ({ name, available: true, software: false, note: NOTES[name], ...changes[name] }))),
    measure: async (name: BackendName) => {
      measured.push(name);
      const speed = speeds[name];
      if (speed instanceof Error) throw speed;
      return speed;
    },
  };
  return { calibration, measured };
}

const SPEEDS = { webgpu: 1000, wasm: 500, cpu: 100 };
const SOFTWARE = { webgpu: { software: true, note: 'software adapter (SwiftShader)' } };

describe('the choice', () => {
  test('measures all there are and reports every figure', async () => {
    const { calibration, measured } = machine({}, SPEEDS);
    const report = await chooseBackend(null, calibration);
    expect(measured).toEqual(['webgpu', 'wasm', 'cpu']);
    expect(report).toEqual({ name: 'webgpu', reason: expect.stringContaining('measured fastest'), trials: trials(SPEEDS) });
  });

  test('a software adapter is neither measured nor chosen, however fast', async () => {
    const { calibration, measured } = machine(SOFTWARE, SPEEDS);
    const report = await chooseBackend(null, calibration);
    expect(measured).toEqual(['wasm', 'cpu']);
    expect(report.name).toBe('wasm');
    expect(report.trials[0]).toEqual({ name: 'webgpu', updatesPerSecond: null, note: 'software adapter (SwiftShader), used only when asked for' });
    expect(report.reason).toBe('WebAssembly measured fastest on this machine (WebGPU: software adapter (SwiftShader), used only when asked for).');
  });

  test('a software adapter that is asked for is used, and said to be one', async () => {
    const { calibration, measured } = machine(SOFTWARE, { ...SPEEDS, webgpu: 1 });
    const report = await chooseBackend('webgpu', calibration);
    expect(measured).toEqual(['webgpu']);
    expect(report).toMatchObject({ name: 'webgpu', reason: 'You asked for WebGPU, which is a software adapter here.' });
  });

  test('what is asked for is used, slow or not; the others are not measured', async () => {
    const { calibration, measured } = machine({}, SPEEDS);
    const report = await chooseBackend('cpu', calibration);
    expect(measured).toEqual(['cpu']);
    expect(report).toMatchObject({ name: 'cpu', reason: 'You asked for plain JavaScript.' });
    expect(report.trials.map(({ updatesPerSecond, note }) => [updatesPerSecond, note])).toEqual([
      [null, 'a graphics card, not measured'], [null, 'WebAssembly on the processor, not measured'], [100, 'plain JavaScript'],
    ]);
  });

  test.each<[string, BackendName, Partial<Candidate>, number | Error, string]>([
    ['not here', 'webgpu', { available: false, note: 'this browser offers no WebGPU' }, 1, 'The backend webgpu was asked for but cannot be used here (this browser offers no WebGPU).'],
    ['failing', 'wasm', {}, new Error('no memory'), 'The backend wasm was asked for but cannot be used here (failed: no memory).'],
  ])('what is asked for but %s is an error in one sentence', async (_, name, change, speed, sentence) => {
    const { calibration } = machine({ [name]: change }, { ...SPEEDS, [name]: speed });
    await expect(chooseBackend(name, calibration)).rejects.toThrow(sentence);
  });

  test('a backend that fails while it is measured is passed over', async () => {
    const { calibration } = machine({}, { ...SPEEDS, webgpu: new Error('the device was lost') });
    const report = await chooseBackend(null, calibration);
    expect(report).toMatchObject({ name: 'wasm', reason: expect.stringContaining('(WebGPU: failed: the device was lost)') });
  });

  test('nothing available is an error', async () => {
    const none = { available: false, note: 'not here' };
    const { calibration, measured } = machine({ webgpu: none, wasm: none, cpu: none }, SPEEDS);
    await expect(chooseBackend(null, calibration)).rejects.toThrow('No backend could be started in this browser.');
    expect(measured).toEqual([]);
  });
});
