/** The published table of human comparisons, put right, and plainly not the lab's. */
import { msg } from '../../sim/msg.ts';
import { OAIF_HUMAN_DUELS, OAIF_SOURCE } from '../../sim/published.ts';
import { percent } from '../../sim/sentences8.ts';

export function PublishedDuels() {
  return (
    <aside className="published" aria-label={msg`Published results`}>
      <h3>{msg`Published: human raters, not this lab`}</h3>
      <table className="duel-table">
        <caption>{msg`Online DPO against offline DPO, in percent; quality of online DPO’s answers, below it of offline DPO’s`}</caption>
        <thead><tr><th scope="col">{msg`task`}</th><th scope="col">{msg`win`}</th><th scope="col">{msg`tie`}</th><th scope="col">{msg`loss`}</th><th scope="col">{msg`quality`}</th></tr></thead>
        <tbody>
          {OAIF_HUMAN_DUELS.map(({ task, win, tie, loss, quality }) => (
            <tr key={task}><th scope="row">{task}</th><td>{win.toFixed(2)}</td><td>{tie.toFixed(2)}</td><td>{loss.toFixed(2)}</td><td>{quality[0]}<small>{quality[1]}</small></td></tr>
          ))}
        </tbody>
      </table>
      <p className="lab-panel-note">
        <a href={OAIF_SOURCE.link}>{OAIF_SOURCE.text}</a>{msg`; its annotator was PaLM 2-L, quality goes from 1 to 5. Other models, other tasks, other judges: not comparable with the numbers beside it. The paper prints the tie of a task once for both rows; without it the row of offline DPO (7.69, 63.74 on TL;DR) reads like win and tie, and is win and loss.`}
      </p>
    </aside>
  );
}

/** Win, tie and loss as one bar, labelled where there is room. */
export function OutcomeBar({ win, tie, loss }: { win: number; tie: number; loss: number }) {
  const parts = [['win', msg`win`, win], ['tie', msg`tie`, tie], ['loss', msg`loss`, loss]] as const;
  return (
    <div className="outcome" role="img" aria-label={parts.map(([, name, share]) => `${name} ${percent(share)} %`).join(', ')}>
      {parts.map(([id, name, share]) => (
        <span key={id} data-outcome={id} style={{ flexGrow: Math.max(0, share), flexBasis: 0 }}>{share >= 0.12 ? <><b>{name}</b> {percent(share)} %</> : ''}</span>
      ))}
    </div>
  );
}
