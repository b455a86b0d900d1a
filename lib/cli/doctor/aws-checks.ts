import { type AwsCallError, awsCall, loadSts, TIME_LIMITS } from "../../aws/sdk";
import { UserError } from "../../errors";
import { type Check, Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import { explainAws, NO_CREDENTIALS } from "./explain-aws";
import { type Identity, type Scene, stateRoleOf } from "./scene";

/** Whose AWS credentials are at hand. @throws UserError */
export async function callerIdentity({ home }: Scene): Promise<Identity> {
  const { STSClient, GetCallerIdentityCommand } = loadSts();
  const sts = new STSClient({ region: home.region, requestHandler: TIME_LIMITS });
  try {
    const call = sts.send(new GetCallerIdentityCommand({}));
    const { Arn: arn, Account: account } = await awsCall("asking AWS who this is", call);
    if (arn !== undefined && account !== undefined) return { arn, account };
    throw new UserError(
      "asking AWS who this is: the answer has no account; is it AWS that answers?",
    );
  } finally {
    sts.destroy();
  }
}

/** Whether these credentials may run Terraform for the org at all. */
export async function checkAws(
  scene: Scene,
  identity: Promise<Identity | undefined>,
): Promise<Check[]> {
  const list = new Checklist("aws", scene.bounds);
  const { home, org, backend } = scene;
  const explain = (error: Error) => explainAws(scene, error as AwsCallError, undefined);
  if (home.status === "external") {
    list.add("identity", notChecked(`${home.name} is S3-compatible storage: no AWS account`));
  } else {
    await list.run(
      "identity",
      async () => {
        const { arn, account } = (await identity) as Identity;
        const accounts = backend?.allowed_account_ids ?? [home.account];
        if (accounts.includes(account)) return ok(arn);
        return failed(
          `${arn} is of account ${account}; Terraform works on this state as one of ${accounts.join(", ")} alone`,
          `log in to ${home.account}, or name a role of yours in state.crossAccountRoles of ${org.name}`,
        );
      },
      explain,
    );
  }
  for (const role of ["deployRole", "planRole"] as const) {
    if (org.aws[role] !== undefined) {
      await list.run(role, () => checkRole(scene, role, identity), explain);
    }
  }
  return list.checks;
}

async function checkRole(
  scene: Scene,
  role: "deployRole" | "planRole",
  caller: Promise<Identity | undefined>,
): Promise<Outcome> {
  const { org, home, assume } = scene;
  const arn = org.aws[role] ?? "";
  const identity = await caller.catch(() => undefined);
  const stateRole = stateRoleOf(org.name, identity);
  const theirs = role === "deployRole" ? "writer" : "reader";
  if (stateRole !== undefined && stateRole !== theirs) {
    return notChecked(`the ${theirs} assumes ${arn}, and this is the ${stateRole}`);
  }
  if (!assume) return notChecked(`${arn} was not assumed: give --assume`);
  const { STSClient, AssumeRoleCommand } = loadSts();
  const sts = new STSClient({ region: home.region, requestHandler: TIME_LIMITS });
  try {
    // What comes of it is dropped.
    await awsCall(
      `assuming ${arn}`,
      sts.send(
        new AssumeRoleCommand({
          RoleArn: arn,
          RoleSessionName: "genesys-orgs-doctor",
          DurationSeconds: 900,
        }),
      ),
    );
    return ok(`${arn} can be assumed`);
  } catch (error) {
    const { code } = error as AwsCallError;
    if (code === "CredentialsProviderError") return NO_CREDENTIALS;
    if (code !== "AccessDenied") throw error;
    return failed(
      `${identity?.arn ?? "these credentials"} may not assume ${arn}, or the role does not exist`,
      `let the role trust these credentials (docs/rotation.md), or correct aws.${role} of ${org.name}`,
    );
  } finally {
    sts.destroy();
  }
}
