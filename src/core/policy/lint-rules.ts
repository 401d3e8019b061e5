import type { ConfigPath, LintFinding, LintInput, LintLevel, LintScope } from './lint-input.ts';
import { isInForce } from './lint-gates.ts';

/** What an environment enforces at all. */
export function lintRules(scope: LintScope, { now }: LintInput): readonly LintFinding[] {
  const { policy, environment } = scope;
  const finding = (rule: string, level: LintLevel, path: ConfigPath, message: string, advice: string): LintFinding => ({
    rule,
    level,
    path,
    message,
    advice,
  });
  if (policy.mode === 'shadow')
    return [
      finding(
        'shadow',
        'warning',
        scope.at('mode'),
        `${environment} is in shadow: nothing is enforced`,
        'see `aqe deploy policy ledger` for what it would have blocked, then set mode: enforce',
      ),
    ];
  const found: LintFinding[] = [];
  const gatesAt = scope.at('deployment_gates');
  if (policy.gates.length === 0)
    found.push(
      finding('no-gates', 'error', gatesAt, `${environment} has no gate`, 'leave fewer out, or write mode: shadow'),
    );
  else if (!policy.gates.some((gate) => isInForce(gate, now)))
    found.push(
      finding(
        'nothing-blocks',
        'warning',
        gatesAt,
        `no gate of ${environment} blocks: all are WARNING, ADVISORY, in shadow or not yet effective`,
        'make at least one BLOCKING',
      ),
    );
  const names = policy.gates.map(({ name }) => name);
  const at = scope.at('fast_track', 'gates');
  const unknown = policy.fastTrackGates.filter((name) => !names.includes(name));
  if (unknown.length > 0 && scope.isWritten(at))
    found.push(
      finding('gate-unknown', 'error', at, `fast_track names ${unknown.join(', ')}`, `known: ${names.join(', ')}`),
    );
  const left = policy.gates.filter((gate) => policy.fastTrackGates.includes(gate.name));
  if (left.length > 0 && !left.some((gate) => isInForce(gate, now)))
    found.push(
      finding(
        'fast-track-without-gate',
        'warning',
        at,
        `a fast-track to ${environment} leaves no BLOCKING gate, and is refused`,
        'name one that blocks',
      ),
    );
  return found;
}
