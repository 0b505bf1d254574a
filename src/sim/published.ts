/** TABLES of numbers that others published, with their source: never mixed with what the lab measures. */
import { msg } from './msg.ts';


/** One head-to-head judged by human raters, in percent; the other side's numbers are win and loss exchanged. */
export interface HumanDuel {
  task: string;
  win: number;
  tie: number;
  loss: number;
  /** Mean quality from 1 to 5 of the first and of the second method. */
  quality: [number, number];
}

/**
 * Online DPO against offline DPO. The paper prints the tie once for both rows of a task; here it stands where it belongs.
 * Source: Guo et al. 2024, "Direct Language Model Alignment from Online AI Feedback", arXiv 2402.04792, Table 2.
 */
export const OAIF_HUMAN_DUELS: readonly HumanDuel[] = [
  { task: msg`TL;DR summaries`, win: 63.74, tie: 28.57, loss: 7.69, quality: [3.95, 3.46] },
  { task: msg`Helpfulness`, win: 58.6, tie: 21.2, loss: 20.2, quality: [4.08, 3.44] },
  { task: msg`Harmlessness`, win: 60.26, tie: 35.9, loss: 3.84, quality: [4.41, 3.57] },
];

export const OAIF_SOURCE = {
  text: msg`Guo et al. 2024, Table 2: human raters compare answers of PaLM 2-XS trained by online and by offline DPO`,
  link: 'https://arxiv.org/abs/2402.04792',
} as const;
