/** Chapter 8 over a real run of four methods: every number on the page is one of the run's, under its own method's name. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Headline } from '../src/components/chapter/Headline.tsx';
import { DuelPanel } from '../src/components/chapter8/DuelPanel.tsx';
import { FrontierPanel } from '../src/components/chapter8/FrontierPanel.tsx';
import { costAt, GRID_ROWS, rowAxis } from '../src/components/chapter8/gridRows.ts';
import { MethodGrid } from '../src/components/chapter8/MethodGrid.tsx';
import { MethodPicker } from '../src/components/chapter8/MethodPicker.tsx';
import { seriesStore } from '../src/components/chapter8/series.ts';
import { methodsOfRun, sideBySide as stateOf } from '../src/components/chapter8/useMethods.ts';
import { readyRun } from '../src/components/chapter/ready.ts';
import { contestOf, type Contest } from '../src/sim/duels.ts';
import { quantile } from '../src/sim/history.ts';
import { spreadOf } from '../src/sim/methodFacts.ts';
import { metricIndex } from '../src/sim/metrics.ts';
import { methodsOf } from '../src/sim/methods.ts';
import { sideBySide } from '../src/sim/presets/side-by-side.ts';
import { taskSummary } from '../src/sim/presets/tasks.ts';
import { OAIF_HUMAN_DUELS } from '../src/sim/published.ts';
import { contestWords, costWords, listWords, percent, sideBySideSentence, tasksWords } from '../src/sim/sentences8.ts';
import { methodPage, type MethodPage } from './fixtures/methodPage.tsx';

// Without a layout every box is 0 wide and the charts draw nothing.
vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 320, rem: 16, theme: '' }] }));

const PRESET = {
  ...sideBySide,
  methods: ['dpo', 'online-dpo', 'ppo', 'exact'],
  experiment: { ...sideBySide.experiment, seeds: [0, 1, 2], policy: { kind: 'tabular' } as const, steps: 40 },
};
const said = (page: MethodPage) => sideBySideSentence(stateOf(readyRun(page.run.getState())!)).map(({ text }) => text).join('');
const values = (html: string, metric: string) => [...html.matchAll(new RegExp(`data-metric="${metric}" data-value="([^"]*)"`, 'g'))].map(([, value]) => Number(value));

describe('four methods', () => {
  let page: MethodPage;
  let opening = '';
  let openingDuel = '';
  beforeAll(async () => {
    page = await methodPage(PRESET);
    opening = said(page);
    openingDuel = page.show(<DuelPanel />);
    await page.trainTo(30);
  });
  const medians = (id: 'mass/ood' | 'goldReward' | 'klToOptimal' | 'kl' | 'meanLength') => {
    const { metrics } = page.run.getState().frame!;
    return [0, 1, 2, 3].map((a) => quantile([0, 1, 2].map((s) => metrics[metricIndex(id) * 12 + a * 3 + s]), 0.5));
  };

  it('are announced before the first update, by name', () => {
    expect(opening).toBe('Four methods, the same references, the same 3 seeds, the same β: offline DPO, online DPO, PPO and the exact gradient. Press Play.');
  });

  it('have a column each: names in order, the run’s own medians in every row', () => {
    const html = page.show(<MethodGrid />);
    const names = [...html.matchAll(/class="grid-method"[^>]*>([^<]+)</g)].map(([, name]) => name);
    expect(names).toEqual(['Offline DPO', 'Online DPO', 'PPO', 'Exact gradient']);
    for (const id of ['mass/ood', 'goldReward', 'klToOptimal', 'kl', 'meanLength'] as const) expect(values(html, id), id).toEqual(medians(id));
    expect(html.match(/aria-pressed="true"/g)).toHaveLength(3); // the first method, the linear scale, and the axis of updates
  });

  it('the sentence says the numbers of the grid, the best reward and who is nearest to π*', () => {
    const html = page.show(<Headline sentence={(run) => sideBySideSentence(stateOf(run))} />);
    expect(values(html, 'mass/ood')).toEqual(medians('mass/ood'));
    expect(values(html, 'goldReward')).toEqual([Math.min(...medians('goldReward')), Math.max(...medians('goldReward'))]);
    expect(values(html, 'klToOptimal')).toEqual([Math.min(...medians('klToOptimal'))]);
    expect(said(page)).toMatch(/^After 30 updates \(median over 3 seeds\), responses nobody ever wrote hold .+ of the probability with offline DPO, .+ with online DPO, .+ with PPO and .+ with the exact gradient\./);
  });

  it('the head-to-head is online against offline DPO until the reader asks otherwise', () => {
    const html = page.show(<DuelPanel />);
    const { frame, experiment } = page.run.getState();
    const contest = contestOf(frame!.duels!, experiment!.seeds.length, 1, 0);
    expect(html.replaceAll('&#x27;', '’')).toContain(`After 30 updates, ${contestWords(contest, 'online DPO', 'offline DPO')}`);
    expect(html).toContain('not run yet');
    expect(html).toContain('Published: human raters, not this lab');
    for (const { win, tie, loss } of OAIF_HUMAN_DUELS) for (const share of [win, tie, loss]) expect(html).toContain(`>${share.toFixed(2)}<`);
    expect(html).toContain('not comparable');
  });

  it('before the first update two methods are one policy, and no share is shown', () => {
    expect(openingDuel).toContain('At update 0 online DPO and offline DPO are the same policy, the reference: there is nothing to compare yet.');
    expect(openingDuel).not.toContain('class="outcome"');
    expect(page.show(<DuelPanel />)).toContain('class="outcome"');
  });

  it('running the tasks is said to take the place of the run, before the button', () => {
    expect(openingDuel).toMatch(/This takes the place of the run above: (<!-- -->)?3(<!-- -->)? experiments one after the other, (<!-- -->)?400(<!-- -->)? updates.*Run the three tasks/);
  });

  it('π* is drawn in the rows of reward, KL and length, where it is: its KL is (E[r] − J)/β', () => {
    expect(page.show(<MethodGrid />).match(/class="grid-optimum-line"/g)).toHaveLength(3 * 4);
    const { view } = page.run.getState();
    const run = readyRun(page.run.getState())!;
    const row = GRID_ROWS.find(({ id }) => id === 'kl')!;
    const near = view!.frontier!.reduce((best, point) => (Math.abs(Math.log(point.beta / view!.beta)) < Math.abs(Math.log(best.beta / view!.beta)) ? point : best));
    // The frontier's nearest β is within a few per cent of the run's.
    for (const method of methodsOfRun(run)) expect(row.optimum!(method, view!.beta) / near.kl).toBeCloseTo(1, 1);
  });

  it('the frontier names every method and the β of the run', () => {
    const html = page.show(<FrontierPanel />);
    for (const { short } of methodsOf(PRESET.methods)) expect(html).toContain(`>${short}</text>`);
    expect(html).toContain('the ring at β = 0.05');
    expect(html).toContain('class="frontier-ring"');
    expect(html.match(/<circle[^>]*cx="[^"]+"/g)!.every((circle) => !circle.includes('NaN'))).toBe(true);
  });

  it('the frontier is above every policy: no KL buys more reward than π* gets for it', () => {
    const { view } = page.run.getState();
    const run = readyRun(page.run.getState())!;
    for (const method of methodsOfRun(run)) {
      method.members.forEach((_, s) => {
        const [kl, reward] = [method.now('kl').values[s], method.now('goldReward').values[s]];
        // The best J at any β bounds r − β·KL of every policy.
        for (const point of view!.frontier!) expect(reward - point.beta * kl).toBeLessThanOrEqual(point.reward - point.beta * point.kl + 1e-3 * Math.max(1, point.beta));
      });
    }
  });

  it('cost nothing offline, 64 scores an iteration with PPO, 16 responses and 8 verdicts per draw online', () => {
    const [dpo, online, ppo] = methodsOf(PRESET.methods).map((method) => method.apply(PRESET.experiment));
    expect((['updates', 'samples', 'judge'] as const).map((kind) => [dpo, online, ppo].map((own) => costAt(kind, own, 30)))).toEqual([[30, 30, 30], [0, 48, 1920], [0, 24, 1920]]);
  });

  it('say what they have used up', () => {
    const [dpo, online, ppo, exact] = methodsOf(PRESET.methods).map((method) => ({ experiment: method.apply(PRESET.experiment) }));
    expect(costWords(dpo, 0, 0)).toBe('nothing drawn: it trains on the given pairs alone, over and over');
    expect(costWords({ experiment: taskSummary.experiment }, 0, 0)).toBe('nothing drawn: it trains on 64 pairs judged before the start, over and over');
    expect(costWords(online, 48, 24)).toBe('48 responses drawn per seed, 24 verdicts');
    expect(costWords(ppo, 1920, 1920)).toBe('1,920 responses drawn per seed, 1,920 scores');
    expect(costWords(exact, 0, 0)).toContain('nothing drawn');
  });

  it('can be chosen: all methods are offered, the chosen ones are checked and explained', () => {
    const html = page.show(<MethodPicker most={6} />);
    expect(html.match(/type="checkbox"/g)!.length).toBe(19);
    expect(html.match(/checked=""/g)).toHaveLength(4);
    expect(html.match(/disabled=""/g)).toBeNull();
    expect(html).toContain('What the 4 methods are');
    expect(page.show(<MethodPicker most={4} fixed="dpo" />).match(/disabled=""/g)).toHaveLength(19 - 3);
  });
});

describe('the axes of the rows', () => {
  const row = (id: string) => GRID_ROWS.find((own) => own.id === id)!;
  it('are logarithmic for KL, from a foot that is named as one, and show no rounding before the first update', () => {
    expect(rowAxis(row('kl'), [0, 0, 0], 'linear')).toMatchObject({ foot: '≤ 0.001', top: '0.01' });
    const axis = rowAxis(row('optimum'), [0, 0.0025, 69.5], 'linear');
    expect(axis).toMatchObject({ foot: '≤ 0.001', top: '100' });
    expect([axis.place(0), axis.place(1e-3), axis.place(100)]).toEqual([0, 0, 1]);
    expect(axis.place(1) - axis.place(0.1)).toBeCloseTo(axis.place(0.1) - axis.place(0.01), 12);
  });
  it('of shares are linear or logarithmic as the reader likes', () => {
    expect(rowAxis(row('mass'), [0.2], 'linear')).toMatchObject({ foot: '0 %', top: '100 %' });
    expect(rowAxis(row('mass'), [0.2], 'log')).toMatchObject({ foot: '≤ 10⁻⁶', top: '100 %' });
  });
  it('of a quantity that hardly moves begin at 0', () => expect(rowAxis(row('length'), [2.96, 3], 'linear')).toMatchObject({ foot: '0', top: '3' }));
  it('have ends that are written in full', () => expect(rowAxis(row('gold'), [-0.464, 0.433], 'linear')).toMatchObject({ foot: '−0.5', top: '0.5' }));
});

/** Shares of every seed. */
function contest(win: number[], loss: number[]): Contest {
  const estimate = { share: 0.793, low: 0.772, high: 0.812 };
  return { win: spreadOf(win), tie: spreadOf(win.map((w, s) => 1 - w - loss[s])), loss: spreadOf(loss), sampled: { pairs: 400, win: estimate, tie: estimate, loss: estimate } };
}

