import { SSMClient } from "@aws-sdk/client-ssm";
import { Parameters } from "../../../lib/rotation/lambda/parameters";
import { ssmOperations } from "../../support/fakes/aws-operations";

const PREFIX = "/genesys/production/na-prod/";
const SECRET_PREFIX = `arn:aws:secretsmanager:us-east-1:111111111111:secret:${PREFIX}`;
const ARN = `${SECRET_PREFIX}crm-AbCdEf`;
const SPECIFICATION = {
  secretArn: ARN,
  clientName: "Production-Crm",
  roleDivisions: [{ roleId: "role", divisionId: "*" }],
  accessTokenValiditySeconds: 3600,
  rotationDays: 30,
};

function setUp(values: Record<string, unknown> = { specification: SPECIFICATION }) {
  const all = new Map(
    Object.entries(values).map(([kind, value]) => [
      `${PREFIX}crm/${kind}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const operations = ssmOperations(all);
  const puts: object[] = [];
  const client = new SSMClient({ region: "us-east-1" });
  jest.spyOn(client, "send").mockImplementation((async (command: { input: object }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    if (operation === "PutParameter") puts.push(command.input);
    return operations[operation]?.({ ...command.input });
  }) as never);
  const configuration = { secretArnPrefix: SECRET_PREFIX, masterArn: `${SECRET_PREFIX}_m-AbCdEf` };
  return { all, puts, parameters: new Parameters(client, configuration as never) };
}

describe("a mark that the credential is being retired", () => {
  test.each([
    ["concerns its secret", { secretArn: ARN }, true],
    ["does not concern a later secret of the name", { secretArn: `${ARN.slice(0, -1)}X` }, false],
    ["concerns any secret if it names none", { since: "2026-01-01" }, true],
    ["concerns any secret if it cannot be read", "{", true],
    ["concerns any secret if it is empty", "", true],
  ])("%s", async (_, retirement, expected) => {
    const { parameters } = setUp({ specification: SPECIFICATION, retirement });
    expect((await parameters.specified("crm")).retiring).toBe(expected);
  });
});

describe("the status", () => {
  test("is kept between runs, and written only when it changes", async () => {
    const { parameters, puts } = setUp();
    const change = (triedAt: number) =>
      parameters.change("crm", (status) => ({ ...status, triedAt }));
    await change(1);
    await change(1);
    await change(2);
    expect((await parameters.read("crm")).status).toEqual({
      versions: {},
      clients: {},
      triedAt: 2,
    });
    expect(puts).toHaveLength(2);
    expect(puts[0]).toMatchObject({ Name: `${PREFIX}crm/status`, Overwrite: true });
  });

  test("is empty if it cannot be read, and the specification is not affected", async () => {
    const { parameters } = setUp({ specification: SPECIFICATION, status: "{" });
    expect(await parameters.specified("crm")).toMatchObject({
      specification: SPECIFICATION,
      status: { versions: {}, clients: {} },
    });
  });

  test("of a credential that left the registry is still known", async () => {
    const { parameters } = setUp({ status: { versions: { v: "client" }, clients: {} } });
    expect(await parameters.all()).toEqual([
      {
        name: "crm",
        retiring: false,
        status: { versions: { v: "client" }, clients: {} },
      },
    ]);
  });
});

test("a specification that is not valid is a problem of its credential alone", async () => {
  const { all, parameters } = setUp();
  all.set(`${PREFIX}exporter/specification`, "{");
  const [crm, exporter] = await parameters.all();
  expect(crm?.problem).toBeUndefined();
  expect(exporter).toMatchObject({ name: "exporter", problem: expect.stringContaining("JSON") });
  await expect(parameters.specified("exporter")).rejects.toThrow("is not a JSON document");
});
