import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecretVersionIds,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { AwsCallError, awsCall } from "../aws/call";
import type { SecretHistory, SecretStore, SecretVersion, Stage } from "./secret-store";
import type { SecretCalls } from "./vault-entries/secret-entries";

/** Reads and writes secrets in AWS Secrets Manager. */
export class SecretsManagerStore implements SecretStore, SecretCalls {
  /** @param rotationToken Secrets Manager's token that lets the rotator put a value */
  constructor(
    private readonly client: SecretsManagerClient,
    private readonly rotationToken?: string,
  ) {}

  /** Whether rotation is switched on. */
  async isRotated(secretArn: string): Promise<boolean> {
    return (await this.describe(secretArn)).RotationEnabled ?? false;
  }

  async exists(secretArn: string): Promise<boolean> {
    try {
      // A secret that waits for its deletion can still be described.
      return (await this.describe(secretArn)).DeletedDate === undefined;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async history(secretArn: string): Promise<SecretHistory> {
    const listed = await awsCall(`ListSecretVersionIds of ${secretArn}`, this.list(secretArn));
    // Labels and the time of their last change come from one answer, which is newer than the list:
    // a label that moved in between must not look old.
    const secret = await this.describe(secretArn);
    const { VersionIdsToStages = {}, LastChangedDate } = secret;
    const unlisted = Object.keys(VersionIdsToStages).filter((id) => !listed.has(id));
    const versions = [...listed, ...unlisted.map((id) => [id, undefined] as const)];
    return {
      versions: versions.map(
        ([id, createdAt]): SecretVersion => ({
          id,
          stages: VersionIdsToStages[id] ?? [],
          createdAt,
        }),
      ),
      // An unknown time never counts as long ago.
      changedAt: LastChangedDate?.getTime() ?? Number.POSITIVE_INFINITY,
      rotates: secret.RotationEnabled ?? false,
      createdAt: secret.CreatedDate?.getTime(),
      accessedAt: secret.LastAccessedDate?.getTime(),
      deletedAt: secret.DeletedDate?.getTime(),
    };
  }

  async value(secretArn: string, versionId: string, stage?: Stage): Promise<string | undefined> {
    const command = new GetSecretValueCommand({
      SecretId: secretArn,
      VersionId: versionId,
      VersionStage: stage,
    });
    try {
      const answer = await awsCall(`GetSecretValue of ${secretArn}`, this.client.send(command));
      return answer.SecretString ?? "";
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  putPending(secretArn: string, versionId: string, value: string): Promise<void> {
    return this.put(secretArn, versionId, value, "AWSPENDING" satisfies Stage);
  }

  async put(secretArn: string, versionId: string, value: string, label: string): Promise<void> {
    const command = new PutSecretValueCommand({
      SecretId: secretArn,
      ClientRequestToken: versionId,
      SecretString: value,
      VersionStages: [label],
      RotationToken: this.rotationToken,
    });
    await awsCall(`PutSecretValue of ${secretArn}`, this.client.send(command));
  }

  promote(secretArn: string, versionId: string, from: string | undefined): Promise<void> {
    return this.move(secretArn, "AWSCURRENT" satisfies Stage, versionId, from);
  }

  /** Leaves the schedule as it is. */
  async rotate(secretArn: string): Promise<void> {
    const command = new RotateSecretCommand({ SecretId: secretArn });
    await awsCall(`RotateSecret of ${secretArn}`, this.client.send(command));
  }

  abandon(secretArn: string, versionId: string): Promise<void> {
    return this.move(secretArn, "AWSPENDING" satisfies Stage, undefined, versionId);
  }

  async move(
    secretArn: string,
    label: string,
    to: string | undefined,
    from: string | undefined,
  ): Promise<void> {
    const command = new UpdateSecretVersionStageCommand({
      SecretId: secretArn,
      VersionStage: label,
      MoveToVersionId: to,
      RemoveFromVersionId: from,
    });
    await awsCall(`UpdateSecretVersionStage of ${secretArn}`, this.client.send(command));
  }

  private describe(secretArn: string) {
    const command = new DescribeSecretCommand({ SecretId: secretArn });
    return awsCall(`DescribeSecret of ${secretArn}`, this.client.send(command));
  }

  /** Returns the creation time of each version by its id, including versions without a label. */
  private async list(SecretId: string): Promise<Map<string, number | undefined>> {
    const created = new Map<string, number | undefined>();
    const pages = paginateListSecretVersionIds(
      { client: this.client },
      { SecretId, IncludeDeprecated: true },
    );
    for await (const { Versions = [] } of pages) {
      for (const { VersionId, CreatedDate } of Versions) {
        if (VersionId !== undefined) created.set(VersionId, CreatedDate?.getTime());
      }
    }
    return created;
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof AwsCallError && error.code === "ResourceNotFoundException";
