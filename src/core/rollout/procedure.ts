import type { RolloutSettings, RouterKind, Strategy } from './rollout-settings.ts';

/** What a step of the table is about; the ways of the routers say how it is done there. */
type Work = 'traffic' | 'instances';

interface StepOfTable {
  readonly action: string;
  readonly work?: Work;
}

const watch: StepOfTable = { action: 'Watch the error rate and the other triggers for {bake}' };
const verify: StepOfTable = { action: 'Verify that requests are answered by {previous} and by nothing else' };
const tell: StepOfTable = { action: 'Tell the people of the communication plan' };

/** What a strategy takes to go back. `{previous}`, `{release}`, `{bake}` and `{regions}` stand for what is known of them. */
const procedures: Readonly<Record<Strategy, readonly StepOfTable[]>> = {
  'blue-green': [
    { action: 'Check that {previous} still runs, is healthy and has its full capacity' },
    { action: 'Switch all traffic back to {previous}', work: 'traffic' },
    verify,
    watch,
    tell,
  ],
  canary: [
    { action: 'Check that {previous} is healthy and has capacity for all of the traffic' },
    { action: 'Give {previous} all of the traffic, then {release} none', work: 'traffic' },
    verify,
    watch,
    tell,
    { action: 'Stop {release} once nothing is sent to it any more' },
  ],
  rolling: [
    { action: 'Check that {previous} can be started: its artifact and its configuration are still there' },
    { action: 'Replace the instances of {release} by {previous}, some at a time', work: 'instances' },
    verify,
    watch,
    tell,
  ],
  'multi-region': [
    { action: 'Stop the rollout: no further region gets {release}' },
    { action: 'Check in every region that {previous} is healthy and has capacity for all of the traffic' },
    { action: 'Give {previous} all of the traffic, region by region: {regions}', work: 'traffic' },
    verify,
    watch,
    tell,
  ],
};

/** How the products do it. Raise before lower: between the two nothing is refused. */
const ways: Readonly<Record<RouterKind, Readonly<Record<Work, string>>>> = {
  haproxy: {
    traffic:
      'runtime API, in one line: raise the weight of the old servers, then take all of it from the new ones; read it back',
    instances: 'runtime API: set each server to drain before it is replaced and to ready after its check has passed',
  },
  nginx: {
    traffic: 'write the old upstream file, test the configuration, reload; a reload closes idle connections of clients',
    instances: 'mark each server down in the upstream file and reload before it is replaced',
  },
  kubernetes: {
    traffic: 'point the selector of the service at the old version and read its endpoints',
    instances: 'kubectl rollout undo, then kubectl rollout status',
  },
  'gateway-api': {
    traffic: 'set the weights of the backends of the route, the old one first, and read them back',
    instances: 'kubectl rollout undo, then kubectl rollout status',
  },
  'argo-rollouts': {
    traffic: 'kubectl argo rollouts abort, then undo, so that the stable version is also the wanted one',
    instances: 'kubectl argo rollouts abort, then undo',
  },
};

export interface PlannedStep {
  readonly action: string;
  /** How the router does it; null: nothing to do with it, or no router is configured. */
  readonly how: string | null;
  /** null: nobody is named. */
  readonly owner: string | null;
  readonly automated: boolean;
}

/** What stands in the words of the steps. */
export interface StepNames {
  readonly release: string;
  /** null: not known. */
  readonly previous: string | null;
  /** In words; null: not configured. */
  readonly bake: string | null;
}

/** The team's own steps, or those of the strategy; none without either. Nothing here carries a step out, so none is automated by us. */
export function procedureOf(settings: RolloutSettings, names: StepNames): readonly PlannedStep[] {
  const { strategy, router, rollback, regions } = settings;
  if (rollback.steps.length > 0)
    return rollback.steps.map(({ action, owner, automated }) => ({
      action,
      how: null,
      owner: owner ?? rollback.owner,
      automated: automated ?? false,
    }));
  if (strategy === null) return [];
  const words: Readonly<Record<string, string>> = {
    release: names.release,
    previous: names.previous ?? 'the previous version',
    bake: names.bake ?? 'as long as your team does (not configured: rollout.bake)',
    regions: regions.length === 0 ? 'all of them (not configured: rollout.regions)' : regions.toReversed().join(', '),
  };
  return procedures[strategy].map(({ action, work }) => ({
    // One pass: a name that looks like a placeholder stays what it is.
    action: action.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? ''),
    how:
      work && router
        ? `${router.kind}${router.name === null ? '' : ` ${router.name}`}: ${ways[router.kind][work]}`
        : null,
    owner: rollback.owner,
    automated: false,
  }));
}
