/** The version of the lab that reports name: that of package.json (tests/studentReport.test.ts says so). */
export const LAB_VERSION = '0.1.0';
