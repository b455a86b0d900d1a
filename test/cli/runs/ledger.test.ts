import { Ledger } from "../../../lib/cli/runs/ledger";
import type { RunReport } from "../../../lib/cli/runs/run-report";
import { UserError } from "../../../lib/errors";
import { orgReport } from "../../rehearsal/reports";

const STACK = { org: orgReport("na-prod"), stack: "org-na-prod", folder: "/x", providers: "" };
const FACTS = {
  run: "20261129t021500z-3f9c1b2e",
  command: "deploy",
  author: { user: "runner@ci" },
  terraform: "Terraform 1.11.4",
  approval: "by option",
} as const;

function ledgerOf() {
  const kept: RunReport[] = [];
  const ledger = new Ledger(
    FACTS,
    [STACK],
    () => 0,
    (report) => void kept.push(report),
  );
  return { ledger, kept };
}

test("a record that cannot be written does not hide why the apply failed", () => {
  const { ledger, kept } = ledgerOf();
  const error = new UserError("org-na-prod: terraform apply failed");
  ledger.ended({ stack: STACK, end: "failed", error, seconds: 1 });
  ledger.problem(STACK.stack, new UserError("na-prod: the record cannot be written"));
  expect(kept.at(-1)?.stacks).toEqual([
    expect.objectContaining({
      outcome: "failed",
      error: "terraform apply failed\n\nna-prod: the record cannot be written",
    }),
  ]);
});

test("nor does it change the outcome of a stack that is applied", () => {
  const { ledger } = ledgerOf();
  ledger.ended({ stack: STACK, end: "done", result: "applied", seconds: 1 });
  ledger.problem(STACK.stack, new UserError("na-prod: the record cannot be written"));
  expect(ledger.of(STACK.stack)).toMatchObject({
    outcome: "applied",
    error: "na-prod: the record cannot be written",
  });
});
