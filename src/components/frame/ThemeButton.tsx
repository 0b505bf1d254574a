/** From light to dark, or back. */
import { msg } from '../../sim/msg.ts';

/** @param scheme  what is shown now */
export function ThemeButton({ scheme, onScheme }: { scheme: 'light' | 'dark'; onScheme(next: 'light' | 'dark'): void }) {
  const next = scheme === 'dark' ? 'light' : 'dark';
  const word = next === 'light' ? msg`Light theme` : msg`Dark theme`;
  return (
    <button type="button" className="quiet header-icon" aria-label={word} title={word} onClick={() => { onScheme(next); }}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {next === 'light'
          ? <g stroke="currentColor" strokeWidth="1.5" strokeLinecap="round"><circle cx="8" cy="8" r="2.9" fill="currentColor" /><path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13" /></g>
          : <path d="M13.6 10.3A6 6 0 0 1 5.7 2.4a6 6 0 1 0 7.9 7.9Z" fill="currentColor" />}
      </svg>
    </button>
  );
}
