/**
 * The one place where untyped messages become typed ones, on both sides of the worker.
 */
import { currentTranslation, type Translation } from '../msg.ts';
import type { Command, Event } from './protocol.ts';
import type { ScriptEvent, ScriptRequest } from './scriptProtocol.ts';
import type { SelfTestEvent, SelfTestRequest } from './selfTestProtocol.ts';

/** The language of what a worker says from then on; what its modules said when they were loaded stays English. */
export interface Translate { type: 'translate'; translation: Translation }

type Message = Command | Event | SelfTestRequest | SelfTestEvent | ScriptRequest | ScriptEvent | Translate;

/** What a Worker, the worker's own global scope and a MessagePort have in common. */
export interface MessageTarget {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Sends a message; large arrays of frames and snapshots are copied, so senders may go on using them. */
export function post(target: MessageTarget, message: Message): void {
  target.postMessage(message);
}

/** Calls `listener` with every message that arrives. The cast is safe because both sides use `post`. */
export function onMessages<M extends Message>(target: MessageTarget, listener: (message: M) => void): void {
  target.addEventListener('message', (event) => listener(event.data as M));
}

/** Tells a new worker the page's language; its first message, so that all it says is in it. */
export function postLanguage(target: MessageTarget): void {
  const translation = currentTranslation();
  if (translation) post(target, { type: 'translate', translation });
}
