import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";

// What Secrets Manager does, as far as a rotation relies on it: shared/facts/rotation.md 1 and 9.
// Runs against the fake in `npm test`, and against moto in `npm run test:e2e`. Where the two answer
// differently the fake follows AWS, and the case says what moto does.

/** A server that is held against the suite. */
export interface ContractServer {
  readonly url: string;
  /** A rotation function that does nothing. */
  readonly functionArn: string;
  stop(): Promise<void>;
}

interface Behaviour {
  readonly title: string;
  /** What a client sees. */
  readonly observe: (secret: ContractSecret) => Promise<unknown>;
  readonly aws: unknown;
  readonly moto?: { readonly differs: string; readonly sees: unknown };
}

/** @param moto whether what moto does differently is expected */
export function holdAgainstContract(start: () => Promise<ContractServer>, moto: boolean): void {
  let server: ContractServer;
  let client: SecretsManagerClient;
  let count = 0;
  beforeAll(async () => {
    server = await start();
    client = new SecretsManagerClient({
      endpoint: server.url,
      region: "us-east-1",
      credentials: { accessKeyId: "TEST", secretAccessKey: "test-secret-key" },
      maxAttempts: 1,
    });
  });
  afterAll(async () => {
    client?.destroy();
    await server?.stop();
  });
  for (const { title, observe, aws, moto: other } of BEHAVIOURS) {
    const differs = moto ? other : undefined;
    test(differs ? `${title} [moto differs: ${differs.differs}]` : title, async () => {
      const name = `/genesys/test/org/contract-${++count}`;
      const secret = new ContractSecret(client, name, server.functionArn);
      await secret.create();
      expect(await observe(secret)).toEqual(differs ? differs.sees : aws);
    });
  }
}

const V1 = "version-1-of-the-secret-under-test";
const V2 = "version-2-of-the-secret-under-test";
const V3 = "version-3-of-the-secret-under-test";

/** One secret, as a client sees it. */
class ContractSecret {
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

  cancel = () => this.client.send(new CancelRotateSecretCommand(this.id()));

  list = (more: object = {}) =>
    this.client.send(new ListSecretVersionIdsCommand({ ...this.id(), ...more }));

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

  /** The same client, and another secret, or another name of this one. */
  named = (name: string) => new ContractSecret(this.client, name, this.functionArn);

  private id = () => ({ SecretId: this.name });
}

/** What came, or the name of the error. */
const seen = async (result: Promise<unknown>): Promise<unknown> =>
  result.catch((error: Error) => error.name);

const NOT_FOUND = "ResourceNotFoundException";
const EXISTS = "ResourceExistsException";
const INVALID_REQUEST = "InvalidRequestException";
const INVALID_PARAMETER = "InvalidParameterException";
/** What the SDK makes of a server's page that says "Internal Server Error". */
const NO_ANSWER = "SyntaxError";

