/** A link is an experiment. */
import { describe, expect, test } from 'vitest';
import { readExperiment } from '../src/sim/experimentSchema.ts';
import { getParam, parseParam, PARAMS, setParam } from '../src/sim/params.ts';
import { beginningOf, forkedAt, inForce } from '../src/sim/place.ts';
import { METHOD_COUNT, readLink, writeLink, type LinkExtra } from '../src/sim/url.ts';
import { generator, randomFile } from './experimentGenerator.ts';
import type { Experiment } from '../src/sim/experiment.ts';

function example(patch: Record<string, unknown> = {}): Experiment {
  const result = readExperiment({
    name: 'near pairs',
    world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['Where?'] },
    reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'the cat' }] },
    gold: { otherwise: -1 },
    preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }] },
    ...patch,
  });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.experiment;
}

const NEAR = example();
const TABLE = example({ name: 'table', policy: { kind: 'tabular' }, gold: undefined });
const DRAWN = example({ name: 'drawn', preferences: { sampled: { count: 32 } } });
const PRESETS = [{ id: 'near-pairs', experiment: NEAR }, { id: 'table', experiment: TABLE }];
const PANELS = ['controls', 'derivation'];
const CHAPTERS = ['1', '5', '7'];
const METHODS = ['dpo', 'ppo', 'online-dpo', 'exact', 'ipo', 'hinge', 'dpop', 'simpo', 'nll'];
const NAMES = { panels: PANELS, chapters: CHAPTERS, methods: METHODS, hide: ['controls', 'more', 'link'], ask: ['where', 'loss'], talk: ['catch', 'the-end'] };
const read = (search: string) => readLink(search, PRESETS, NAMES);
const link = (experiment: Experiment): string => writeLink({ presetId: 'near-pairs', preset: NEAR, place: beginningOf(experiment) });

describe('writing', () => {
  test('only what differs from the preset is written, readably', () => {
    expect(link(NEAR)).toBe('?preset=near-pairs&v=1');
    const changed = setParam(setParam(NEAR, 'beta', 0.5), 'seeds', [0, 1, 2, 3, 4, 5, 6, 7]);
    expect(writeLink({ presetId: 'near-pairs', preset: NEAR, place: beginningOf(changed), backend: 'wasm' })).toBe('?preset=near-pairs&beta=0.5&seeds=0-7&backend=wasm&v=1');
    expect(link(setParam(NEAR, 'hidden', [32, 32]))).toBe('?preset=near-pairs&hidden=32,32&v=1');
    expect(link(setParam(NEAR, 'sweepBeta', [0.05, 0.1]))).toBe('?preset=near-pairs&betas=0.05,0.1&v=1');
    expect(link(setParam(NEAR, 'loss', 'exo_pair'))).toBe('?preset=near-pairs&loss=exo_pair&v=1');
    expect(link(setParam(NEAR, 'algorithm', 'exact'))).toBe('?preset=near-pairs&algorithm=exact&v=1');
    expect(link(setParam(NEAR, 'policy', 'tabular'))).toBe('?preset=near-pairs&policy=tabular&v=1');
    const online = setParam(setParam(NEAR, 'algorithm', 'online-dpo'), 'sweepResample', [1, 10, 1000]);
    expect(link(online)).toBe('?preset=near-pairs&algorithm=online-dpo&resamples=1,10,1000&v=1');
    const ppo = setParam(setParam(setParam(NEAR, 'algorithm', 'ppo'), 'reward', 'reward-model'), 'rewardModelKind', 'linear');
    expect(link(setParam(ppo, 'whitenAdvantages', 'off'))).toBe('?preset=near-pairs&algorithm=ppo&reward=reward-model&whitenAdvantages=off&rewardModel=linear&v=1');
  });

  test('what no knob can say travels whole', () => {
    const own = example({ name: 'é🙂 mine', preferences: { pairs: [{ prompt: 0, chosen: 'a', rejected: '' }] } });
    const search = link(own);
    expect(search).toMatch(/^\?preset=near-pairs&experiment=[A-Za-z0-9_-]+&v=1$/);
    expect(read(search)).toMatchObject({ presetId: 'near-pairs', experiment: own, problems: [] });
    expect(read(`${search}&beta=7`).experiment).toStrictEqual(setParam(own, 'beta', 7));
  });

  test('what a link says of the page passes through', () => {
    const extra = {
      theme: 'dark', projector: true, panel: 'derivation', chapter: '7', methods: ['ppo', 'online-dpo', 'dpo'], shown: 3, hide: ['controls', 'link'], ask: 'loss', embed: true, talk: 'catch',
    } satisfies LinkExtra;
    const search = writeLink({ presetId: 'table', preset: TABLE, place: { ...beginningOf(TABLE), step: 80 }, atStep: true, backend: 'cpu', extra });
    expect(search).toBe('?preset=table&chapter=7&methods=ppo,online-dpo,dpo&backend=cpu&step=80&shown=3&theme=dark&projector=1&panel=derivation&hide=controls,link&ask=loss&embed=1&talk=catch&v=1');
    expect(read(search)).toStrictEqual({ presetId: 'table', experiment: TABLE, backend: 'cpu', step: 80, place: { ...beginningOf(TABLE), step: 80 }, extra, problems: [] });
  });

  test('a preset id may hold any character', () => {
    const presets = [{ id: 'a&b = "é"', experiment: NEAR }];
    const search = writeLink({ presetId: 'a&b = "é"', preset: NEAR, place: beginningOf(NEAR) });
    expect(readLink(search, presets)).toMatchObject({ presetId: 'a&b = "é"', problems: [] });
  });
});

