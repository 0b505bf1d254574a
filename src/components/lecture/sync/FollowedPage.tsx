/** A window that follows a lecture: the audience's page or the presenter's, and what has become of the leading window. */
import { useEffect, type ComponentType, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { App } from '../../../App.tsx';
import { msg } from '../../../sim/msg.ts';
import { LabContext } from '../../labStore.ts';
import { PredictContext } from '../../predict/predictStore.ts';
import { RunContext } from '../../run.ts';
import { TalkContext } from '../talkStore.ts';
import { lostWords } from './follower.ts';
import type { Following } from './followLecture.ts';
import type { LectureStores } from './stores.ts';

interface FollowedPageProps {
  following: Following;
  /** The presenter's page; without it the audience's is shown. */
  Presenter: ComponentType | null;
}

export function FollowedPage({ following, Presenter }: FollowedPageProps) {
  const joined = useStore(following.link, (link) => link.joined);
  const state = useStore(following.link, (link) => link.state);
  if (!joined) return <main className="follow-empty"><h1>{msg`DPO Lab`}</h1><p role="status">{lostWords(state)}</p></main>;
  return (
    <>
      <Lost following={following} />
      {Presenter ? <Within stores={following.stores}><Presenter /></Within> : <AudiencePage following={following} />}
    </>
  );
}

/** The same page as in the leading window, which stands still when that does. */
function AudiencePage({ following }: { following: Following }) {
  useEffect(() => { document.title = msg`Audience · DPO Lab`; }, []);
  return <Within stores={following.audience().stores}><App /></Within>;
}

function Within({ stores: { run, lab, talk, predict }, children }: { stores: LectureStores; children: ReactNode }) {
  return <RunContext value={run}><LabContext value={lab}><TalkContext value={talk}><PredictContext value={predict}>{children}</PredictContext></TalkContext></LabContext></RunContext>;
}

function Lost({ following: { link } }: { following: Following }) {
  const state = useStore(link, (now) => now.state);
  const said = useStore(link, (now) => now.said);
  const lost = lostWords(state);
  if (lost === '' && said === null) return null;
  return (
    <div className="follow-lost" role="alert">
      <p>{lost === '' ? said : lost}</p>
      {lost === '' && <button type="button" className="outlined" onClick={() => link.setState({ said: null })}>{msg`Dismiss`}</button>}
    </div>
  );
}
