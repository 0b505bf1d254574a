/** The leading window's end: tells the followers what its stores hold, and does what they ask. */
import { answerOf } from './answers.ts';
import { channelName, newName } from './names.ts';
import { createOutbox } from './outbox.ts';
import { readMessage, SYNC_VERSION, type Done, type FollowerMessage, type LeaderMessage } from './protocol.ts';

/** What is needed of a store. */
export interface LedStore {
  getState(): object;
  subscribe(listener: () => void): () => void;
  /** Of a store without actions, whose fields may be set from other windows. */
  setState?(fields: object): void;
}

export interface LeadOptions {
  /** Fields that are not shared, by store. */
  local?: Readonly<Record<string, readonly string[]>>;
  /** What fields are sent as, by store. */
  thinned?: Readonly<Record<string, Readonly<Record<string, (value: unknown) => unknown>>>>;
  /** Stores without actions: their fields are set as they are. */
  adopted?: readonly string[];
  /** What the audience sees, where that stands still; null = what the stores hold. */
  standing?: () => Readonly<Record<string, LedStore>> | null;
  /** Another window leads this session; this one has stopped. */
  onTaken?: () => void;
  /** Shortest time between two messages of changes, ms. */
  intervalMs?: number;
}

export interface Leader {
  /** How many windows follow now. */
  followers(): number;
  /** Tells the followers that the window goes away. */
  bye(): void;
  /** Tells the followers that the window is back. */
  back(): void;
  stop(): void;
}

/** How long a window that leads already has to say so, ms. */
const CLAIM_MS = 150;
/** A follower that says nothing for this long is gone, ms; hidden windows may be let speak once a minute only. */
const GONE_MS = 180_000;

type Without<M> = M extends LeaderMessage ? Omit<M, 'v' | 'leader'> : never;

export function lead(session: string, stores: Readonly<Record<string, LedStore>>, options: LeadOptions = {}): Leader {
  const { standing = () => null, onTaken = () => {} } = options;
  const leader = newName();
  const channel = new BroadcastChannel(channelName(session));
  /** How many actions of each follower were carried out, and when it was last heard. */
  const followers = new Map<string, { done: number; heard: number }>();
  /** Windows that were told that this one has the session. */
  const refused = new Set<string>();
  let leading = false;

  const post = (message: Without<LeaderMessage>) => { channel.postMessage({ v: SYNC_VERSION, leader, ...message }); };
  const done = (): Done => Object.fromEntries([...followers].map(([from, known]) => [from, known.done]));
  const outbox = createOutbox(stores, options, {
    wanted: () => leading && followers.size > 0,
    send: (seq, patches) => post({ kind: 'changes', seq, stores: patches, done: done() }),
  });

  function greet(from: string): void {
    outbox.flush();
    if (!followers.has(from)) followers.set(from, { done: 0, heard: performance.now() });
    const stands = standing();
    post({ kind: 'whole', to: from, seq: outbox.seq(), done: done(), stores: outbox.told(), shown: stands && outbox.fieldsOf(stands) });
  }

  function carryOut({ from, nth, store, action, args, answered }: FollowerMessage & { kind: 'act' }): void {
    const known = followers.get(from) ?? { done: nth - 1, heard: performance.now() };
    if (nth <= known.done) return;
    known.done = nth;
    followers.set(from, known);
    outbox.owe();
    const sentence = answerOf(stores, options, store, action, args);
    if (sentence !== null && !answered) post({ kind: 'refused', to: from, sentence });
  }

  function forgetGone(now: number): void {
    for (const [from, { heard }] of followers) if (now - heard > GONE_MS) followers.delete(from);
  }

  function hear(message: FollowerMessage): void {
    const now = performance.now();
    forgetGone(now);
    const known = followers.get(message.from);
    if (known) known.heard = now;
    switch (message.kind) {
      case 'hello': greet(message.from); break;
      case 'ping':
        if (!known) return greet(message.from);
        outbox.flushIfDue();
        post({ kind: 'pong', seq: outbox.seq() });
        break;
      case 'act': carryOut(message); break;
      case 'leave': followers.delete(message.from); break;
    }
  }

  channel.onmessage = ({ data }: MessageEvent) => {
    const message = readMessage(data);
    if (!message) return;
    if ('from' in message) {
      if (leading) hear(message);
    } else if (message.leader !== leader) hearRival(message);
  };

  /** Of two windows that would lead, the one that does so already has the session; of two that began together, the lower name. */
  function hearRival(message: LeaderMessage): void {
    const lower = leader < message.leader;
    if (message.kind === 'claim' && (leading || lower)) refuse(message.leader);
    else if (message.kind === 'lead' && lower) refuse(message.leader);
    // It may not know of this one, and has the lower name: it answers.
    else if (message.kind === 'lead' && leading && !refused.has(message.leader)) post({ kind: 'lead' });
    // Where each has refused the other, the other gives way.
    else if (message.kind === 'taken' && message.claimant === leader && !(lower && refused.has(message.leader))) {
      stop();
      onTaken();
    }
  }

  function refuse(claimant: string): void {
    refused.add(claimant);
    post({ kind: 'taken', claimant });
    // Followers that have joined the other come back.
    if (leading) post({ kind: 'lead' });
  }

  const stops = Object.values(stores).map((store) => store.subscribe(outbox.soon));
  const claiming = setTimeout(begin, CLAIM_MS);
  post({ kind: 'claim' });

  function begin(): void {
    leading = true;
    post({ kind: 'lead' });
  }

  function stop(): void {
    leading = false;
    followers.clear();
    clearTimeout(claiming);
    outbox.stop();
    for (const unsubscribe of stops) unsubscribe();
    channel.close();
  }

  return {
    followers() {
      forgetGone(performance.now());
      return followers.size;
    },
    bye: () => { if (leading) post({ kind: 'bye' }); },
    back: () => { if (leading) post({ kind: 'lead' }); },
    stop,
  };
}