describe('reading', () => {
  test('an empty link is the first preset', () => {
    for (const search of ['', '?']) expect(read(search)).toStrictEqual({ presetId: 'near-pairs', experiment: NEAR, backend: null, step: null, place: beginningOf(NEAR), extra: {}, problems: [] });
  });

  test('values beyond the slider but inside the schema are taken', () => {
    expect(read('?beta=900&learningRate=1e-9')).toMatchObject({ experiment: { algorithm: { beta: 900 }, optimizer: { learningRate: 1e-9 } }, problems: [] });
  });

  test('values apply in the table’s order, whatever the link’s', () => {
    expect(read('?hidden=8&policy=mlp&preset=table')).toMatchObject({ experiment: { policy: { kind: 'mlp', hidden: [8] } }, problems: [] });
    expect(read('?labelSmoothing=0.2&loss=exo_pair').experiment.algorithm).toMatchObject({ loss: 'exo_pair', labelSmoothing: 0.2 });
  });

  /** [link, parts of the one problem, what is still used] */
  const MALFORMED: [string, string[], object][] = [
    ['?beta=abc', ['beta must be a number in [0.000001, 1000]', 'got "abc"'], { experiment: NEAR }],
    ['?beta=', ['beta must be a number in [0.000001, 1000]', 'got ""'], { experiment: NEAR }],
    ['?beta=0', ['beta must be a number in [0.000001, 1000]', 'got "0"'], { experiment: NEAR }],
    ['?beta=-1&steps=50', ['beta must be', 'got "-1"'], { experiment: { steps: 50, algorithm: { beta: 0.1 } } }],
    ['?beta=1e999', ['beta must be a number in [0.000001, 1000]', '"1e999"'], { experiment: NEAR }],
    ['?learningRate=1001', ['learningRate must be a number in (0, 1000]', '"1001"'], { experiment: NEAR }],
    ['?steps=1.5', ['steps must be an integer in [0, 1000000]', '"1.5"'], { experiment: NEAR }],
    ['?steps=99999999', ['steps must be an integer in [0, 1000000]', '"99999999"'], { experiment: NEAR }],
    ['?optimizer=lion', ['optimizer must be one of "sgd", "adam"', '"lion"'], { experiment: NEAR }],
    ['?loss=kto', ['loss must be one of "sigmoid"', '"kto"'], { experiment: NEAR }],
    ['?algorithm=grpo', ['algorithm must be one of "dpo", "online-dpo", "ppo", "reward-model", "exact"', '"grpo"'], { experiment: NEAR }],
    ['?policy=lstm', ['policy must be one of "tabular", "mlp", "transformer"', '"lstm"'], { experiment: NEAR }],
    ['?algorithm=ppo&whitenAdvantages=1', ['whitenAdvantages must be one of "on", "off"', '"1"'], { experiment: { algorithm: { kind: 'ppo', whitenAdvantages: true } } }],
    ['?resampleEvery=5', ['"5" was not used', 'resampleEvery needs the algorithm "online-dpo", and the algorithm is "dpo"'], { experiment: NEAR }],
    ['?algorithm=ppo&rewardModel=linear', ['"linear" was not used', 'rewardModel needs a reward model'], { experiment: { algorithm: { kind: 'ppo' } } }],
    ['?lengthBiases=0,1', ['"0,1" was not used', 'lengthBiases needs sampled preferences, and the pairs are given'], { experiment: NEAR }],
    ['?policy=transformer&width=10&heads=4', ['do not go together', 'policy.width must be a multiple of policy.heads (4), got 10'], { experiment: NEAR }],
    ['?chapter=6&beta=0.5', ['chapter must be one of "1", "5", "7", got "6".'], { extra: {}, experiment: { algorithm: { beta: 0.5 } } }],
    ['?methods=dpo,magic&chapter=7', ['methods must be 2 to 8 different names, separated by commas, each one of "dpo", "ppo"', 'got "dpo,magic".'], { extra: { chapter: '7' } }],
    ['?methods=dpo', ['methods must be 2 to 8 different names', 'got "dpo".'], { extra: {} }],
    ['?methods=', ['methods must be 2 to 8 different names', 'got "".'], { extra: {} }],
    ['?methods=dpo,ppo,dpo', ['methods must be 2 to 8 different names', 'got "dpo,ppo,dpo".'], { extra: {} }],
    [`?methods=${METHODS.join(',')}&steps=50`, ['methods must be 2 to 8 different names', 'got "dpo,ppo,online-dpo'], { extra: {}, experiment: { steps: 50 } }],
    ['?hidden=0', ['hidden must be 1 to 4 values, each an integer in [1, 1024]', '"0"'], { experiment: NEAR }],
    ['?hidden=8,8,8,8,8', ['hidden must be 1 to 4 values', '"8,8,8,8,8"'], { experiment: NEAR }],
    ['?seeds=7-0', ['seeds must be 1 to 256 different values', '"7-0"'], { experiment: NEAR }],
    ['?seeds=0-999999999', ['seeds must be 1 to 256 different values', '"0-999999999"'], { experiment: NEAR }],
    ['?seeds=1,1', ['seeds must be 1 to 256 different values', '"1,1"'], { experiment: NEAR }],
    ['?labelSmoothing=0.5', ['labelSmoothing must be a number in [0, 0.5)', '"0.5"'], { experiment: NEAR }],
    ['?smoothing=1', ['smoothing must be a number in [0, 1)', '"1"'], { experiment: NEAR }],
    ['?betas=0.1,x', ['betas must be "none" or 1 to 64 different values', '"0.1,x"'], { experiment: NEAR }],
    ['?bta=0.5', ['key "bta" must be one of "preset"', '"0.5" was not used'], { experiment: NEAR }],
    ['?beta', ['beta must be a number', 'got ""'], { experiment: NEAR }],
    ['?beta=0.2&beta=0.3&steps=9', ['beta must be given once, got it 2 times ("0.2", "0.3")'], { experiment: { steps: 9, algorithm: { beta: 0.1 } } }],
    ['?preset=nope&beta=0.5', ['preset must be one of "near-pairs", "table"', 'got "nope"'], { presetId: 'near-pairs', experiment: { algorithm: { beta: 0.5 } } }],
    ['?backend=cuda', ['backend must be one of "webgpu", "wasm", "cpu"', '"cuda"'], { backend: null }],
    ['?step=-1', ['step must be an integer in [0, 800]', '"-1"'], { step: null }],
    ['?step=801', ['step must be an integer in [0, 800]', '"801"'], { step: null }],
    ['?theme=blue', ['theme must be one of "light", "dark"', '"blue"'], { extra: {} }],
    ['?projector=yes', ['projector must be one of "1"', '"yes"'], { extra: {} }],
    ['?shown=4', ['shown must be one of the seeds "0", "1", "2", "3"', '"4"'], { extra: {} }],
    ['?shown=mean&seeds=7', ['shown must be one of the seeds "7"', '"mean"'], { extra: {} }],
    ['?hide=controls,walls', ['hide must be 1 to 3 different names, separated by commas, each one of "controls", "more", "link"', '"controls,walls"'], { extra: {} }],
    ['?ask=why', ['ask must be one of "where", "loss"', '"why"'], { extra: {} }],
    ['?embed=yes', ['embed must be one of "1"', '"yes"'], { extra: {} }],
    ['?talk=intermission', ['talk must be one of "catch", "the-end"', '"intermission"'], { extra: {} }],
    ['?v=two&beta=0.5', ['v must be the version of the link, an integer from 1 on', '"two"'], { experiment: { algorithm: { beta: 0.5 } } }],
    ['?v=0', ['v must be the version', '"0"'], { experiment: NEAR }],
    ['?panel=zebra', ['panel must be one of "controls", "derivation"', '"zebra"'], { extra: {} }],
    ['?preset=table&hidden=32', ['"32" was not used', 'hidden needs the policy "mlp", and the policy is "tabular"'], { experiment: TABLE }],
    ['?algorithm=exact&loss=ipo', ['"ipo" was not used', 'loss needs the algorithm "dpo"'], { experiment: { algorithm: { kind: 'exact', beta: 0.1 } } }],
    ['?preset=table&algorithm=exact&beta=2', ['do not go together', 'algorithm.kind must be used with a gold reward'], { presetId: 'table', experiment: TABLE }],
    ['?loss=exo_pair&labelSmoothing=0', ['do not go together', 'algorithm.labelSmoothing must be a number in (0, 0.5)', 'got 0'], { experiment: NEAR }],
    ['?seeds=0-255&betas=1,2,3,4,5', ['do not go together', 'at most 1024 policies', 'got 1280 policies'], { experiment: NEAR }],
    ['?experiment=%25%25', ['experiment must be base64url', '"%%"'], { experiment: NEAR }],
    ['?experiment=', ['experiment must be base64url', '""'], { experiment: NEAR }],
    ['?experiment=_w', ['experiment must be base64url', '"_w"'], { experiment: NEAR }],
    ['?experiment=e30x', ['refused', 'line 1, column 3'], { experiment: NEAR }],
    [`?experiment=${btoa('[]').replaceAll('=', '')}&beta=3`, ['refused', 'The experiment must be an object, got []'], { experiment: NEAR }],
    [`?preset=table&experiment=${btoa(JSON.stringify({ ...TABLE, steps: -5 })).replaceAll('=', '')}`, ['refused', 'steps must be an integer in [0, 1000000], got -5'], { experiment: TABLE }],
  ];

  const WAYS: [string, string[]][] = [
    ['', ['update', 'an integer in [0, 800]', 'got ""']],
    ['beta=0.5', ['its entry "beta=0.5" is refused', 'an integer in [0, 800], and a colon, got "beta=0.5"']],
    ['120', ['after its update it must name "beta", "learningRate" or a fork, got nothing']],
    ['120:', ['got nothing']],
    ['801:beta=0.5', ['an integer in [0, 800]', 'got "801"']],
    ['1.5:beta=0.5', ['an integer in [0, 800]', 'got "1.5"']],
    ['120:beta=0', ['beta must be a number in [0.000001, 1000]', 'got "0"']],
    ['120:beta=0.5,beta=0.6', ['"beta", "learningRate", each once, got "beta"']],
    ['120:loss=ipo', ['must be "beta", "learningRate"', 'got "loss"; other knobs need a fork']],
    ['120:beta=0.5;120:learningRate=1', ['its entry "120:learningRate=1"', 'an integer in [121, 800]', 'got "120"']],
    ['120:beta=0.5;100:beta=1', ['an integer in [121, 800]', 'got "100"']],
    ['120:fork:loss=kto', ['loss must be one of "sigmoid"', '"kto"']],
    ['120:fork:seeds=7', ['its seeds must be that of the run it leaves']],
    ['120:fork:steps=100', ['needs more updates than that in all (steps), got 100']],
    ['120:fork:algorithm=reward-model', ['no forks']],
    ['120:fork:resampleEvery=5', ['resampleEvery needs the algorithm "online-dpo"']],
    ['120:fork:bta=5', ['a knob must be one of "algorithm"', 'got "bta"']],
    ['120:fork:beta=1,beta=2', ['beta must be given once', '"2"']],
    ['120:fork:experiment=%25', ['experiment must be base64url', '"%"']],
    ['120:fork:experiment=e30', ['world']],
    ['120:fork;90:beta=1', ['an integer in [120, 800]', 'got "90"']],
  ];

  test.each(WAYS)('then=%s is refused as a whole, and the step of its run with it', (then, parts) => {
    const result = read(`?beta=0.3&then=${then}&step=300`);
    expect(result.problems).toHaveLength(1);
    for (const part of ['then was not used, so the run opens at update 0', ...parts]) expect(result.problems[0]).toContain(part);
    expect(result.problems[0]).toMatch(/^[^\n]*\.$/);
    expect(result).toMatchObject({ step: null, place: { from: null, changes: [], step: 0, experiment: { algorithm: { beta: 0.3 } } } });
  });

  test('a swept knob is not changed on the way', () => {
    expect(read('?betas=0.1,1&then=120:beta=0.5').problems).toEqual([
      'then was not used, so the run opens at update 0; its entry "120:beta=0.5" is refused: beta must be left alone where its values are swept, got "0.5".',
    ]);
    expect(read('?betas=0.1,1&then=120:learningRate=0.5')).toMatchObject({ problems: [], place: { step: 120, changes: [{ step: 120, learningRate: 0.5 }] } });
  });

  test('a link of a newer version opens with what is understood, and says so', () => {
    expect(read('?preset=table&beta=0.5&weather=rain&mood=good&hide=controls,lamp&v=7')).toMatchObject({
      presetId: 'table', experiment: { algorithm: { beta: 0.5 } }, extra: { hide: ['controls'] },
      problems: [
        'This link is newer than the page (its version v is 7, the page reads 1): it is opened with what is understood, and "weather", "mood" left aside.',
        'hide must be 1 to 3 different names, separated by commas, each one of "controls", "more", "link", got "controls,lamp". Used of it: controls.',
      ],
    });
    expect(read('?v=2').problems).toEqual(['This link is newer than the page (its version v is 2, the page reads 1): it is opened with what is understood.']);
  });

  test.each(MALFORMED)('%s', (search, parts, used) => {
    const result = read(search);
    expect(result.problems).toHaveLength(1);
    for (const part of parts) expect(result.problems[0]).toContain(part);
    expect(result.problems[0]).toMatch(/^[^\n]*\.$/);
    expect(result).toMatchObject(used);
  });

  test('eight methods are taken, blanks around them do no harm', () => {
    const eight = METHODS.slice(0, METHOD_COUNT.max);
    expect(read(`?methods=${eight.join(',%20')}`)).toMatchObject({ extra: { methods: eight }, problems: [] });
  });

  test('where there are no panels, chapters or methods, none can be named', () => {
    expect(readLink('?panel=a&chapter=5&methods=dpo,ppo', PRESETS).problems).toEqual([
      'panel must be left out, got "a".', 'chapter must be left out, got "5".', 'methods must be left out, got "dpo,ppo".',
    ]);
  });

  test('every problem of a link is reported', () => {
    expect(read('?beta=x&steps=y&zzz=1&backend=q&theme=w').problems).toHaveLength(5);
  });

  test('without presets there is nothing to read', () => {
    expect(() => readLink('', [])).toThrow('readLink: presets must have at least one entry');
  });

  test('hostile text does not throw', () => {
    for (const search of ['?%', '?%E0%A4%A', '?=1', '?&&&', '?beta=%00', '?__proto__=1', '?constructor=1', `?${'a'.repeat(10000)}=1`]) expect(() => read(search)).not.toThrow();
    expect(read('?__proto__=1').problems).toHaveLength(1);
  });
});

