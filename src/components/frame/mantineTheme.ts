/** Mantine in the lab's clothes; the colours themselves are in theme.css. */
import { createTheme } from '@mantine/core';

export const mantineTheme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--serif)' },
  primaryColor: 'dark',
  primaryShade: { light: 9, dark: 1 },
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
});
