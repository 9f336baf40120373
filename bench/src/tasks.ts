/** The same task written with each library, as its own documentation shows it: what a bundler makes of it is compared. */
export const tasks = {
  ours: {
    "codes alone": 'export { generateCodes } from "@pixy/core";',
    "codes, login URL, exchange, refresh":
      'export { buildLoginUri, exchangeCode, generateCodes, generateState, refreshTokens } from "@pixy/core";',
  },
};
