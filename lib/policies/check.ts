import { UserError } from "../errors";
import { ALL_RULES } from "./all-rules";
import { isCheckovRule } from "./checkov-rule";
import { withoutSecrets } from "./known-secrets";
import type { Place, Waiver } from "./place";
import type { Finding, PolicyContext, PolicyRule } from "./rule";
import { SynthesizedStack } from "./synthesized-stack";
import { isReason } from "./waiver-reason";

/** Rule id of a waiver without effect. */
const UNUSED_WAIVER = "GO-WAIVER-UNUSED";

/**
 * Checks the Terraform JSON of one stack against the rules, and leaves out the findings that its
 * waivers cover. A waiver without effect is also a finding.
 *
 * @param stackJson the result of `TerraformStack.toTerraform()`
 */
export function checkPolicies(
  stackJson: unknown,
  context: PolicyContext = {},
  rules: readonly PolicyRule[] = ALL_RULES,
): Finding[] {
  const stack = new SynthesizedStack(stackJson);
  const findings: Finding[] = [];
  const used = new Set<string>();
  for (const rule of rules) {
    for (const { at, message, fix = rule.fix, severity = rule.severity } of rule.check(
      stack,
      context,
    )) {
      const waivers = [...at.waivers, ...stack.root.waivers].filter(
        (waiver) => waiver.rule === rule.id && isReason(waiver.reason),
      );
      for (const waiver of waivers) used.add(keyOf(waiver));
      if (waivers.length > 0) continue;
      const { construct, address } = at;
      findings.push({
        rule: rule.id,
        severity,
        stack: stack.name,
        construct: withoutSecrets(construct),
        address: withoutSecrets(address),
        message: withoutSecrets(message),
        fix,
      });
    }
  }
  return [...findings, ...unusedWaivers(stack, rules, used)];
}

function unusedWaivers(
  stack: SynthesizedStack,
  rules: readonly PolicyRule[],
  used: ReadonlySet<string>,
): Finding[] {
  const known = new Set([...ALL_RULES, ...rules].map(({ id }) => id));
  const checked = new Set(rules.map(({ id }) => id));
  const reported = new Set(used);
  const findings: Finding[] = [];
  for (const place of [stack.root, ...stack.blocks]) {
    for (const waiver of place.waivers) {
      if (reported.has(keyOf(waiver)) || isCheckovRule(waiver.rule)) continue;
      if (known.has(waiver.rule) && !checked.has(waiver.rule)) continue;
      reported.add(keyOf(waiver));
      findings.push(unusedWaiver(stack.name, place, waiver, known.has(waiver.rule)));
    }
  }
  return findings;
}

function unusedWaiver(stack: string, place: Place, waiver: Waiver, known: boolean): Finding {
  let why = "nothing there breaks the rule";
  if (!known) why = "there is no such rule";
  else if (!isReason(waiver.reason)) why = "it gives no reason";
  return {
    rule: UNUSED_WAIVER,
    severity: "warning",
    stack,
    construct: waiver.waivedAt,
    address: place.address,
    message: `the waiver of ${waiver.rule} has no effect: ${why}`,
    fix: "Remove the waiver, or correct it.",
  };
}

/** One key for each waiver in code, however many blocks it covers. */
function keyOf({ rule, waivedAt }: Waiver): string {
  return `${rule} ${waivedAt}`;
}

/** Returns findings as text: place, rule, mistake and fix of each. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const { rule, severity, message, fix } = finding;
      return `${placeOf(finding)}\n  ${severity} ${rule}: ${message}\n  Fix: ${fix}`;
    })
    .join("\n");
}

/** The stack is named as well, since a provider or a backend has no construct path in the JSON. */
function placeOf({ stack, construct, address }: Finding): string {
  if (construct === address) return `${stack}: ${address}`;
  const path = construct.split("/").includes(stack) ? construct : `${stack}: ${construct}`;
  return construct === stack ? path : `${path} (${address})`;
}

/**
 * The error of a stack that breaks rules. The message lists every error and says how to waive one;
 * {@link findings} also has the warnings.
 */
export class PolicyError extends UserError {
  override readonly name = "PolicyError";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === "error");
    super(
      [
        `Policy checks failed (${errors.length} ${errors.length === 1 ? "error" : "errors"}):`,
        formatFindings(errors),
        'If a rule does not apply, waive it in code with a reason: Policies.waive(construct, "<rule>", "<reason>").',
      ].join("\n"),
    );
    this.findings = findings;
  }
}
