/** The panels of the second rank by the names of chapters.ts, fetched when first opened. */
import type { ComponentType } from 'react';
import type { ParamId } from '../../sim/params.ts';

export interface PanelProps {
  /** Trains at these β, or at one again (null). */
  onSweep: (betas: number[] | null) => void;
  /** The same for any list knob of a sweep. */
  onSweepOf: (param: ParamId, values: readonly number[] | null) => void;
}

export const PANEL_LOADS: Record<string, (() => Promise<ComponentType<PanelProps>>) | undefined> = {
  space: async () => (await import('../panels/SpacePanel.tsx')).SpacePanel,
  flow: async () => (await import('../panels/MassFlowPanel.tsx')).MassFlowPanel,
  reward: async () => (await import('../panels/RewardPanel.tsx')).RewardPanel,
  sweep: async () => (await import('../panels/SweepPanel.tsx')).SweepPanel,
  unseen: async () => (await import('../panels/UnseenPanel.tsx')).UnseenPanel,
  scale: async () => (await import('../panels/ScalePanel.tsx')).ScalePanel,
  length: async () => (await import('../panels/LengthPanel.tsx')).LengthPanel,
  clip: async () => (await import('../chapter7/iteration/ClipPicture.tsx')).ClipPicture,
  value: async () => (await import('../chapter7/iteration/ValueScatter.tsx')).ValueScatter,
  ternary: async () => (await import('../chapter2/TernaryPanel.tsx')).TernaryPanel,
  derivation: async () => (await import('../derivation/DerivationPanel.tsx')).DerivationPanel,
  diff: async () => (await import('../derivation/DiffPanel.tsx')).DiffPanel,
  predictions: async () => (await import('../predict/RecordsPanel.tsx')).RecordsPanel,
  selftest: async () => (await import('../derivation/SelfCheckPanel.tsx')).SelfCheckPanel,
  bench: async () => (await import('../chapter4/BetaBenchPanel.tsx')).BetaBenchPanel,
  support: async () => (await import('../chapter4/SupportPanel.tsx')).SupportPanel,
  lengths: async () => (await import('../panels/LengthPanel.tsx')).LengthPanel,
};
