import { markdownText as md } from '../../core/report/encode.ts';
import type { DocumentValue } from '../../core/rollout/plan-document.ts';

/** The plan as a page: what it says by name as lists, and lists of things with the same names as tables. */
export function rollbackPlanMarkdown(plan: { readonly [key: string]: DocumentValue }): string {
  const { deployment_id: release = '', ...rest } = plan;
  const simple = Object.entries(rest).filter(([, value]) => typeof value !== 'object');
  const parts = Object.entries(rest).filter(([, value]) => typeof value === 'object');
  const head = [`# Rollback plan: ${md(String(rest['service']))} ${md(String(release))}`, '', ...simple.map(line)];
  return `${[head.join('\n'), ...parts.map(([key, value]) => section(key, value, 2))].join('\n\n')}\n`;
}

function section(key: string, value: DocumentValue, level: number): string {
  const title = `${'#'.repeat(level)} ${titleOf(key)}`;
  if (Array.isArray(value)) return `${title}\n\n${listOf(value as readonly DocumentValue[])}`;
  const entries = Object.entries(value as { readonly [key: string]: DocumentValue });
  const simple = entries.filter(([, each]) => typeof each !== 'object').map(line);
  const parts = entries.filter(([, each]) => typeof each === 'object');
  return [
    `${title}${simple.length > 0 ? `\n\n${simple.join('\n')}` : ''}`,
    ...parts.map(([name, each]) => section(name, each, level + 1)),
  ].join('\n\n');
}

function line([key, value]: readonly [string, DocumentValue]): string {
  return `- **${titleOf(key)}:** ${md(textOf(value))}`;
}

function listOf(values: readonly DocumentValue[]): string {
  if (values.length === 0) return 'None.';
  return values.map((value, index) => `${index + 1}. ${itemOf(value)}`).join('\n');
}

function itemOf(value: DocumentValue): string {
  if (typeof value !== 'object') return md(textOf(value));
  return Object.entries(value)
    .map(([key, each]) => `**${titleOf(key)}:** ${md(textOf(each as DocumentValue))}`)
    .join('; ');
}

function textOf(value: DocumentValue): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value);
}

/** `rollback_procedure` → `Rollback procedure`. Keys are ours. */
function titleOf(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
