/** The same remedies on three worlds: what held where, of the worlds that were run in this session. */
import { msg } from '../../sim/msg.ts';
import { REMEDY_PRESETS } from '../../sim/presets/remedies.ts';
import { methodsOf } from '../../sim/methods.ts';
import { rangeWords, verdictOf } from '../../sim/sentences9.ts';
import { useSeries, useStartSeries } from '../chapter8/series.ts';
import { SeriesNote } from '../chapter8/SeriesNote.tsx';
import { Panel } from '../panels/Panel.tsx';
import { useHidden } from '../share/hideable.ts';
import '../chapter8/duels.css';
import './remedies.css';

export function WorldsPanel() {
  const results = useSeries((series) => series.results);
  const queue = useSeries((series) => series.queue);
  const start = useStartSeries();
  const fixed = useHidden('presets');
  const running = REMEDY_PRESETS.some(({ id }) => queue.includes(id));
  const methods = methodsOf(REMEDY_PRESETS[0].methods ?? []);
  return (
    <Panel title={msg`On three worlds`} sub={msg`what nobody wrote at the end, lowest to highest seed: a remedy is worth what it does where nobody has looked`}>
      <div className="duel-scroll" tabIndex={0} role="region" aria-label={msg`Results on three worlds`}>
        <table className="duel-table worlds-table">
          <thead><tr><th scope="col">{msg`remedy`}</th>{REMEDY_PRESETS.map(({ id, title }) => <th key={id} scope="col">{title}</th>)}</tr></thead>
          <tbody>
            {methods.map((method) => (
              <tr key={method.id}>
                <th scope="row">{method.label}</th>
                {REMEDY_PRESETS.map(({ id }) => {
                  const facts = results[id]?.methods.find((own) => own.id === method.id);
                  if (!facts) return <td key={id} className="duel-missing">{queue[0] === id ? msg`running …` : '–'}</td>;
                  return <td key={id} data-world={id} data-verdict={verdictOf(facts)}>{rangeWords(facts.now('mass/ood'))}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lab-panel-note">{msg`Bold: at most 5 % in every seed. Filled in as the presets of this chapter run to their end.`}</p>
      {!running && !fixed && <SeriesNote presets={REMEDY_PRESETS} />}
      {!fixed && <button type="button" className="outlined" disabled={running} onClick={() => { start(REMEDY_PRESETS.map(({ id }) => id)); }}>{running ? msg`Running the worlds …` : msg`Run all three worlds`}</button>}
    </Panel>
  );
}
