import { Document, Scalar, visit } from 'yaml';
import { inline } from '../../core/report/encode.ts';
import type { DocumentValue } from '../../core/rollout/plan-document.ts';

/**
 * YAML that reads back as the same document, in YAML 1.1 and 1.2. Texts that a terminal or an editor would obey, or show in
 * another order, stand in quotes with those characters as escapes.
 */
export function rollbackPlanYaml(plan: { readonly [key: string]: DocumentValue }): string {
  const document = new Document({ rollback_plan: plan }, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && isUnsafe(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  // What is left of them stands in double quotes, where an escape means the character.
  return document
    .toString({ lineWidth: 0 })
    .replace(/[^\n -~]/gu, (character) => (inline(character) === character ? character : escaped(character)));
}

function isUnsafe(text: string): boolean {
  return inline(text) !== text;
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}
