/** Where the page is, as far as keeping it for later is concerned. */

/** The page is the lab as one file (scripts/offline/oneFile.mjs). */
export const isOneFile = import.meta.env.MODE === 'single';

/** Why the browser keeps nothing of this page. */
export type Refusal = 'one-file' | 'development' | 'embedded' | 'insecure' | 'unsupported';

export interface PagePlace {
  oneFile: boolean;
  /** It was built, not served by the development server. */
  built: boolean;
  /** It stands in another page: what a browser keeps there is that page's, once for every such page. */
  embedded: boolean;
  /** https, or this machine's own name. */
  secure: boolean;
  /** The browser has service workers here; in a private window some have not. */
  workers: boolean;
}

/** Null where the browser can keep the page. */
export function refusalOf({ oneFile, built, embedded, secure, workers }: PagePlace): Refusal | null {
  if (oneFile) return 'one-file';
  if (!built) return 'development';
  if (embedded) return 'embedded';
  if (!secure) return 'insecure';
  return workers ? null : 'unsupported';
}

export function placeNow(): PagePlace {
  return {
    oneFile: isOneFile,
    built: import.meta.env.PROD,
    embedded: window.top !== window || new URLSearchParams(location.search).get('embed') === '1',
    secure: isSecureContext,
    workers: 'serviceWorker' in navigator,
  };
}
