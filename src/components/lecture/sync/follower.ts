/** A following window's end: stores that hold what the leader's hold, and whose actions are done there. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { msg } from '../../../sim/msg.ts';
import type { Foresee } from './foresee.ts';
import { createKnown, doneOf, type Known, type KnownOptions } from './known.ts';
import { channelName, newName } from './names.ts';
import { sendableArgs } from './plain.ts';
import { readMessage, SETS, SYNC_VERSION, type Fields, type FollowerMessage, type LeaderMessage } from './protocol.ts';

/**
 * connecting: nobody has answered yet; nobody: for some time; closed: the leading window said that it goes away;
 * silent: it has stopped answering.
 */
export type LinkState = 'connecting' | 'following' | 'nobody' | 'closed' | 'silent';

export interface LinkStatus {
  state: LinkState;
  /** Whether there has ever been something to show. */
  joined: boolean;
  /** What forbade the last action, in a sentence. */
  said: string | null;
}

export interface FollowOptions extends Partial<Pick<KnownOptions, 'local' | 'adopted' | 'held'>> {
  foresee?: Foresee;
  /** Between two questions whether the leader is there, ms. */
  pingMs?: number;
  /** How long a leader that went away has to come back, as on a reload, ms. */
  graceMs?: number;
}

export interface Follower {
  stores: Record<string, StoreApi<Fields>>;
  link: StoreApi<LinkStatus>;
  /** What the audience sees, as it came with the whole state where it stood still then. */
  standing(): Record<string, Fields> | null;
  stop(): void;
}

/** Questions without an answer until the leader counts as gone. */
const UNANSWERED = 3;

type Without<M> = M extends FollowerMessage ? Omit<M, 'v' | 'from'> : never;
type Post = (message: Without<FollowerMessage>) => void;

/** @param shapes  stores that never change, of which the names of fields and actions are taken; the adopted ones themselves */
export function follow(session: string, shapes: Readonly<Record<string, StoreApi<object>>>, options: FollowOptions = {}): Follower {
  const { local = {}, foresee = {}, adopted = [], held = () => false, pingMs = 2000, graceMs = 2000 } = options;
  const from = newName();
  const channel = new BroadcastChannel(channelName(session));
  const link = createStore<LinkStatus>()(() => ({ state: 'connecting', joined: false, said: null }));
  const post: Post = (message) => { channel.postMessage({ v: SYNC_VERSION, from, ...message }); };
  const act = actions(() => known, link, foresee, post);
  const known: Known = createKnown(shapes, { local, adopted, held, act, onSet: (name, fields) => act(name, SETS, [fields]) });
  let leader: string | null = null;
  let standing: Record<string, Fields> | null = null;
  let [seq, unanswered, asking, stopped] = [0, 0, false, false];
  let closing: ReturnType<typeof setTimeout> | undefined;

  function hello(): void {
    asking = true;
    post({ kind: 'hello' });
  }

  function takeWhole({ shown, stores, done, ...message }: LeaderMessage & { kind: 'whole' }): void {
    standing = shown && Object.fromEntries(Object.entries(shown).filter(([name]) => Object.hasOwn(known.stores, name)).map(([name, fields]) => [name, known.fitting(name, fields)]));
    known.takeWhole(stores, doneOf(done, from), message.leader !== leader);
    ({ leader, seq } = message);
    [asking, unanswered] = [false, 0];
    clearTimeout(closing);
    link.setState({ state: 'following', joined: true });
  }

  function takeChanges(message: LeaderMessage & { kind: 'changes' }): void {
    if (asking || message.seq <= seq) return;
    try {
      if (message.seq > seq + 1) throw new RangeError(`follow: message ${seq + 1} was missed`);
      known.takeChanges(message.stores, doneOf(message.done, from));
      seq = message.seq;
    } catch {
      hello(); // made for another state than this one
    }
  }

  channel.onmessage = ({ data }: MessageEvent) => {
    const message = readMessage(data);
    if (!message || !('leader' in message)) return;
    const mine = message.leader === leader;
    if (mine) unanswered = 0;
    switch (message.kind) {
      case 'whole': if (message.to === from) takeWhole(message); break;
      case 'lead': hello(); break;
      case 'changes': if (mine) takeChanges(message); break;
      case 'pong': if (mine && message.seq !== seq && !asking) hello(); break;
      case 'refused': if (message.to === from) link.setState({ said: message.sentence }); break;
      case 'bye':
        clearTimeout(closing);
        if (mine) closing = setTimeout(() => { link.setState({ state: 'closed' }); }, graceMs);
        break;
      default: break;
    }
  };

  const asks = setInterval(() => {
    const { state, joined } = link.getState();
    asking = false;
    if (unanswered >= UNANSWERED && state !== 'closed') link.setState({ state: joined ? 'silent' : 'nobody' });
    unanswered++;
    if (state === 'following') post({ kind: 'ping', seq });
    else hello();
  }, pingMs);
  hello();

  return {
    stores: known.stores, link,
    standing: () => standing,
    stop() {
      if (stopped) return;
      stopped = true;
      post({ kind: 'leave' });
      clearInterval(asks);
      clearTimeout(closing);
      channel.close();
      known.stop();
    },
  };
}

/**
 * Sends actions to the leader. What one returns is known only where it is foreseen; else it is null, and a refusal is
 * said a moment later.
 */
function actions(known: () => Known, link: StoreApi<LinkStatus>, foresee: Foresee, post: Post): (store: string, action: string, args: readonly unknown[]) => string | null {
  let nth = 0;
  const say = (said: string | null) => { if (link.getState().said !== said) link.setState({ said }); };

  /** Changes the window's own fields here; the arguments with the others, null where none is left. */
  function kept(name: string, [change, ...others]: unknown[]): unknown[] | null {
    if (typeof change !== 'object' || change === null) return [change, ...others];
    const own = Object.entries(change).filter(([field]) => known().isOwn(name, field));
    const shared = Object.entries(change).filter(([field]) => !known().isOwn(name, field));
    if (own.length > 0) known().setHere(name, Object.fromEntries(own));
    return shared.length > 0 ? [Object.fromEntries(shared), ...others] : null;
  }

  return (name, action, given) => {
    const sendable = sendableArgs(given);
    if (!sendable) {
      say(msg`“${action}” was not done: what belongs to it cannot cross to another window.`);
      return null;
    }
    const args = action === 'set' ? kept(name, sendable) : sendable;
    if (!args) return null;
    const { state } = link.getState();
    if (state !== 'following') {
      say(lostWords(state));
      return null;
    }
    say(null);
    nth++;
    const foresight = action === SETS ? { change: args[0] as Fields, returns: null } : foresee[name]?.[action]?.(known().stores[name].getState(), args);
    if (foresight) known().foresee(name, foresight.change, nth);
    post({ kind: 'act', nth, store: name, action, args, answered: foresight !== undefined && foresight.returns !== null });
    return foresight?.returns ?? null;
  };
}

/** Why nothing can be done, in a sentence; empty while a leader is followed. */
export function lostWords(state: LinkState): string {
  switch (state) {
    case 'closed': return msg`The lecture’s window is closed; this is the last that came from it. Open the lab anew to go on.`;
    case 'silent': return msg`The lecture’s window does not answer; this is the last that came from it.`;
    case 'nobody': return msg`No window of this browser gives this lecture: open the lab, and press S there.`;
    case 'connecting': return msg`Looking for the lecture’s window.`;
    case 'following': return '';
  }
}
