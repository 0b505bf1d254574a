/** "What the critic expected": its value of every token against the return that came. */
import { valueDots, valueFacts, type TokenDot } from '../../../sim/iteration.ts';
import { valueWords } from '../../../sim/iterationWords.ts';
import { msg } from '../../../sim/msg.ts';
import type { TableContent } from '../../charts/DataTable.tsx';
import { niceRange } from '../../charts/niceRange.ts';
import { useBox } from '../../charts/useBox.ts';
import { count, formatNumber, formatTick } from '../../format.ts';
import { EmptyChart, Panel } from '../../panels/Panel.tsx';
import { useThrottledRun } from '../../run.ts';
import { placeName, readIteration, whoseUpdate, type PpoReading } from './reading.ts';
import { TokenDots } from './TokenDots.tsx';
import './iteration.css';

const TITLE = msg`What the critic expected`;
const TABLE_ROWS = 100;
const NO_CRITIC = msg`This run has no critic (its weight in the loss is 0): an advantage is the sum of the rewards to come, and there is no value to compare with the return.`;

export function ValueScatter() {
  const reading = useThrottledRun(readIteration, 300);
  const [ref, box] = useBox<HTMLDivElement>();
  const empty = typeof reading === 'string' ? reading : reading.algorithm.valueCoef === 0 && NO_CRITIC;
  if (typeof reading === 'string' || empty) return <Panel title={TITLE} sub=" "><p className="iteration-finding"> </p><div ref={ref} className="iteration-chart iteration-chart-square"><EmptyChart><span className="iteration-why">{empty}</span></EmptyChart></div></Panel>;
  const { iteration, ready: { world } } = reading;
  const dots = valueDots(iteration);
  const words = valueWords(valueFacts(iteration));
  const { domain, ticks, step } = niceRange(dots.flatMap(({ x, y }) => [x, y]));
  const marks = ticks.map((value) => ({ value, text: formatTick(value, step) }));
  const describe = (dot: TokenDot) => [`V ${formatNumber(dot.x)}, R ${formatNumber(dot.y)}: ${count(dot.places.length, 'token')}`, placeName(world, iteration, dot.places[0])] as const;
  return (
    <Panel
      title={TITLE} table={() => tableOf(reading, dots)} tableWord={msg`Table of the values`}
      sub={msg`${whoseUpdate(reading)}; a dot is a token, a larger one several on one spot`}
      note={msg`On the dashed line the critic knew the return. Above it a token did better than expected, below it worse: that difference is the advantage${reading.algorithm.whitenAdvantages ? msg`, before it is shifted and scaled` : ''}.`}
    >
      <p className="iteration-finding">{words}</p>
      <div ref={ref} className="iteration-chart iteration-chart-square">
        {box.width > 0 && (
          <TokenDots
            width={box.width} height={box.height} rem={box.rem} ariaLabel={msg`Scatter of value and return, ${whoseUpdate(reading)}. ${words}`}
            x={{ domain, ticks: marks, label: msg`value V that the critic gave, before the update` }} y={{ domain, ticks: marks, label: msg`return R` }}
            dots={dots} diagonal describe={describe}
          />
        )}
      </div>
    </Panel>
  );
}

function tableOf(reading: PpoReading, dots: readonly TokenDot[]): TableContent {
  const { iteration, ready: { world } } = reading;
  return {
    caption: msg`Value and return of the tokens of ${whoseUpdate(reading)}${dots.length > TABLE_ROWS ? msg`: the ${TABLE_ROWS} spots farthest apart` : ''}`,
    head: [msg`token`, msg`value`, msg`return`, msg`return − value`, msg`tokens`],
    rows: dots.toSorted((a, b) => Math.abs(b.y - b.x) - Math.abs(a.y - a.x)).slice(0, TABLE_ROWS).map((dot) => [
      placeName(world, iteration, dot.places[0]), ...[dot.x, dot.y, dot.y - dot.x].map((value) => ({ text: formatNumber(value), value })), String(dot.places.length),
    ]),
  };
}