const BEHAVIOURS: readonly Behaviour[] = [
  {
    title: "a new secret has no version, no value and no rotation",
    observe: async (secret) => {
      const { VersionIdsToStages, RotationEnabled } = await secret.describe();
      return [VersionIdsToStages, RotationEnabled, await secret.value(), await secret.listed()];
    },
    aws: [undefined, undefined, NOT_FOUND, []],
  },
  {
    title: "a name is given once",
    observe: (secret) => seen(secret.create()),
    aws: EXISTS,
  },
  {
    title: "a secret is found by its ARN, which ends with its name and six characters",
    observe: async (secret) => {
      const { ARN = "", Name = "" } = await secret.describe();
      const found = await secret.named(ARN).describe();
      return [found.Name === Name, ARN.split(":secret:")[1]?.replace(Name, "").length];
    },
    aws: [true, 7],
  },
  {
    title: "an unknown secret is an error",
    observe: async (secret) => {
      const unknown = secret.named("/genesys/test/org/unknown");
      return Promise.all([
        seen(unknown.describe()),
        unknown.value(),
        seen(unknown.put(V1)),
        seen(unknown.move("AWSCURRENT", V1)),
        seen(unknown.rotate(V1)),
        seen(unknown.cancel()),
      ]);
    },
    aws: Array(6).fill(NOT_FOUND),
  },
  {
    title: "the versions of an unknown secret cannot be listed",
    observe: (secret) => seen(secret.named("/genesys/test/org/unknown").list()),
    aws: NOT_FOUND,
    moto: { differs: "it fails itself", sees: NO_ANSWER },
  },

  // Values
  {
    title: "a value is put as the current one, and the one before it is the previous one",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.put(V2, "test-secret-2");
      return [
        await secret.labels(),
        await secret.value(),
        await secret.value({ VersionStage: "AWSPREVIOUS" }),
        await secret.value({ VersionId: V1 }),
        await secret.value({ VersionId: V2, VersionStage: "AWSCURRENT" }),
      ];
    },
    aws: [
      { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT"] },
      "test-secret-2",
      "test-secret-1",
      "test-secret-1",
      "test-secret-2",
    ],
  },
  {
    title: "the first value is the current one, whatever it was put as",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1", ["AWSPENDING"]);
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT", "AWSPENDING"] },
  },
  {
    title: "a value that is put as the pending one leaves the current one alone",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] },
  },
  {
    title: "the same value under the same token does nothing",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.put(V2, "test-secret-2");
      const { VersionId } = await secret.put(V1, "test-secret-1");
      return [VersionId, await secret.labels()];
    },
    aws: [V1, { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT"] }],
  },
  {
    title: "another value under the same token is an error, and is not kept",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      return [await seen(secret.put(V1, "test-secret-2")), await secret.value()];
    },
    aws: [EXISTS, "test-secret-1"],
  },
  {
    title: "another value of the pending version is an error, and is not kept",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      const again = secret.put(V2, "test-secret-3", ["AWSPENDING"]);
      return [
        await seen(again.then(({ VersionId }) => VersionId)),
        await secret.value({ VersionId: V2 }),
      ];
    },
    aws: [EXISTS, "test-secret-2"],
    moto: { differs: "a pending version is overwritten", sees: [V2, "test-secret-3"] },
  },
  {
    title: "a token has 32 characters at least",
    observe: (secret) => seen(secret.put("v1")),
    aws: INVALID_PARAMETER,
  },
  {
    title: "what is not there has no value",
    observe: async (secret) => {
      await secret.put(V1);
      return [
        await secret.value({ VersionId: V2 }),
        await secret.value({ VersionStage: "AWSPENDING" }),
        await secret.value({ VersionId: V1, VersionStage: "AWSPENDING" }),
      ];
    },
    aws: [NOT_FOUND, NOT_FOUND, INVALID_REQUEST],
  },

  // Labels
  {
    title:
      "a promoted version keeps its other label, and the one before it becomes the previous one",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.move("AWSCURRENT", V2, V1);
      return [await secret.labels(), await secret.value()];
    },
    aws: [{ [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT", "AWSPENDING"] }, "test-secret-2"],
    moto: {
      differs: "without a label it is the value that was put last as the current one",
      sees: [{ [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT", "AWSPENDING"] }, "test-secret-1"],
    },
  },
  {
    title: "moved back, the label leaves the newer version as the previous one",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2");
      await secret.move("AWSCURRENT", V1, V2);
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT"], [V2]: ["AWSPREVIOUS"] },
  },
  {
    title: "a version that lost its last label is not described any more",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.move("AWSPENDING", undefined, V2);
      return [await secret.labels(), await secret.value({ VersionId: V2 })];
    },
    aws: [{ [V1]: ["AWSCURRENT"] }, "test-secret-2"],
    moto: {
      differs: "it is described, with no label",
      sees: [{ [V1]: ["AWSCURRENT"], [V2]: [] }, "test-secret-2"],
    },
  },
  {
    title: "the current label moves only when its version is named",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      return [
        await seen(secret.move("AWSCURRENT", V2)),
        await seen(secret.move("AWSCURRENT", V2, V2)),
        await seen(secret.move("AWSCURRENT", V2, V3)),
        await secret.labels(),
      ];
    },
    aws: [
      INVALID_PARAMETER,
      INVALID_PARAMETER,
      INVALID_PARAMETER,
      { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] },
    ],
  },
  {
    title: "any other label moves only when its version is named",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      const moved = await seen(secret.move("AWSPENDING", V1).then(() => "moved"));
      return [moved, await secret.labels()];
    },
    aws: [INVALID_PARAMETER, { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }],
    moto: {
      differs: "the label is on two versions then",
      sees: ["moved", { [V1]: ["AWSCURRENT", "AWSPENDING"], [V2]: ["AWSPENDING"] }],
    },
  },
  {
    title: "a label is taken only from the version that has it, and so moves once",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.move("AWSCURRENT", V2, V1);
      return [
        await seen(secret.move("AWSCURRENT", V2, V1)),
        await seen(secret.move("AWSPENDING", undefined, V1)),
        await secret.labels(),
      ];
    },
    aws: [
      INVALID_PARAMETER,
      INVALID_PARAMETER,
      { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT", "AWSPENDING"] },
    ],
  },
  {
    title: "a label that could not be moved stays",
    observe: async (secret) => {
      await secret.put(V1);
      await seen(secret.move("AWSCURRENT", V2, V1));
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT"] },
    moto: { differs: "the label is lost", sees: { [V1]: [] } },
  },

  // The list of versions
  {
    title: "versions without a label are listed when that is asked for",
    observe: async (secret) => {
      for (const version of [V1, V2, V3]) await secret.put(version, `test-secret-${version}`);
      return [await secret.listed(), await secret.listed({ IncludeDeprecated: true })];
    },
    aws: [
      [V2, V3],
      [V1, V2, V3],
    ],
    moto: {
      differs: "they always are",
      sees: [
        [V1, V2, V3],
        [V1, V2, V3],
      ],
    },
  },
  {
    title: "versions are listed in pages",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2);
      const { Versions, NextToken } = await secret.list({ MaxResults: 1 });
      if (!NextToken) return Versions?.length;
      const last = await secret.list({ MaxResults: 1, NextToken });
      return [Versions?.length, last.Versions?.length, last.NextToken];
    },
    aws: [1, 1, undefined],
    moto: { differs: "all come at once", sees: 2 },
  },
  {
    title: "listed versions have their labels, a date, and the secret's ARN",
    observe: async (secret) => {
      await secret.put(V1);
      const { ARN, Versions } = await secret.list();
      return [
        ARN === (await secret.describe()).ARN,
        Versions?.map(({ VersionStages, CreatedDate }) => [
          VersionStages,
          CreatedDate instanceof Date,
        ]),
      ];
    },
    aws: [true, [[["AWSCURRENT"], true]]],
    moto: { differs: "the name in place of the ARN", sees: [false, [[["AWSCURRENT"], true]]] },
  },

  // Rotation
  {
    title: "a rotation begins with a pending version that has no value",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      const { VersionId } = await secret.rotate(V2);
      return [
        VersionId,
        await secret.labels(),
        await secret.value({ VersionId: V2, VersionStage: "AWSPENDING" }),
        await secret.value({ VersionStage: "AWSPENDING" }),
        await secret.value({ VersionStage: "AWSCURRENT" }),
      ];
    },
    aws: [
      V2,
      { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] },
      NOT_FOUND,
      NOT_FOUND,
      "test-secret-1",
    ],
  },
  {
    title: "while a rotation is in progress the current value is read without a label, too",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.rotate(V2);
      return secret.value();
    },
    aws: "test-secret-1",
    moto: { differs: "the pending version is read", sees: NOT_FOUND },
  },
  {
    title: "the pending version is given its value once",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.rotate(V2);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      return [await secret.labels(), await secret.value({ VersionStage: "AWSPENDING" })];
    },
    aws: [{ [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }, "test-secret-2"],
  },
  {
    title: "a secret without a value is rotated, and its first version is promoted from none",
    observe: async (secret) => {
      const begun = [await seen(secret.rotate(V1).then(() => "begun")), await secret.labels()];
      await secret.put(V1, "test-secret-1", ["AWSPENDING"]);
      const before = await secret.value();
      await seen(secret.move("AWSCURRENT", V1));
      return [...begun, before, await secret.labels()];
    },
    aws: ["begun", { [V1]: ["AWSPENDING"] }, NOT_FOUND, { [V1]: ["AWSCURRENT", "AWSPENDING"] }],
    moto: {
      differs: "it fails itself, and the first value is the current one at once",
      sees: [NO_ANSWER, {}, "test-secret-1", { [V1]: ["AWSCURRENT", "AWSPENDING"] }],
    },
  },
  {
    title: "no rotation begins while another version is pending",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2);
      const again = await seen(secret.rotate(V3).then(() => "begun"));
      await secret.move("AWSPENDING", undefined, again === "begun" ? V3 : V2);
      return [again, await seen(secret.rotate(V3).then(() => "begun"))];
    },
    aws: [INVALID_REQUEST, "begun"],
    moto: { differs: "it takes the label from the other", sees: ["begun", "begun"] },
  },
  {
    title: "a rotation begins when the current version still is the pending one",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1", ["AWSCURRENT", "AWSPENDING"]);
      const begun = await seen(secret.rotate(V2).then(() => "begun"));
      return [begun, await secret.labels()];
    },
    aws: ["begun", { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }],
    moto: {
      differs: "it is refused then, and then alone",
      sees: [INVALID_REQUEST, { [V1]: ["AWSCURRENT", "AWSPENDING"] }],
    },
  },
  {
    title: "without a function there is no rotation",
    observe: async (secret) => {
      await secret.put(V1);
      const begun = await seen(
        secret.rotate(V2, { RotationLambdaARN: undefined }).then(() => "done"),
      );
      return [begun, await secret.labels()];
    },
    aws: [INVALID_REQUEST, { [V1]: ["AWSCURRENT"] }],
    moto: {
      differs: "an empty version is made the current one",
      sees: ["done", { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT"] }],
    },
  },
  {
    title: "a secret says what rotates it, and when it changed",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2);
      const { RotationEnabled, RotationLambdaARN, RotationRules, LastChangedDate } =
        await secret.describe();
      return [
        RotationEnabled,
        RotationLambdaARN?.split(":").at(-1),
        RotationRules,
        LastChangedDate instanceof Date,
      ];
    },
    aws: [true, "rotator", { AutomaticallyAfterDays: 30 }, true],
  },
  {
    title: "a cancelled rotation leaves its pending version",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2);
      const { VersionId } = await secret.cancel();
      const { RotationEnabled } = await secret.describe();
      return [VersionId, RotationEnabled, await secret.labels()];
    },
    aws: [V2, false, { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }],
  },
  {
    title: "what does not rotate cannot be cancelled",
    observe: (secret) => seen(secret.cancel()),
    aws: INVALID_REQUEST,
  },
  {
    title: "a function is tried with a version that is gone afterwards",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2, { RotateImmediately: false });
      return [await secret.labels(), await secret.value({ VersionId: V2 })];
    },
    aws: [{ [V1]: ["AWSCURRENT"] }, NOT_FOUND],
    moto: {
      differs: "the version stays, and is pending",
      sees: [{ [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }, NOT_FOUND],
    },
  },
];
