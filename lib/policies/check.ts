import { counted } from "../counted";
import { UserError } from "../errors";
import { hasEnded, isReason, type Waiver } from "../recorded-waivers";
import { ALL_RULES } from "./all-rules";
import { isCheckovRule } from "./checkov-rule";
import { withoutSecrets } from "./known-secrets";
import type { Place } from "./place";
import type { Finding, PolicyContext, PolicyRule } from "./rule";
import { SynthesizedStack } from "./synthesized-stack";

/** Rule id of a waiver without effect. */
const UNUSED_WAIVER = "GO-WAIVER-UNUSED";
/** Rule id of a waiver that will end. */
const DATED_WAIVER = "GO-WAIVER-DATED";
/** Rule id of a waiver that has ended. */
const ENDED_WAIVER = "GO-WAIVER-ENDED";

/**
 * Checks the Terraform JSON of one stack against the rules, and leaves out the findings that its
 * waivers cover. A waiver without effect is also a finding, and so is each that will end, or has ended.
 *
 * @param stackJson the result of `TerraformStack.toTerraform()`
 */
export function checkPolicies(
  stackJson: unknown,
  context: PolicyContext = {},
  rules: readonly PolicyRule[] = ALL_RULES,
): Finding[] {
  const stack = new SynthesizedStack(stackJson);
  const { now = Date.now(), ignoresWaivers = false } = context;
  const findings: Finding[] = [];
  const used = new Map<string, UsedWaiver>();
  for (const rule of rules) {
    for (const { at, message, fix = rule.fix, severity = rule.severity } of rule.check(
      stack,
      context,
    )) {
      const waivers = (ignoresWaivers ? [] : [...at.waivers, ...stack.root.waivers]).filter(
        (waiver) => waiver.rule === rule.id && isReason(waiver.reason),
      );
      const { construct, address } = at;
      const finding: Finding = {
        rule: rule.id,
        severity,
        stack: stack.name,
        construct: withoutSecrets(construct),
        address: withoutSecrets(address),
        message: withoutSecrets(message),
        fix,
      };
      for (const waiver of waivers) {
        const { covered } = used.get(keyOf(waiver)) ?? { covered: [] };
        used.set(keyOf(waiver), { covered: [...covered, finding] });
      }
      if (waivers.length === 0) findings.push(finding);
    }
  }
  if (ignoresWaivers) return findings;
  return [...findings, ...datedWaivers(stack, used, now), ...unusedWaivers(stack, rules, used)];
}

/** The findings that a waiver covers. */
interface UsedWaiver {
  readonly covered: readonly Finding[];
}

/**
 * Shows each waiver that will end, also of Checkov's rules. One that has ended is an error in place of what
 * it covered.
 */
function* datedWaivers(
  stack: SynthesizedStack,
  used: ReadonlyMap<string, UsedWaiver>,
  now: number,
): Iterable<Finding> {
  const reported = new Set<string>();
  for (const place of [stack.root, ...stack.blocks]) {
    for (const waiver of place.waivers) {
      const { covered: [first, ...others] = [] } = used.get(keyOf(waiver)) ?? {};
      const isUsed = first || (isCheckovRule(waiver.rule) && isReason(waiver.reason));
      if (waiver.until === undefined || !isUsed || reported.has(keyOf(waiver))) continue;
      reported.add(keyOf(waiver));
      const { address } = first ?? place;
      const at = { stack: stack.name, construct: waiver.waivedAt, address };
      const { rule, until } = waiver;
      const reason = withoutSecrets(waiver.reason);
      if (!hasEnded(waiver, now)) {
        const message = `${rule} is waived until ${until}: ${reason}`;
        const fix = "Remove the cause before this day is over.";
        yield { ...at, rule: DATED_WAIVER, severity: "warning", message, fix };
        continue;
      }
      const more = others.length > 0 ? `, and ${counted(others.length, "more finding")}` : "";
      yield {
        ...at,
        rule: ENDED_WAIVER,
        severity: "error",
        message: `the waiver of ${rule} ended on ${until} (its reason: ${reason})${first ? `: ${first.message}${more}` : ""}`,
        fix: `${first?.fix ?? "Remove the cause and the waiver."} Or agree on another end, and write it into the waiver.`,
      };
    }
  }
}

function unusedWaivers(
  stack: SynthesizedStack,
  rules: readonly PolicyRule[],
  used: ReadonlyMap<string, unknown>,
): Finding[] {
  const known = new Set([...ALL_RULES, ...rules].map(({ id }) => id));
  const checked = new Set(rules.map(({ id }) => id));
  const reported = new Set(used.keys());
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
