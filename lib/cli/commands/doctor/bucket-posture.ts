import { AwsCallError } from "../../../aws/call";
import { askAws, connections, loadS3 } from "../../../aws/sdk";
import { counted } from "../../../counted";
import { failed, notChecked, type Outcome, ok } from "./checklist";
import type { DoctorContext } from "./context";

/**
 * Compares the configuration of the home's bucket with that of the home's stack: versioning, default
 * encryption, lifecycle of old versions and, if the home was synthesized, the policy.
 */
export async function checkPosture({
  home,
  backend,
  bucketPolicy,
}: DoctorContext): Promise<Outcome> {
  if (home.status === "external") {
    return notChecked(`home ${home.name} is S3-compatible storage, which no stack configures`);
  }
  const s3 = new BucketReader(home, backend);
  try {
    const wrong: string[] = [];
    const versioning = await s3.versioning();
    if (versioning !== "Enabled") {
      wrong.push(`versioning is ${versioning ?? "off"}, so a state that is overwritten is lost`);
    }
    const key = await s3.defaultKey();
    if (home.kmsKeyArn !== undefined && key !== home.kmsKeyArn) {
      wrong.push(
        `the default encryption is ${key ?? "without a KMS key"}, and not ${home.kmsKeyArn}`,
      );
    }
    const days = await s3.daysOfOldVersions();
    if (days !== undefined && days < FEWEST_DAYS) {
      wrong.push(`old versions are deleted after ${counted(days, "day")}`);
    }
    if (bucketPolicy !== undefined) wrong.push(...differences(await s3.policy(), bucketPolicy));
    const compared =
      bucketPolicy === undefined
        ? "; its policy was not compared, since only some orgs were named"
        : "";
    if (wrong.length === 0) return ok(`s3://${home.bucket} is configured as its stack${compared}`);
    return failed(
      `s3://${home.bucket} is not configured as its stack: ${wrong.join("; ")}`,
      `look into CloudTrail for who changed it, then run \`cdktf deploy ${home.stack}\` as a state admin`,
    );
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.code !== "AccessDenied") throw error;
    return notChecked(
      "these credentials may not read the bucket's configuration: use the org's reader or a state admin",
    );
  } finally {
    s3.close();
  }
}

/** The shortest time for which a lost state should be restorable. */
const FEWEST_DAYS = 30;

/** Reads a bucket's configuration. */
class BucketReader {
  private readonly aws = loadS3();
  private readonly s3;
  private readonly bucket: string;

  constructor({ bucket, region }: DoctorContext["home"], backend: DoctorContext["backend"]) {
    this.bucket = bucket;
    this.s3 = new this.aws.S3Client({
      region,
      endpoint: backend?.endpoints?.s3,
      forcePathStyle: backend?.use_path_style,
      requestHandler: connections(),
    });
  }

  async versioning(): Promise<string | undefined> {
    const command = new this.aws.GetBucketVersioningCommand({ Bucket: this.bucket });
    return (await this.ask("versioning", this.s3.send(command))).Status;
  }

  async defaultKey(): Promise<string | undefined> {
    const command = new this.aws.GetBucketEncryptionCommand({ Bucket: this.bucket });
    const { ServerSideEncryptionConfiguration } = await this.ask(
      "encryption",
      this.s3.send(command),
    );
    const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
    return rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  }

  /** Returns the shortest time of the rules for old versions; undefined if they are kept for ever. */
  async daysOfOldVersions(): Promise<number | undefined> {
    const command = new this.aws.GetBucketLifecycleConfigurationCommand({ Bucket: this.bucket });
    const { Rules = [] } = await this.ask("lifecycle", this.s3.send(command)).catch(
      unless("NoSuchLifecycleConfiguration", { Rules: [] }),
    );
    const days = Rules.filter(({ Status }) => Status === "Enabled").flatMap(
      ({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration?.NoncurrentDays ?? [],
    );
    return days.length === 0 ? undefined : Math.min(...days);
  }

  async policy(): Promise<string> {
    const command = new this.aws.GetBucketPolicyCommand({ Bucket: this.bucket });
    const { Policy } = await this.ask("policy", this.s3.send(command)).catch(
      unless("NoSuchBucketPolicy", { Policy: undefined }),
    );
    return Policy ?? "{}";
  }

  close(): void {
    this.s3.destroy();
  }

  private ask<Answer>(what: string, answer: Promise<Answer>): Promise<Answer> {
    return askAws(`reading the ${what} of s3://${this.bucket}`, answer);
  }
}

const unless =
  <Answer>(code: string, instead: Answer) =>
  (error: unknown): Answer => {
    if (error instanceof AwsCallError && error.code === code) return instead;
    throw error;
  };

/** Returns what differs in two policies, by the names of their statements. */
function differences(actual: string, expected: string): string[] {
  const [is, should] = [statementsOf(actual), statementsOf(expected)];
  return [...new Set([...should.keys(), ...is.keys()])].flatMap((sid) => {
    if (is.get(sid) === should.get(sid)) return [];
    if (!is.has(sid)) return [`its policy has no statement ${sid}`];
    return [`its policy has ${should.has(sid) ? "another" : "the further"} statement ${sid}`];
  });
}

function statementsOf(policy: string): Map<string, string> {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: unknown };
  return new Map(
    [Statement].flat().map((each, index) => {
      const { Sid = `number ${index + 1}` } = each as { Sid?: string };
      return [Sid, JSON.stringify(canonical(each))] as const;
    }),
  );
}

/** AWS may store a list of one value as the value, and everybody in either of two forms. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(canonical(item))).sort();
    return items.length === 1 ? JSON.parse(items[0] as string) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, canonical(part)] as const);
  if (entries.length === 1 && entries[0]?.[0] === "AWS" && entries[0][1] === "*") return "*";
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
