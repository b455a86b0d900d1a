import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";

/** One secret, as a client sees it. */
export class ContractSecret {
  constructor(
    private readonly client: SecretsManagerClient,
    private readonly name: string,
    private readonly functionArn: string,
  ) {}

  create = () => this.client.send(new CreateSecretCommand({ Name: this.name }));

  describe = () => this.client.send(new DescribeSecretCommand(this.id()));

  put = (ClientRequestToken: string, value = "test-secret-1", VersionStages?: string[]) =>
    this.client.send(
      new PutSecretValueCommand({
        ...this.id(),
        ClientRequestToken,
        SecretString: value,
        VersionStages,
      }),
    );

  move = (VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
    this.client.send(
      new UpdateSecretVersionStageCommand({
        ...this.id(),
        VersionStage,
        MoveToVersionId,
        RemoveFromVersionId,
      }),
    );

  rotate = (ClientRequestToken: string, more: object = {}) =>
    this.client.send(
      new RotateSecretCommand({
        ...this.id(),
        ClientRequestToken,
        RotationLambdaARN: this.functionArn,
        RotationRules: { AutomaticallyAfterDays: 30 },
        ...more,
      }),
    );

  /** Schedules its deletion. */
  delete = (more: object = {}) =>
    this.client.send(new DeleteSecretCommand({ ...this.id(), ...more }));

  cancel = () => this.client.send(new CancelRotateSecretCommand(this.id()));

  list = (more: object = {}) =>
    this.client.send(new ListSecretVersionIdsCommand({ ...this.id(), ...more }));

  /** Names of the secrets that begin so. */
  async namesBelow(prefix: string, IncludePlannedDeletion: boolean): Promise<string[]> {
    const Filters = [{ Key: "name" as const, Values: [prefix] }];
    const command = new ListSecretsCommand({ Filters, IncludePlannedDeletion });
    const { SecretList = [] } = await this.client.send(command);
    return SecretList.map(({ Name = "" }) => Name);
  }

  async listed(more: object = {}): Promise<(string | undefined)[]> {
    return (await this.list(more)).Versions?.map(({ VersionId }) => VersionId) ?? [];
  }

  async value(of: { VersionId?: string; VersionStage?: string } = {}): Promise<unknown> {
    const command = new GetSecretValueCommand({ ...this.id(), ...of });
    return seen(this.client.send(command).then(({ SecretString }) => SecretString));
  }

  /** Labels by version. */
  async labels(): Promise<Record<string, string[]>> {
    const { VersionIdsToStages = {} } = await this.describe();
    return Object.fromEntries(
      Object.entries(VersionIdsToStages).map(([id, stages]) => [id, [...stages].sort()]),
    );
  }

  /** Returns the same client for another secret, or for another name of this one. */
  named = (name: string) => new ContractSecret(this.client, name, this.functionArn);

  private id = () => ({ SecretId: this.name });
}

/** Returns the answer, or the name of the error. */
export const seen = async (result: Promise<unknown>): Promise<unknown> =>
  result.catch((error: Error) => error.name);