describe('the words of the head-to-head', () => {
  it('say which statistic, and of what the interval is one', () => {
    expect(contestWords(contest([0.8, 0.7], [0.1, 0.1]), 'A', 'B')).toBe('A gives the better answer in 75.0 % of all comparisons with B, an equal one in 15.0 %, the worse one in 10.0 % (mean over 2 seeds): in every one of 2 seeds it wins more often than it loses. In a sample of 400 comparisons it won 79.3 % (95 % interval for other draws from these very policies, not for other seeds: 77.2 to 81.2 %).');
  });
  it('write no share as none or all that is not', () => {
    expect([0, 1e-17, 0.0004, 0.0005, 0.637, 0.9996, 1 - 1e-16, 1].map(percent)).toEqual(['0.0', '0.0', '< 0.1', '0.1', '63.7', '> 99.9', '100.0', '100.0']);
  });
  it('call two equal methods equal', () => {
    expect(contestWords(contest([0.25, 0.3], [0.25, 0.3 + 1e-15]), 'A', 'B')).toBe('neither is better: A and B each give the better answer in 27.5 % of all comparisons, and in 45.0 % both are equal (mean over 2 seeds).');
  });
});

describe('the words of the three tasks', () => {
  const results = (...pairs: [number[], number[]][]) => pairs.map(([win, loss], i) => ({ task: ['a', 'b', 'c'][i], contest: contest(win, loss) }));
  it('claim a win only where every seed has it', () => {
    expect(tasksWords([], 'X', 'Y')).toBeNull();
    expect(tasksWords(results([[0.6, 0.5], [0.1, 0.2]]), 'X', 'Y')).toBe('On a, X wins against Y more often than it loses, in every seed.');
    expect(tasksWords(results([[0.6], [0.1]], [[0.3], [0.2]]), 'X', 'Y')).toBe('On a and b, X wins against Y more often than it loses, in every seed of every task.');
    expect(tasksWords(results([[0.6, 0.1], [0.1, 0.2]], [[0.6, 0.3], [0.1, 0.2]]), 'X', 'Y')).toBe('In every seed, X wins against Y more often than it loses on b; elsewhere seeds disagree or it loses.');
    expect(tasksWords(results([[0.1], [0.6]]), 'X', 'Y')).toContain('no task where');
    expect(tasksWords(results([[0.25 + 1e-15], [0.25]]), 'X', 'Y'), 'equal but for rounding').toContain('no task where');
  });
  it('lists read as prose', () => expect([listWords([]), listWords(['a']), listWords(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']));
});

it('a result that was kept fills its row of the task table', async () => {
  const page = await methodPage({ ...PRESET, methods: ['dpo', 'online-dpo'] });
  await page.trainTo(20);
  const run = readyRun(page.run.getState())!;
  seriesStore.setState({ results: { 'task-summary': { preset: 'task-summary', step: 20, methods: methodsOfRun(run), duels: run.frame.duels, seeds: 3 } } });
  const contest = contestOf(run.frame.duels!, 3, 1, 0);
  // Rendered to a string, a module's store shows what it began with.
  seriesStore.getInitialState = seriesStore.getState;
  const row = page.show(<DuelPanel />).match(/<tr data-task="task-summary">.*?<\/tr>/)![0];
  const mean = (own: readonly number[]) => own.reduce((a, b) => a + b, 0) / own.length;
  for (const key of ['win', 'tie', 'loss'] as const) expect(row).toContain(`data-outcome="${key}" data-value="${mean(contest[key].values)}"`);
});
