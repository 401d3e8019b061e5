import * as z from 'zod/mini';
import { parsePurl, purlAtVersion } from '../../../core/evidence/purl.ts';
import { objectOf } from '../shared/json.ts';
import { onFirstUse, text } from '../shared/schema.ts';

const maxDepth = 64;

export const productTreeSchema = onFirstUse(() => {
  const product = z.object({
    product_id: z.string(),
    name: z.string(),
    product_identification_helper: z.nullish(z.object({ purl: text, purls: z.nullish(z.array(z.string())) })),
  });
  return z.object({
    // Branches nest: they are looked at one by one.
    branches: z.nullish(z.array(z.unknown())),
    full_product_names: z.nullish(z.array(product)),
    product_groups: z.nullish(z.array(z.object({ group_id: z.string(), product_ids: z.array(z.string()) }))),
    relationships: z.nullish(
      z.array(
        z.object({
          product_reference: z.string(),
          relates_to_product_reference: z.string(),
          full_product_name: product,
        }),
      ),
    ),
  });
});

export interface CsafProduct {
  /** What a finding could name; empty for a product as a whole. */
  readonly components: readonly string[];
  readonly products: readonly string[];
}

export interface ProductTree {
  /** `isOpen`: for a statement that something is affected or may be. */
  product(id: string, isOpen: boolean): CsafProduct;
  group(id: string): readonly string[];
}

export function productTree(tree: z.infer<ReturnType<typeof productTreeSchema>> | null | undefined): ProductTree {
  const names = new Map<string, { readonly name: string; readonly ifOpen: string }>();
  const add = (product: Readonly<Record<string, unknown>>, version: string | undefined, isRange: boolean): void => {
    const { product_id: id, name } = product;
    if (typeof id !== 'string' || typeof name !== 'string' || name === '' || names.has(id)) return;
    const helper = objectOf(product['product_identification_helper']);
    const purl = [helper['purl'], ...(Array.isArray(helper['purls']) ? helper['purls'] : [])].find(
      (one): one is string => typeof one === 'string' && parsePurl(one) !== null,
    );
    // A range is not compared: what is affected counts for all versions then, and what is not affected for none.
    const isExact = purl !== undefined && (parsePurl(purl)?.version || !isRange);
    const known = purl === undefined || version === undefined || isRange ? purl : purlAtVersion(purl, version);
    names.set(id, { name: isExact ? known! : name, ifOpen: known ?? name });
  };

  const open = (tree?.branches ?? []).map((branch) => ({
    branch: objectOf(branch),
    version: undefined as string | undefined,
    isRange: false,
    depth: 1,
  }));
  while (open.length > 0) {
    const { branch, version: above, isRange: rangeAbove, depth } = open.pop()!;
    const { category, name } = branch;
    const version = category === 'product_version' && typeof name === 'string' ? name : above;
    const isRange = rangeAbove || category === 'product_version_range';
    add(objectOf(branch['product']), version, isRange);
    if (depth < maxDepth && Array.isArray(branch['branches']))
      for (const inner of branch['branches'])
        open.push({ branch: objectOf(inner), version, isRange, depth: depth + 1 });
  }
  for (const product of tree?.full_product_names ?? []) add(product, undefined, false);

  const nameOf = (id: string, isOpen: boolean): string => {
    const known = names.get(id);
    return (isOpen ? known?.ifOpen : known?.name) ?? (id || '(product without name)');
  };
  const relations = new Map<string, { readonly component: string; readonly within: string }>();
  for (const relation of tree?.relationships ?? [])
    relations.set(relation.full_product_name.product_id, {
      component: relation.product_reference,
      within: relation.relates_to_product_reference,
    });
  const groups = new Map((tree?.product_groups ?? []).map(({ group_id: id, product_ids: ids }) => [id, ids]));
  return {
    product(id, isOpen) {
      const relation = relations.get(id);
      return relation
        ? { components: [nameOf(relation.component, isOpen)], products: [nameOf(relation.within, isOpen)] }
        : { components: [], products: [nameOf(id, isOpen)] };
    },
    group: (id) => groups.get(id) ?? [],
  };
}
