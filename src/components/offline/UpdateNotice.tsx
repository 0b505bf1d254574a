/** Says that a newer version waits; never in front of an audience, and never in the way of what is on the page. */
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { useTalk } from '../lecture/talkStore.ts';
import { takeNewer } from './keepOffline.ts';
import { offlineStore } from './offlineStore.ts';
import { useOffline } from './useOffline.ts';
import './offline.css';

export function UpdateNotice() {
  const newer = useOffline((state) => state.newer && !state.newerSeen);
  const projector = useLab((lab) => lab.projector);
  const inTalk = useTalk((talk) => talk.on);
  if (!newer || projector || inTalk) return null;
  return (
    <div className="update-notice" role="status">
      <p>{msg`A newer version of the lab is ready; it opens at the next visit.`}</p>
      <p className="offline-ways">
        <button type="button" className="outlined" onClick={takeNewer}>{msg`Reload now`}</button>
        <button type="button" className="outlined" onClick={() => offlineStore.setState({ newerSeen: true })}>{msg`Later`}</button>
      </p>
    </div>
  );
}
