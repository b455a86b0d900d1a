import type { PolicyRule } from "../rule";
import { findSecretLiterals } from "../secret-literals";

/** No secret is written into a stack. */
export const secretLiteral: PolicyRule = {
  id: "GO-SECRET-LITERAL",
  severity: "error",
  title: "No secret is written into the code",
  reason:
    "A literal is in the synthesized JSON, in every plan and in the state, and often in version control.",
  fix: "Read it at run time, with EphemeralVaultKvSecret, into a provider or a write-only argument. If it was a real secret, rotate it.",
  *check(stack) {
    for (const block of stack.blocks) {
      for (const { path, what } of findSecretLiterals(block)) {
        yield { at: block, message: `${path} contains ${what}` };
      }
    }
  },
};
