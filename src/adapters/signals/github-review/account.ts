import * as z from 'zod/mini';
import { onFirstUse, text } from '../shared/schema.ts';

/** An account of the REST API (`type`), of GraphQL (`__typename`) or of `gh` (`is_bot`); null once it is deleted. */
export const accountSchema = onFirstUse(() =>
  z.nullish(z.object({ login: text, type: text, __typename: text, is_bot: z.nullish(z.boolean()) })),
);

export type Account = z.infer<ReturnType<typeof accountSchema>>;

/** GitHub shows the work of deleted accounts under this name. */
export const ghost = 'ghost';

/** Apps that review, by the names under which answers without a type list them. */
const apps = new Set(['github-actions', 'dependabot', 'renovate', 'copilot-pull-request-reviewer', 'coderabbitai']);

export function isBot({ login, type, __typename: kind, is_bot: isApp }: NonNullable<Account>): boolean {
  const name = login?.toLowerCase() ?? '';
  if (type === 'Bot' || kind === 'Bot' || isApp === true || name.endsWith('[bot]') || name.startsWith('app/'))
    return true;
  return type == null && kind == null && isApp == null && apps.has(name);
}
