/** "Where did the mass of y₋ go?": what every group and the largest movers have gained or lost since the reference. */
import { useMemo } from 'react';
import { msg } from '../../sim/msg.ts';
import { GROUPS, promptOf, responseText } from '../../sim/world.ts';
import { responseName } from '../../sim/words.ts';
import { FlowBars, type FlowBar } from '../charts/FlowBars.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { count, formatChange, formatNumber } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { FocusSelect } from './FocusSelect.tsx';
import { groupNames, ROLE_NAMES } from './groupNames.ts';
import { axisReach, massFlow, type ResponseChange } from './massFlow.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { useRefreshMs } from './useRefreshMs.ts';

const NAMED = 4;
const HEIGHT_REM = 26;

export function MassFlowPanel() {
  const { world, view, frame } = useThrottledRun((run) => run, useRefreshMs(100));
  const groups = view?.groups ?? null;
  const names = useMemo(() => (world ? groupNames(world, groups) : []), [world, groups]);
  const flow = useMemo(
    () => (world && view && frame && frame.logps.length === view.refLogps.length ? massFlow(frame.logps, view.refLogps, view.groups, world.promptCount, NAMED) : null),
    [world, view, frame],
  );
  const head = { title: msg`Where did the mass of y₋ go?`, actions: <FocusSelect /> };
  if (!world || !view || !frame || !flow) return <Panel {...head}><EmptyChart heightRem={HEIGHT_REM}>{WAITING}</EmptyChart></Panel>;

  const groupBars: FlowBar[] = names.filter((n) => n.size > 0).map((n) => ({
    key: n.group, name: ROLE_NAMES[n.group], isName: false, role: n.group, delta: flow.groups[GROUPS.indexOf(n.group)],
  }));
  const bar = ({ response, delta }: ResponseChange): FlowBar => ({
    key: String(response), isName: true, role: GROUPS[view.groups[response]], delta,
    name: responseName(responseText(world, response)) + (world.promptCount > 1 ? ` · ${world.prompts[promptOf(world, response)]}` : ''),
  });
  const restCount = world.responseCount - flow.gainers.length - flow.losers.length;
  const moved = flow.gainers.length + flow.losers.length > 0;
  const responses = moved ? [...flow.losers.map(bar), ...flow.gainers.map(bar), { key: 'rest', name: msg`the other ${restCount.toLocaleString('en')}`, isName: false, role: 'ink', delta: flow.rest }] : [];
  const said = groupBars.map((b) => `${b.name} ${formatChange(b.delta)}`).join(', ');
  const cell = (delta: number) => ({ text: formatChange(delta), value: delta });
  const table = () => ({
    caption: msg`Change of probability since the reference, in percentage points, at update ${frame.step}`,
    head: [msg`what`, msg`change`],
    rows: [
      ...groupBars.map((b) => [msg`group: ${b.name}`, cell(b.delta)]),
      [msg`sum of the groups, as computed`, { text: formatNumber(flow.sum), value: flow.sum }],
      ...responses.map((b) => [b.name, cell(b.delta)]),
    ],
  });
  const sub = <>π − <PiRef />{msg` in percentage points${world.promptCount > 1 ? msg`, averaged over ${world.promptCount} prompts` : ''}, exact over all ${count(world.responseCount, 'response')}`}</>;
  const note = (
    <>
      <p>
        {msg`${moved ? '' : msg`Nothing has moved yet. `}The changes of the groups sum to `}<strong data-value={String(flow.sum)} title={String(flow.sum)}>{Math.abs(flow.sum) < 1e-12 ? '0' : formatNumber(flow.sum)}</strong>
        {msg`${flow.sum !== 0 && Math.abs(flow.sum) < 1e-12 ? msg` (as computed: ${formatNumber(flow.sum)}, rounding)` : ''}: probability is moved, never made.`}
      </p>
      <p>
        {msg`The rule of this picture: it shows changes only. How much each response has gained and lost does not determine which one gave to which, so no arrows are drawn.`}
      </p>
    </>
  );
  return (
    <Panel {...head} sub={sub} note={note} table={table}>
      <FlowBars
        reach={axisReach(flow)} ariaLabel={msg`Paired bars of gains and losses since the reference, in percentage points: ${said}.`}
        sections={[{ title: msg`the groups`, rows: groupBars.length, bars: groupBars }, { title: msg`the responses that lost and gained most`, rows: 2 * NAMED + 1, bars: responses }]}
      />
    </Panel>
  );
}
