/** The guided paths, by their names in links: `?path=ood`. */
export const PATH_IDS = ['ood'] as const;
export type PathId = (typeof PATH_IDS)[number];
