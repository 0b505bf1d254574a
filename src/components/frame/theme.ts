/** Which of light and dark is shown: the reader's choice, else light when projecting, else the system's. */
import { useColorScheme } from '@mantine/hooks';
import { useLab } from '../labStore.ts';

export function useComputedScheme(): 'light' | 'dark' {
  const theme = useLab((lab) => lab.theme);
  const projector = useLab((lab) => lab.projector);
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  if (theme !== 'auto') return theme;
  return projector || system !== 'dark' ? 'light' : 'dark';
}
