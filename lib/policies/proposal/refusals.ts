import { asObject } from "../synthesized-stack";
import { connectionRefusals } from "./connection";
import { contentRefusals } from "./contents";
import { expressionRefusals } from "./expressions";
import { sectionRefusals, shapeRefusals } from "./shape";

// A plan already runs code: the providers, with the planner's credential, and Terraform's functions, which
// read files. Anyone who can write a stack's Terraform JSON could send the credential away, or print it. So
// everything that touches the credential must be as it was reviewed, and the rest must be plain.

/**
 * Returns why the Terraform JSON that somebody proposes for a stack must not be planned with the stack's
 * credentials. Empty if it may.
 *
 * @param deployed the JSON of the same stack, as it was reviewed
 * @param proposed as `JSON.parse` returns it. Terraform must get no other text: it also reads a section that
 *   is there twice
 */
export function refusalsOf(deployed: unknown, proposed: unknown): string[] {
  const shape = [...shapeRefusals(proposed)];
  // The other checks see only what has the usual shape.
  if (shape.length > 0) return shape;
  const [base, stack] = [asObject(deployed), asObject(proposed)];
  return [
    ...new Set([
      ...sectionRefusals(stack),
      ...connectionRefusals(base, stack),
      ...contentRefusals(base, stack),
      ...expressionRefusals(base, stack),
    ]),
  ];
}
