/** The builder of links for a class: what students see, what they are asked, and the link as address, QR code and frame. */
import { useMemo } from 'react';
import { msg } from '../../sim/msg.ts';
import { questionsFor, type QuestionId } from '../../sim/questions.ts';
import type { Question } from '../../sim/question.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { linkOf, LONGEST_LINK, type LinkOptions } from '../link.ts';
import { askedOf, questionHere } from '../predict/asking.ts';
import { useRun, useRunStore } from '../run.ts';
import { choiceFor, optionsOf, type ClassChoice } from './classChoice.ts';
import { frameSize, frameSnippet } from './embed.ts';
import { Hall } from './Hall.tsx';
import { HIDE_GROUPS, HIDEABLE, type HideId } from './hideable.ts';
import { LinkNotes } from './LinkNotes.tsx';
import { HIDE_SETS, setOf, withPart, withSet } from './sets.ts';
import { Sketch } from './Sketch.tsx';
import { Ways } from './Ways.tsx';
import './share.css';

export interface ClassLinkProps {
  /** The update that was shown when the dialog was opened. */
  step: number;
  choice: ClassChoice;
  onChoice(choice: ClassChoice): void;
  /** The QR code is shown to the room. */
  inHall: boolean;
  onHall(inHall: boolean): void;
}

export function ClassLink({ step, choice: chosen, onChoice, inHall, onHall }: ClassLinkProps) {
  const run = useRunStore();
  const lab = useLabStore();
  const experiment = useExperiment();
  const title = useLab((state) => state.origin.title);
  const { asked, own } = useQuestions();
  const choice = choiceFor(chosen, experiment, asked.map(({ id }) => id));
  const change = (part: Partial<ClassChoice>) => onChoice({ ...choice, ...part });
  const options = optionsOf(choice, step);
  const address = (more: LinkOptions = {}) => `${location.origin}${location.pathname}${linkOf(run, lab, { ...options, ...more })}`;
  if (inHall) return <Hall link={address()} close={() => onHall(false)} />;
  return (
    <div className="class-link">
      <div className="class-choices">
        <Parts hide={choice.hide} onChange={(hide) => change({ hide })} />
        <fieldset>
          <legend>{msg`What it opens with`}</legend>
          <Asked asked={asked} own={own} choice={choice} onChange={change} />
          {experiment.seeds.length > 1 && <Seed seeds={experiment.seeds} seed={choice.seed} onChange={(seed) => change({ seed })} />}
          {step > 0 && <Tick on={choice.atStep} onChange={(atStep) => change({ atStep })}>{msg`at update ${step}, with all that led to it`}</Tick>}
          <Tick on={choice.projector} onChange={(projector) => change({ projector })}>{msg`in large type, for a projector`}</Tick>
        </fieldset>
      </div>
      <div className="class-links">
        {linkOf(run, lab, options).length > LONGEST_LINK
          ? <p role="status">{msg`This experiment is too long for a link: its own words and pairs make an address of more than ${LONGEST_LINK.toLocaleString('en')} characters. Send it as a file.`}</p>
          : <Ways link={address()} size={choice.frame} frame={frameSnippet(address({ embed: true, projector: false }), msg`DPO Lab: ${title}`, frameSize(choice.frame))} onSize={(frame) => change({ frame })} onHall={() => onHall(true)} />}
        {(choice.hide.length > 0 || options.ask !== null || options.step !== null) && <p className="link-note">{msg`Reset takes a student back to what the link opens. Whoever edits the address sees everything again: a link tidies the page, it does not lock it.`}</p>}
        <LinkNotes atStep={options.step !== null} />
      </div>
    </div>
  );
}

/** The questions that can be asked of the experiment, and which is its own. */
function useQuestions(): { asked: readonly Question[]; own: Question | null } {
  const focus = useRun((run) => run.focus);
  const base = useLab((lab) => lab.base);
  const methods = useLab((lab) => lab.methods);
  const origin = useLab((lab) => lab.origin);
  return useMemo(() => ({
    asked: questionsFor(askedOf({ focus }, { base, methods })),
    own: questionHere({ focus }, { base, methods, asked: null, origin }, null),
  }), [focus, base, methods, origin]);
}

function Tick({ on, onChange, children }: { on: boolean; onChange(on: boolean): void; children: string }) {
  return <label className="class-tick"><input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} /> {children}</label>;
}

function Parts({ hide, onChange }: { hide: readonly HideId[]; onChange(hide: HideId[]): void }) {
  const set = setOf(hide);
  return (
    <fieldset>
      <legend>{msg`What students see and may change`}</legend>
      <div className="class-sets" role="group" aria-label={msg`Ready-made choices`}>
        {HIDE_SETS.map((one) => <button key={one.id} type="button" className="outlined" aria-pressed={one === set} onClick={() => onChange(withSet(hide, one))}>{one.label}</button>)}
      </div>
      <div className="class-parts">
        <div>
          {HIDE_GROUPS.map(({ id: group, label }) => (
            <div key={group} role="group" aria-label={label} className="class-group">
              <p aria-hidden="true">{label}</p>
              {HIDEABLE.filter((row) => row.group === group).map((row) => (
                <Tick key={row.id} on={!hide.includes(row.id)} onChange={(shown) => onChange(withPart(hide, row.id, shown))}>{row.label}</Tick>
              ))}
            </div>
          ))}
        </div>
        <Sketch hide={hide} />
      </div>
    </fieldset>
  );
}

interface AskedProps {
  asked: readonly Question[];
  own: Question | null;
  choice: ClassChoice;
  onChange(part: Partial<ClassChoice>): void;
}

/** What the list has beside the questions. */
const OWN = '';
const NONE = 'none';

function Asked({ asked, own, choice: { hide, ask }, onChange }: AskedProps) {
  const none = hide.includes('predict');
  function choose(value: string): void {
    const id: QuestionId | null = asked.find((question) => question.id === value)?.id ?? null;
    onChange({ ask: id, hide: withPart(hide, 'predict', value !== NONE) });
  }
  return (
    <label className="class-row">
      <span>{msg`Asked before Play`}</span>
      <select value={none ? NONE : ask ?? OWN} onChange={(event) => choose(event.currentTarget.value)}>
        <option value={OWN}>{own ? msg`its own: ${own.title}` : msg`its own: it has none`}</option>
        <option value={NONE}>{msg`nothing`}</option>
        {asked.filter(({ id }) => id !== own?.id).map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
      </select>
    </label>
  );
}

function Seed({ seeds, seed, onChange }: { seeds: readonly number[]; seed: number | null; onChange(seed: number | null): void }) {
  return (
    <label className="class-row">
      <span>{msg`Seed shown`}</span>
      <select value={seed === null ? '' : String(seed)} onChange={(event) => onChange(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}>
        <option value="">{msg`all ${seeds.length} together`}</option>
        {seeds.map((one) => <option key={one} value={String(one)}>{msg`seed ${one}`}</option>)}
      </select>
    </label>
  );
}
