/** The tasks of the path, in their order. */
export const TASK_IDS = ['predict', 'run', 'explain', 'vary', 'rewind', 'fork', 'control', 'online', 'say'] as const;
export type TaskId = (typeof TASK_IDS)[number];
