import { Refusal } from "../core/refusal";
import { firstBlock, type ObjectValue, text, texts } from "../core/value";
import type { AwsContext, AwsService } from "./common";

/** The data sources about the account and the region that a provider works in. */
export const account: AwsService = {
  dataSources: {
    aws_caller_identity: {
      read: (_query, { account }) => {
        const arn = `arn:aws:sts::${account}:assumed-role/rehearsal/rehearsal`;
        return { id: account, account_id: account, arn, user_id: "AROAREHEARSAL:rehearsal" };
      },
    },
    aws_partition: {
      read: () => ({ id: "aws", partition: "aws", dns_suffix: "amazonaws.com" }),
    },
    aws_region: { read: (_query, { region }) => ({ id: region, name: region, region }) },
  },
};

/**
 * Returns the account and the region of a provider configuration.
 * @throws Refusal
 */
export function accountAndRegion(config: ObjectValue): Pick<AwsContext, "account" | "region"> {
  const account = accountOf(config);
  const region = text(config, "region");
  if (region !== undefined) return { account, region };
  throw new Refusal("invalid AWS Region: ", "The provider aws has no region.");
}

function accountOf(config: ObjectValue): string {
  const role = text(firstBlock(config, "assume_role"), "role_arn");
  const fromRole = role?.split(":")[4];
  const allowed = texts(config.allowed_account_ids);
  const account = fromRole ?? allowed[0] ?? "000000000000";
  const forbidden = texts(config.forbidden_account_ids).includes(account);
  if ((allowed.length === 0 || allowed.includes(account)) && !forbidden) return account;
  throw new Refusal(
    `AWS account ID not allowed: ${account}`,
    `The provider assumes ${role ?? "no role"}; allowed accounts: ${allowed.join(", ") || "all"}.`,
  );
}
