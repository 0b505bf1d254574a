/** "The whole response space": every response as a cell of a mosaic. */
import { useMemo, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { GROUPS, responseText, type Group } from '../../sim/world.ts';
import { quoted, responseName } from '../../sim/words.ts';
import { Choice } from '../charts/Choice.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { SpaceMap, type CellInfo } from '../charts/SpaceMap.tsx';
import { useBox } from '../charts/useBox.ts';
import { count, formatProbability, formatProbabilityOfLog } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { FocusSelect } from './FocusSelect.tsx';
import { groupNames, ROLE_NAMES } from './groupNames.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { PromptSelect } from './PromptSelect.tsx';
import { topResponses } from './ranking.ts';
import { useRefreshMs } from './useRefreshMs.ts';

const HEIGHT_REM = 24;
const MODES: readonly { value: 'equal' | 'area'; text: string }[] = [{ value: 'equal', text: msg`every response alike` }, { value: 'area', text: msg`area = probability` }];

export function SpacePanel() {
  const { world, view, frame, state } = useThrottledRun((run) => run, useRefreshMs(100));
  const [ref, box] = useBox<HTMLDivElement>();
  const [mode, setMode] = useState<'equal' | 'area'>('equal');
  const [wantedPrompt, setPrompt] = useState(0);
  const groups = view?.groups ?? null;
  const prompt = world && wantedPrompt < world.promptCount ? wantedPrompt : 0;
  const names = useMemo(() => (world ? groupNames(world, groups, prompt) : []), [world, groups, prompt]);
  const head = {
    title: msg`The whole response space`,
    actions: <><FocusSelect /><Choice label={msg`What a cell's area means`} options={MODES} value={mode} onChange={setMode} /></>,
  };
  if (!world || !view || !frame || frame.logps.length !== world.responseCount) {
    return <Panel {...head}><div ref={ref}><EmptyChart heightRem={HEIGHT_REM + 3}>{state === 'failed' ? msg`The run failed before its first frame.` : WAITING}</EmptyChart></div></Panel>;
  }
  const size = world.responseCount / world.promptCount;
  const describe = ({ node, isSubtree }: CellInfo) => {
    const text = responseText(world, node);
    if (isSubtree) return msg`all responses that begin with ${quoted(text)}`;
    const best = view.optimalLogps ? `, π* ${formatProbabilityOfLog(view.optimalLogps[node])}` : '';
    return `${quoted(text)}, ${ROLE_NAMES[GROUPS[view.groups[node]]]}: π_ref ${formatProbabilityOfLog(view.refLogps[node])}, π ${formatProbabilityOfLog(frame.logps[node])}${best}`;
  };
  const table = () => {
    const top = topResponses(world, prompt, frame.logps, 50);
    return {
      caption: msg`The ${top.length} cells with most probability at update ${frame.step}`,
      head: [msg`response`, msg`group`, msg`π_ref`, 'π', ...(view.optimalLogps ? ['π*'] : [])],
      rows: top.map((y) => [responseName(responseText(world, y)), ROLE_NAMES[GROUPS[view.groups[y]]],
        ...[view.refLogps, frame.logps, ...(view.optimalLogps ? [view.optimalLogps] : [])].map((l) => ({ text: formatProbabilityOfLog(l[y]), value: Math.exp(l[y]) }))]),
    };
  };
  const sub = (
    <span className="space-key">
      {names.filter((n) => n.size > 0).map((n) => <span key={n.group} className={`role-${n.group}`}><i />{n.isName ? n.label : `${ROLE_NAMES[n.group]} (${n.size.toLocaleString('en')})`}</span>)}
      <PromptSelect world={world} prompt={prompt} onChange={setPrompt} />
    </span>
  );
  const rule = mode === 'area'
    ? msg`Every area is exactly π: the first word splits the width, the second the height, and so on, each in proportion to its probability given what stands before.`
    : msg`Every response has the same area: the first word splits the width, the second the height, and so on. The shade is the probability on a logarithmic scale, palest at 10⁻⁶ and below.`;
  return (
    <Panel {...head} sub={sub} table={table}>
      <div ref={ref}>
        <SpaceMap
          world={world} prompt={prompt} logps={frame.logps} groups={view.groups} mode={mode} box={box} heightRem={HEIGHT_REM} describe={describe}
          ariaLabel={msg`Mosaic of ${count(size, 'response')}, coloured by group; most probable: ${topResponses(world, prompt, frame.logps, 1).map((y) => `${quoted(responseText(world, y))} ${formatProbability(Math.exp(frame.logps[y]))}`).join('')}.`}
        >
          {(cell, drawn) => (
            <>
              <p className="space-info">{cell
                ? <CellLine cell={cell} role={GROUPS[view.groups[cell.node]]} name={cell.isSubtree ? `${responseText(world, cell.node)} …` : responseName(responseText(world, cell.node))}
                    logps={cell.isSubtree ? null : [view.refLogps[cell.node], frame.logps[cell.node], view.optimalLogps?.[cell.node] ?? null]} />
                : <span className="lab-panel-sub">{msg`Point at a cell, or focus the map and use the arrow keys, to read its probabilities.`}</span>}
              </p>
              <p className="lab-panel-note">
                {rule}{' '}
                {drawn.subtrees > 0
                  ? msg`Of ${count(size, 'response')}, ${drawn.cells - drawn.subtrees} have their own cell; ${count(drawn.subtrees, 'branch')} too small to see ${drawn.subtrees === 1 ? msg`is` : msg`are`} drawn as one cell each.`
                  : msg`All ${count(size, 'response')} have their own cell.`}
              </p>
            </>
          )}
        </SpaceMap>
      </div>
    </Panel>
  );
}

function CellLine({ cell, role, name, logps }: { cell: CellInfo; role: Group; name: string; logps: readonly [number, number, number | null] | null }) {
  return (
    <span className={`role-${role}`}>
      <span className="space-name">{name}</span>
      {cell.isSubtree || !logps ? <span>{msg`all responses that begin so, together too small to draw apart`}</span> : (
        <>
          <span>{ROLE_NAMES[role]}</span>
          <span><PiRef /> {formatProbabilityOfLog(logps[0])}</span>
          <span>π {formatProbabilityOfLog(logps[1])}</span>
          {logps[2] !== null && <span>π* {formatProbabilityOfLog(logps[2])}</span>}
        </>
      )}
    </span>
  );
}
