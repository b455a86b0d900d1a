import { findSecretsInAssets } from "../assets";
import type { PolicyRule } from "../rule";
import { findSecretLiterals, findSecretsInJson } from "../secret-literals";
import { isExpression, type SynthesizedStack } from "../synthesized-stack";

/** No secret is written into a stack. */
export const secretLiteral: PolicyRule = {
  id: "GO-SECRET-LITERAL",
  severity: "error",
  title: "No secret is written into the code",
  reason:
    "A literal is in the synthesized JSON, in every plan and in the state, and often in version control.",
  fix: "Read it at run time, with EphemeralVaultKvSecret, into a provider or a write-only argument. If it was a real secret, rotate it.",
  *check(stack, { app, assets }) {
    const literals = literalsOf(stack);
    for (const block of stack.blocks) {
      for (const { path, what } of findSecretLiterals(block, literals)) {
        yield { at: block, message: `${path} contains ${what}` };
      }
    }
    const elsewhere = [
      ...findSecretsInJson(stack.comment, "//"),
      ...findSecretsInJson(app ?? {}, "context"),
      ...(assets ? findSecretsInAssets(assets) : []),
    ];
    for (const { path, what } of elsewhere) {
      yield { at: stack.root, message: `${path} contains ${what}` };
    }
  },
};

/** Returns the texts of locals and of defaults of variables, by their addresses. */
function literalsOf({ blocks }: SynthesizedStack): Map<string, string> {
  const texts = blocks.flatMap(({ section, address, name, body }) => {
    const value = section === "locals" ? body[name] : section === "variable" && body.default;
    return typeof value === "string" && !isExpression(value) ? [[address, value] as const] : [];
  });
  return new Map(texts);
}
