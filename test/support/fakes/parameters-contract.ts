import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { aimAt, holdBehaviours } from "./hold-behaviours";
import type { Behaviour } from "./secrets-manager-contract/behaviour";
import { seen } from "./secrets-manager-contract/contract-secret";

/** The parameters of one folder. */
class ContractParameters {
  constructor(
    private readonly client: SSMClient,
    readonly folder: string,
  ) {}

  put = (name: string, Value = "{}", more: object = {}) =>
    seen(
      this.client
        .send(new PutParameterCommand({ Name: this.path(name), Value, Type: "String", ...more }))
        .then(() => "put"),
    );

  read = (name: string) =>
    seen(
      this.client
        .send(new GetParameterCommand({ Name: this.path(name) }))
        .then(({ Parameter }) => Parameter?.Value),
    );

  readAll = (names: readonly string[]) =>
    seen(
      this.client
        .send(new GetParametersCommand({ Names: names.map(this.path) }))
        .then(({ Parameters = [], InvalidParameters = [] }) => [
          Parameters.map(({ Name }) => Name).map(this.short),
          InvalidParameters.map(this.short),
        ]),
    );

  list = (more: object = {}) =>
    this.client.send(new GetParametersByPathCommand({ Path: this.folder, ...more }));

  names = async (more: object = {}) =>
    seen(
      this.list(more).then(({ Parameters = [] }) =>
        Parameters.map(({ Name }) => this.short(Name)).sort(),
      ),
    );

  remove = (name: string) =>
    seen(
      this.client.send(new DeleteParameterCommand({ Name: this.path(name) })).then(() => "removed"),
    );

  private path = (name: string) => `${this.folder}/${name}`;
  private short = (name = "") => name.slice(this.folder.length + 1);
}

const INVALID = "ValidationException";

// The behaviour of SSM on which specification, status and retirement mark of a credential rely.
const BEHAVIOURS: readonly Behaviour<ContractParameters>[] = [
  {
    title: "a parameter is overwritten only on request",
    observe: async (parameters) => [
      await parameters.put("crm/status", "1"),
      await parameters.put("crm/status", "2"),
      await parameters.read("crm/status"),
      await parameters.put("crm/status", "3", { Overwrite: true }),
      await parameters.read("crm/status"),
    ],
    aws: ["put", "ParameterAlreadyExists", "1", "put", "3"],
  },
  {
    title: "a parameter that does not exist is an error to read and to remove",
    observe: async (parameters) => [
      await parameters.read("crm/status"),
      await parameters.remove("crm/status"),
    ],
    aws: ["ParameterNotFound", "ParameterNotFound"],
  },
  {
    title: "a removed parameter does not exist",
    observe: async (parameters) => {
      await parameters.put("crm/retirement");
      const removed = await parameters.remove("crm/retirement");
      return [removed, await parameters.read("crm/retirement")];
    },
    aws: ["removed", "ParameterNotFound"],
  },
  {
    title: "of several parameters, those that do not exist are named",
    observe: async (parameters) => {
      await parameters.put("crm/specification");
      return parameters.readAll(["crm/specification", "crm/status"]);
    },
    aws: [["crm/specification"], ["crm/status"]],
  },
  {
    title: "ten parameters are read at once, and no more",
    observe: (parameters) =>
      parameters.readAll(Array.from({ length: 11 }, (_, index) => `crm/${index}`)),
    aws: INVALID,
  },
  {
    title: "a folder has the parameters of its folders on request",
    observe: async (parameters) => {
      await parameters.put("top");
      await parameters.put("crm/status");
      return [await parameters.names(), await parameters.names({ Recursive: true })];
    },
    aws: [["top"], ["crm/status", "top"]],
  },
  {
    title: "a folder is listed in pages of ten",
    observe: async (parameters) => {
      for (let index = 10; index < 22; index++) await parameters.put(`c${index}`);
      const { Parameters: first = [], NextToken } = await parameters.list();
      const { Parameters: last = [], ...end } = await parameters.list({ NextToken });
      return [first.length, last.length, end.NextToken];
    },
    aws: [10, 2, undefined],
  },
  {
    title: "a page has no more than ten parameters",
    observe: (parameters) => parameters.names({ MaxResults: 11 }),
    aws: INVALID,
  },
  {
    title: "a value has 4 KB, or 8 KB when AWS may choose the tier",
    observe: async (parameters) => {
      const Tier = "Intelligent-Tiering";
      return [
        await parameters.put("a", "x".repeat(4096)),
        await parameters.put("b", "x".repeat(4097)),
        await parameters.put("c", "x".repeat(8192), { Tier }),
        await parameters.put("d", "x".repeat(8193), { Tier }),
      ];
    },
    aws: ["put", INVALID, "put", INVALID],
    moto: { differs: "values of any size", sees: ["put", "put", "put", "put"] },
  },
];

/** @param moto whether moto's differences are expected */
export function holdParametersAgainstContract(
  start: () => Promise<{ readonly url: string; stop(): Promise<void> }>,
  moto: boolean,
): void {
  let server: Awaited<ReturnType<typeof start>>;
  let client: SSMClient;
  let count = 0;
  beforeAll(async () => {
    server = await start();
    client = new SSMClient(aimAt(server.url));
  });
  afterAll(async () => {
    client?.destroy();
    await server?.stop();
  });
  holdBehaviours(
    BEHAVIOURS,
    () => new ContractParameters(client, `/genesys/test/contract-${++count}`),
    moto,
  );
}
