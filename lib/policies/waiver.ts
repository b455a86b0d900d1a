import {
  Aspects,
  type IAspect,
  TerraformElement,
  TerraformLocal,
  TerraformProvider,
  TerraformStack,
} from "cdktf";
import type { IConstruct } from "constructs";
import { UserError } from "../errors";
import { isDay, isReason, SHORTEST_REASON, type Waiver } from "../recorded-waivers";
import { ALL_RULES } from "./all-rules";
import { isCheckovRule } from "./checkov-rule";

/** Options of a waiver. */
export interface WaiverOptions {
  /**
   * The last day of the waiver, `YYYY-MM-DD` in UTC. Until then, every report shows the waiver; after it,
   * it is an error that names it. A rehearsal lets a secret be in the state only with such a waiver.
   * @default - it has no end
   */
  readonly until?: string;
}

/** Waivers of rules in code. */
export const Policies = {
  /**
   * Waives a rule for a construct and everything below it, including what is added later; on a stack,
   * for the whole stack. The reason is written to the synthesized JSON, under `//` of each covered
   * block, where a review sees it and Terraform ignores it.
   *
   * @param ruleId a rule of lib/policies, or of Checkov
   * @param reason the reason why the rule does not apply here, at least 10 characters
   * @throws UserError when the rule is unknown, the reason is too short, the end is no day, or the
   *   construct has no block for the waiver
   */
  waive(
    construct: IConstruct,
    ruleId: string,
    reason: string,
    { until }: WaiverOptions = {},
  ): void {
    const path = construct.node.path;
    if (!ALL_RULES.some(({ id }) => id === ruleId) && !isCheckovRule(ruleId)) {
      const known = ALL_RULES.map(({ id }) => id).join(", ");
      throw new UserError(
        `${path}: "${ruleId}" is not a rule that can be waived. Use one of ${known}, or a rule of Checkov's, such as CKV_AWS_144.`,
      );
    }
    if (!isReason(reason)) {
      throw new UserError(
        `${path}: the waiver of ${ruleId} has the reason "${reason.trim()}"; explain in at least ${SHORTEST_REASON} characters why the rule does not apply here.`,
      );
    }
    if (until !== undefined && !isDay(until)) {
      throw new UserError(
        `${path}: the waiver of ${ruleId} ends on "${until}"; give the last day as YYYY-MM-DD, such as 2027-03-31.`,
      );
    }
    const waiver: Waiver = { rule: ruleId, reason: reason.trim(), waivedAt: path, until };
    if (TerraformStack.isStack(construct)) {
      write(construct, "//", waiver);
      return;
    }
    if (construct instanceof TerraformLocal) {
      throw new UserError(
        `${path}: a local value cannot carry a waiver; waive ${ruleId} on its stack.`,
      );
    }
    if (!construct.node.scopes.some(TerraformStack.isStack)) {
      throw new UserError(
        `${path || "the app"}: a waiver belongs to one stack; waive ${ruleId} on a stack or on a construct in one.`,
      );
    }
    Aspects.of(construct).add(new WaiverAspect(waiver));
  },
};

/** Runs at synth, and so also covers what was added to the construct after the waiver. */
class WaiverAspect implements IAspect {
  constructor(private readonly waiver: Waiver) {}

  visit(node: IConstruct): void {
    if (!TerraformElement.isTerraformElement(node)) return;
    if (TerraformProvider.isTerraformProvider(node)) {
      // Providers are a list in the JSON, which an override of the stack cannot reach into.
      write(node, "//", this.waiver);
      return;
    }
    const block = blockPath(node);
    // On the stack, since data sources, modules and our own elements overwrite their `//`.
    if (block) write(node.cdktfStack, `${block}.//`, this.waiver);
  }
}

function write(
  target: TerraformStack | TerraformElement,
  path: string,
  { rule, reason, waivedAt, until }: Waiver,
): void {
  target.addOverride(`${path}.waivers.${rule}`, reason);
  target.addOverride(`${path}.waivedAt.${rule}`, waivedAt);
  const end = `${path}.waivedUntil.${rule}`;
  const known = ends.get(target) ?? new Set();
  // The end of another waiver of the same rule and block must not stay.
  if (until !== undefined || known.has(end)) target.addOverride(end, until);
  if (until !== undefined) ends.set(target, known.add(end));
}

/** Paths of the ends that were written, by their stacks or providers. */
const ends = new WeakMap<TerraformStack | TerraformElement, Set<string>>();

/** Number of keys from the top of a stack's JSON to a block of a section. */
const DEPTH: Readonly<Record<string, number>> = {
  resource: 3,
  data: 3,
  ephemeral: 3,
  terraform: 3,
  module: 2,
  output: 2,
  variable: 2,
};

/** Path of an element's block in its stack's JSON; undefined when it has none. */
function blockPath(element: TerraformElement): string | undefined {
  let level: unknown = element.toTerraform();
  const keys: string[] = [];
  do {
    const [entry] = Object.entries(level as object).filter(([, value]) => value !== undefined);
    if (!entry) return undefined;
    keys.push(entry[0]);
    level = entry[1];
  } while (keys.length < (DEPTH[keys[0] ?? ""] ?? 0));
  return keys.length > 1 ? keys.join(".") : undefined;
}
