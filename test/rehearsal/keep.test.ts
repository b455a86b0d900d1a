import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse, worldOf } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { describeWithTerraform } from "../support/terraform";
import { orgReport } from "./reports";

const report = orgReport("na-prod");
const world = worldOf({ orgs: [report] });

/** Rehearses one stack, keeping its folder. */
async function kept(json: object, signal?: AbortSignal, onStep?: (step: string) => void) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));
  const { name: org, stack, stateKey, lock } = report;
  const stacks = [{ org, stack, stateKey, lock, folder }];
  const [result] = await rehearse({
    stacks,
    world,
    signal,
    keep: true,
    onProgress: (event) => event.kind === "step" && onStep?.(event.step),
  });
  return result;
}

describeWithTerraform("a working folder that is kept", () => {
  test("is named by a rehearsal that failed", async () => {
    const result = await kept({ resource: { terraform_data: { a: { unknown: 1 } } } });
    expect(result?.error).toContain('No argument or block type is named "unknown"');
    expect(existsSync(join(result?.folder ?? "", "cdk.tf.json"))).toBe(true);
    rmSync(result?.folder ?? "", { recursive: true });
  });

  test("is named by a rehearsal that was stopped", async () => {
    const stop = new AbortController();
    const json = { resource: { terraform_data: { a: { input: 1 } } } };
    const result = await kept(json, stop.signal, (step) => {
      if (step === "apply") stop.abort();
    });
    expect(result).toMatchObject({ interrupted: true, error: "interrupted" });
    expect(existsSync(join(result?.folder ?? "", "first.tfplan"))).toBe(true);
    rmSync(result?.folder ?? "", { recursive: true });
  });
});
