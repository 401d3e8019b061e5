// Made by tools/train-prior.ts; do not edit.
/**
 * What the changes of other projects teach about the chance of failure: change of the log-odds for one spread more of a feature, among
 * commits whose label is a guess (SZZ). `sd` is how far a further project is expected from `mean`. `dataDigest` is the SHA-256 of the
 * files. `heldOut`: the newest part of each project, predicted with the coefficients of the other projects and its own earlier share of
 * failures; `rateLogLoss` is what that share alone gives.
 */
export const shippedPrior = {
  dataDigest: '85ff2192f19eac30fc980e4461e0d5bc2afa34cf7c0b7044eb58ae34aecc42bd',
  date: '2018-12-31',
  commits: 94918,
  failures: 25093,
  coefficients: {
    change_size: {
      mean: 0.6531,
      betweenProjects: 0.1972,
      sd: 0.2135,
    },
    files_changed: {
      mean: 0.2093,
      betweenProjects: 0.1023,
      sd: 0.112,
    },
    change_spread: {
      mean: 0.1044,
      betweenProjects: 0.09642,
      sd: 0.1056,
    },
    fix_share: {
      mean: 0.4417,
      betweenProjects: 0.1971,
      sd: 0.2133,
    },
    team_experience: {
      mean: -0.06817,
      betweenProjects: 0.158,
      sd: 0.1709,
    },
  },
  heldOut: [
    {
      project: 'gerrit',
      commits: 4479,
      failures: 299,
      auc: 0.7225,
      logLoss: 0.2483,
      rateLogLoss: 0.2731,
    },
    {
      project: 'go',
      commits: 5703,
      failures: 2216,
      auc: 0.6965,
      logLoss: 0.6258,
      rateLogLoss: 0.6748,
    },
    {
      project: 'jdt',
      commits: 984,
      failures: 486,
      auc: 0.6905,
      logLoss: 0.64,
      rateLogLoss: 0.6932,
    },
    {
      project: 'openstack',
      commits: 6828,
      failures: 1411,
      auc: 0.7433,
      logLoss: 0.468,
      rateLogLoss: 0.525,
    },
    {
      project: 'platform',
      commits: 3311,
      failures: 1066,
      auc: 0.7494,
      logLoss: 0.5574,
      rateLogLoss: 0.6375,
    },
    {
      project: 'qt',
      commits: 7174,
      failures: 1033,
      auc: 0.717,
      logLoss: 0.3777,
      rateLogLoss: 0.4124,
    },
  ],
} as const;
