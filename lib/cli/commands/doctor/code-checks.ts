import type { AwsCallError } from "../../../aws/call";
import { askAws, connections, loadLambda } from "../../../aws/sdk";
import { arnOf } from "../../../rotation/rotation-names";
import { failed, notChecked, type Outcome, ok } from "./checklist";
import type { DoctorContext } from "./context";

/**
 * Compares the code of the org's functions with that of its stack. Terraform does not see code that
 * was changed by a direct call: it compares the stack with its own state only.
 */
export async function checkCode({ org, functions }: DoctorContext): Promise<Outcome> {
  const { LambdaClient, GetFunctionCommand } = loadLambda();
  const client = new LambdaClient({ region: org.aws.region, requestHandler: connections() });
  try {
    const changed: string[] = [];
    for (const { name, sha256 } of functions) {
      const command = new GetFunctionCommand({
        FunctionName: arnOf(org, "lambda", `function:${name}`),
      });
      const { Configuration } = await askAws(`reading the function ${name}`, client.send(command));
      if (Configuration?.CodeSha256 !== sha256) changed.push(name);
    }
    const names = functions.map(({ name }) => name).join(", ");
    if (changed.length === 0) return ok(`${names}: the code is that of the stack`);
    return failed(
      `the code of ${changed.join(", ")} is not that of the stack: the stack was not applied with this version, or somebody changed the code by a direct call`,
      `look into CloudTrail for UpdateFunctionCode; if nobody deployed another version, run \`genesys-orgs deploy ${org.name}\` and replace the master and all credentials (docs/rotation.md)`,
    );
  } catch (error) {
    const { code, message } = error as AwsCallError;
    if (code === "ResourceNotFoundException") return notChecked("the functions do not exist yet");
    if (/AccessDenied|UnrecognizedClient|CredentialsProvider/.test(code ?? "")) {
      return notChecked(`these credentials may not read the functions: ${message}`);
    }
    throw error;
  } finally {
    client.destroy();
  }
}