test('the language of the page is carried, and nothing that is none', () => {
  const presets = [{ id: 'a', experiment: PRESETS[0].experiment }];
  const link = writeLink({ presetId: 'a', preset: PRESETS[0].experiment, place: beginningOf(PRESETS[0].experiment), extra: { lang: 'pt-BR' } });
  expect(link).toBe('?preset=a&lang=pt-BR&v=1');
  expect(readLink(link, presets)).toMatchObject({ extra: { lang: 'pt-BR' }, problems: [] });
  const { extra, problems } = readLink('?lang=../x', presets);
  expect(extra).not.toHaveProperty('lang');
  expect(problems).toEqual(['lang must be the name of a language, such as "hi", got "../x".']);
});

describe('round trips', () => {
  test('300 random experiments survive a link from any preset', () => {
    const random = generator(2);
    for (let i = 0; i < 300; i += 1) {
      const result = readExperiment(randomFile(random));
      if (!result.ok) throw new Error(result.problems[0]?.message);
      for (const { id, experiment: preset } of PRESETS) {
        const search = writeLink({ presetId: id, preset, place: beginningOf(result.experiment) });
        expect(read(search)).toMatchObject({ presetId: id, problems: [] });
        expect(read(search).experiment).toStrictEqual(result.experiment);
      }
      const itself = writeLink({ presetId: 'own', preset: result.experiment, place: beginningOf(result.experiment) });
      expect(itself).toBe('?preset=own&v=1');
    }
  });

  test('300 random walks through the knobs are written without experiment=, and read back', () => {
    const random = generator(3);
    const texts: Record<string, string[]> = {
      algorithm: ['dpo', 'exact', 'online-dpo', 'ppo', 'reward-model'], judge: ['gold', 'reward-model'], reward: ['gold', 'reward-model'], loss: ['ipo', 'exo_pair', 'sigmoid', 'dpop'], optimizer: ['adam', 'sgd'], policy: ['tabular', 'mlp', 'transformer'], width: ['8', '32'], heads: ['1', '4'],
      resampleEvery: ['1', '20'], pairsPerResample: ['4'], rolloutBatch: ['32', '64'], epochs: ['2'], minibatches: ['1', '4'], whitenAdvantages: ['on', 'off'],
      rewardModelKind: ['mlp', 'linear', 'table'], rewardModelSteps: ['50', '400'], normalise: ['on', 'off'], earlyStop: ['on', 'off'], pairCount: ['16', '300'],
      labels: ['argmax', 'bradley-terry'], sweepResample: ['none', '1,10'], sweepLengthBias: ['none', '0,0.5'], hidden: ['8', '32,32'],
      seeds: ['0-7', '0,3,9', '5'], sweepBeta: ['none', '0.1,1'], steps: ['10', '250'], smoothing: ['1e-6', '0'],
    };
    for (let i = 0; i < 300; i += 1) {
      const start = i % 2 === 0 ? NEAR : DRAWN;
      let experiment = start;
      for (const { id } of PARAMS) {
        const options = texts[id] ?? [String(0.001 + random() * 0.4)];
        const parsed = parseParam(id, options[Math.floor(random() * options.length)] ?? '');
        if (!parsed.ok) throw new Error(parsed.message);
        if (random() < 0.4 && getParam(experiment, id) !== undefined) experiment = setParam(experiment, id, parsed.value);
      }
      const search = writeLink({ presetId: 'start', preset: start, place: beginningOf(experiment) });
      expect(search).not.toContain('experiment=');
      const again = readLink(search, [{ id: 'start', experiment: start }]);
      expect(again.problems).toEqual([]);
      expect(again.experiment).toStrictEqual(experiment);
    }
  });

  test('300 random ways of forks and changes survive, whatever knobs cannot say', () => {
    const random = generator(5);
    const below = (n: number) => Math.floor(random() * n);
    const seen = { forks: 0, retunes: 0, whole: 0, nested: 0 };
    for (let i = 0; i < 300; i += 1) {
      const root = setParam([NEAR, DRAWN, TABLE][i % 3], 'beta', 0.01 + random());
      let place = beginningOf(root);
      let forks = 0;
      for (let event = below(6); event > 0; event -= 1) {
        const step = place.step + 1 + below(40);
        if (random() < 0.5) {
          place = { ...place, step, changes: [...place.changes, { step, ...(random() < 0.7 ? { beta: random() * 5 + 1e-6 } : { learningRate: random() * 1e-3 + 1e-9 }) }] };
          seen.retunes += 1;
        } else {
          place = forkedAt({ ...place, step }, changeOf(inForce(place), below(5), random));
          seen.forks += 1;
          forks += 1;
        }
      }
      if (forks > 1) seen.nested += 1;
      if (i % 2 === 0) place = { ...place, step: place.step + below(30) };
      const search = writeLink({ presetId: 'near-pairs', preset: NEAR, place, atStep: i % 2 === 0 });
      if (search.includes('fork:experiment=')) seen.whole += 1;
      const again = read(search);
      expect(again.problems).toEqual([]);
      expect(again.place).toStrictEqual(place);
      expect(again.experiment).toStrictEqual(root);
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });

  test('the way of a run is short and readable', () => {
    const retunedRun = { ...beginningOf(NEAR), step: 120, changes: [{ step: 40, beta: 0.5 }, { step: 120, beta: 1, learningRate: 0.2 }] };
    const place = { ...forkedAt(retunedRun, setParam(inForce(retunedRun), 'loss', 'ipo')), step: 200 };
    expect(writeLink({ presetId: 'near-pairs', preset: NEAR, place, atStep: true })).toBe('?preset=near-pairs&then=40:beta=0.5;120:beta=1,learningRate=0.2;120:fork:loss=ipo&step=200&v=1');
  });

  test('without a step, a link opens where the last thing happened; a step before it is refused', () => {
    expect(read('?then=40:beta=0.5;120:fork:loss=ipo')).toMatchObject({ problems: [], step: null, place: { step: 120, changes: [], from: { step: 120, changes: [{ step: 40, beta: 0.5 }] } } });
    const early = read('?then=40:beta=0.5;120:fork:loss=ipo&step=119');
    expect(early).toMatchObject({ step: null, place: { step: 120 }, problems: ['step must be an integer in [120, 800], got "119".'] });
    expect(read('?then=40:fork:steps=100&step=101').problems).toEqual(['step must be an integer in [40, 100], got "101".']);
  });
});

/** An experiment that a run of `experiment` may go on as. */
function changeOf(experiment: Experiment, kind: number, random: () => number): Experiment {
  if (kind === 0) return experiment;
  if (kind === 1) return { ...experiment, name: `another ${random()}`, ...(experiment.gold ? { gold: { ...experiment.gold, otherwise: random() } } : {}) };
  if (kind === 2) return setParam(experiment, 'steps', 900 + Math.floor(random() * 100));
  if (kind === 3 && experiment.gold) return setParam(setParam(experiment, 'algorithm', 'ppo'), 'clipRange', 0.05 + random());
  return setParam(setParam(setParam(experiment, 'algorithm', 'dpo'), 'loss', random() < 0.5 ? 'ipo' : 'exo_pair'), 'beta', 0.01 + random());
}
