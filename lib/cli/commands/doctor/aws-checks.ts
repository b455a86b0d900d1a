import type { AwsCallError } from "../../../aws/call";
import { askAws, connections, loadSts } from "../../../aws/sdk";
import { debugLogVariables } from "../../../terraform/debug-log";
import type { Identity } from "../../project/caller-identity";
import { type Check, Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import { checkCode } from "./code-checks";
import { type DoctorContext, stateRoleOf } from "./context";
import { explainAws, NO_CREDENTIALS } from "./explain-aws";

/** Checks whether these credentials may run Terraform for the org. */
export async function checkAws(
  context: DoctorContext,
  identity: Promise<Identity | undefined>,
): Promise<Check[]> {
  const list = new Checklist("aws", context.bounds);
  const { home, org, backend } = context;
  const logged = debugLogVariables(context.io.env);
  if (logged.length > 0) {
    list.add(
      "log",
      failed(
        `${logged.join(" and ")} would write secrets to Terraform's log`,
        "remove it from the environment, or set info",
      ),
    );
  }
  const explain = (error: Error) => explainAws(context, error as AwsCallError, undefined);
  if (home.status === "external") {
    list.add(
      "identity",
      notChecked(`home ${home.name} is S3-compatible storage, without an AWS account`),
    );
  } else {
    await list.run(
      "identity",
      async () => {
        const { arn, account } = (await identity) as Identity;
        const accounts = backend?.allowed_account_ids ?? [home.account];
        if (accounts.includes(account)) return ok(arn);
        return failed(
          `${arn} belongs to account ${account}, but Terraform may use this state only in ${accounts.join(", ")}`,
          `log in to ${home.account}, or add your role to state.crossAccountRoles of ${org.name}`,
        );
      },
      explain,
    );
  }
  for (const role of ["deployRole", "planRole"] as const) {
    if (org.aws[role] !== undefined) {
      await list.run(role, () => checkRole(context, role, identity), explain);
    }
  }
  // The account of the secrets may be another one than these credentials are for.
  if (context.functions.length > 0) await list.run("code", () => checkCode(context), explain);
  return list.checks;
}

async function checkRole(
  context: DoctorContext,
  role: "deployRole" | "planRole",
  caller: Promise<Identity | undefined>,
): Promise<Outcome> {
  const { org, home, assume } = context;
  const arn = org.aws[role] ?? "";
  const identity = await caller.catch(() => undefined);
  const stateRole = stateRoleOf(org.name, identity);
  const theirs = role === "deployRole" ? "writer" : "reader";
  if (stateRole !== undefined && stateRole !== theirs) {
    return notChecked(
      `the ${theirs} assumes ${arn}, but these are the credentials of the ${stateRole}`,
    );
  }
  if (!assume) return notChecked(`${arn} was not tried: add --assume to try it`);
  const { STSClient, AssumeRoleCommand } = loadSts();
  const sts = new STSClient({ region: home.region, requestHandler: connections() });
  try {
    // The new credentials are dropped.
    await askAws(
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
