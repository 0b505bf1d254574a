/**
 * Keys of a page that stands in another one, given to that page.
 *
 * A host of the same origin gets the key itself, on its document. One of another origin gets two messages: the JSON
 * string that reveal.js takes as a command, and `{ type: 'dpo-lab/key', key }` for whoever wants to listen.
 */

/** The keys that are the host's, with the command of reveal.js that each stands for, if there is one. */
const HANDED: Readonly<Record<string, { keyCode: number; command?: { method: string; args?: readonly number[] } }>> = {
  ' ': { keyCode: 32, command: { method: 'next' } },
  PageUp: { keyCode: 33, command: { method: 'prev' } },
  PageDown: { keyCode: 34, command: { method: 'next' } },
  End: { keyCode: 35, command: { method: 'slide', args: [1e6] } },
  Home: { keyCode: 36, command: { method: 'slide', args: [0] } },
  ArrowLeft: { keyCode: 37, command: { method: 'left' } },
  ArrowUp: { keyCode: 38, command: { method: 'up' } },
  ArrowRight: { keyCode: 39, command: { method: 'right' } },
  ArrowDown: { keyCode: 40, command: { method: 'down' } },
  Escape: { keyCode: 27, command: { method: 'toggleOverview' } },
  b: { keyCode: 66, command: { method: 'togglePause' } },
  f: { keyCode: 70 },
  g: { keyCode: 71, command: { method: 'toggleJumpToSlide' } },
  l: { keyCode: 76 },
  n: { keyCode: 78, command: { method: 'next' } },
  o: { keyCode: 79, command: { method: 'toggleOverview' } },
  p: { keyCode: 80, command: { method: 'prev' } },
  s: { keyCode: 83 },
  v: { keyCode: 86 },
  z: { keyCode: 90 },
  '.': { keyCode: 190, command: { method: 'togglePause' } },
  '?': { keyCode: 191, command: { method: 'toggleHelp' } },
};

/** Whether the page stands in another one, which can get its keys. */
export function hasHost(embedded: boolean): boolean {
  return embedded && window.parent !== window;
}

/** Whether a key has a name on the keyboard, and is no character that dictation could type. */
export function isNamedKey(key: string): boolean {
  return key.length > 1 || key === ' ';
}

/** Gives a pressed key to the host; false where the key is none of the host's. */
export function handToHost(event: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'repeat'>, host: Window = window.parent): boolean {
  const handed = HANDED[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!handed) return false;
  const { key, code, shiftKey, repeat } = event;
  const page = documentOf(host);
  if (page) {
    const copy = new KeyboardEvent('keydown', { key, code, shiftKey, repeat, bubbles: true, cancelable: true });
    // Slide programs read `keyCode`, which the constructor need not set.
    for (const name of ['keyCode', 'which']) Object.defineProperty(copy, name, { get: () => handed.keyCode });
    page.dispatchEvent(copy);
  } else {
    if (handed.command) host.postMessage(JSON.stringify(handed.command), '*');
    host.postMessage({ type: 'dpo-lab/key', key, shiftKey, repeat }, '*');
  }
  return true;
}

/** Null where the browser keeps the host's page away: it is of another origin. */
function documentOf(host: Window): Document | null {
  try {
    return host.document;
  } catch {
    return null;
  }
}
