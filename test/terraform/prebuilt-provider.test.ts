import { join } from "node:path";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, TerraformStack } from "cdktf";
import { rehearse, worldOf } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { testApp } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

describeWithTerraform("a rehearsal", () => {
  test("knows the prebuilt AwsProvider of a stack of one's own, whose source is aws", async () => {
    const outdir = temporaryFolder();
    const app = testApp(outdir);
    const stack = new TerraformStack(app, "mine");
    new S3Backend(stack, { bucket: "states", key: "mine", region: "us-east-1" });
    new AwsProvider(stack, "aws", { region: "us-east-1" });
    new KmsKey(stack, "key");
    app.synth();
    const folder = join(outdir, "stacks/mine");
    const stacks = [{ stack: "mine", folder, stateKey: "mine" }];
    const [result] = await rehearse({ stacks, world: worldOf({ orgs: [] }) });
    expect(result).toMatchObject({ error: undefined, resources: 1 });
  });
});
