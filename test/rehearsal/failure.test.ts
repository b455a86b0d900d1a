import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse, worldOf } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { describeWithTerraform } from "../support/terraform";
import { orgReport } from "./reports";

const report = orgReport("na-prod");

async function failureOf(json: object): Promise<string | undefined> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));
  const { name: org, stack, stateKey, lock } = report;
  const stacks = [{ org, stack, stateKey, lock, folder }];
  const [result] = await rehearse({ stacks, world: worldOf({ orgs: [report] }) });
  return result?.error;
}

describeWithTerraform("the error of a failed rehearsal", () => {
  test("is Terraform's error alone, without the plan that it had made so far", async () => {
    const error = await failureOf({
      terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
      provider: { aws: [{}] },
      resource: { aws_kms_key: { k: {} }, terraform_data: { d: { input: 1 } } },
    });
    expect(error).toMatch(/^terraform plan failed:\nError: invalid AWS Region/);
    expect(error).not.toContain("will be created");
  });

  test("names the changes of a second plan that is not empty", async () => {
    const error = await failureOf({
      resource: { terraform_data: { d: { input: "$" + "{timestamp()}" } } },
    });
    expect(error).toBe(
      "the plan after the apply is not empty:\nterraform_data.d will be updated in-place",
    );
  });
});
