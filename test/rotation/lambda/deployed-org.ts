import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { unzipSync } from "fflate";
import type { RetirementAnswer, RetirementRequest } from "../../../lib/rotation/retirement-request";
import { type AwsHttp, startAwsHttp } from "../../support/fakes/aws-http";
import { FakeGenesys, type Fault, type Unknowns } from "../../support/fakes/fake-genesys";
import {
  type FakeSecret,
  FakeSecretsManager,
  type RotationEvent,
} from "../../support/fakes/fake-secrets-manager";
import { startGenesysHttp } from "../../support/fakes/genesys-http";
import { routeFetch } from "../../support/fakes/route-fetch";
import { temporaryFolder } from "../../support/folders";
import { STEPS } from "../rotation-world";

const ORG_ID = "11111111-1111-4111-8111-111111111111";
const NAME_PREFIX = "/genesys/production/na-prod/";
const ARN_PREFIX = `arn:aws:secretsmanager:us-east-1:111111111111:secret:${NAME_PREFIX}`;
export const MINUTE = 60_000;

type Handler = (event: unknown) => Promise<unknown>;
type LoadedHandler = (event: unknown, context: unknown) => Promise<unknown>;

export const FUNCTION_ARN = "arn:aws:lambda:us-east-1:111111111111:function:genesys-na-prod";

/** The functions as an org's stack deploys them, with AWS and Genesys Cloud on loopback. */
export interface DeployedOrg {
  readonly secrets: FakeSecretsManager;
  readonly parameters: Map<string, string>;
  readonly genesys: FakeGenesys;
  readonly aws: AwsHttp;
  /** Chooses a fault for every request to Genesys Cloud; tests replace it. */
  readonly weather: { fault: (call: string) => Fault };
  readonly master: FakeSecret;
  /** Lines that the functions printed. */
  readonly printed: string[];
  readonly rotator: Handler;
  readonly reconciler: Handler;
  /** Calls the reconciler by another name than its own, such as an alias. */
  reconcilerAs(invokedFunctionArn: unknown, event?: unknown): Promise<unknown>;
  /** Creates a credential with its empty secret, as Terraform does. */
  credential(name: string): FakeSecret;
  /** Creates the secret of a credential that is not an OAuth client, as Terraform does. */
  managed(name: string, patch?: object): FakeSecret;
  /** Does a whole rotation, as Secrets Manager does. */
  rotate(secret: FakeSecret): Promise<void>;
  retire(request: RetirementRequest): Promise<RetirementAnswer>;
  /** Destroys a credential, or without a name the whole stack, as Terraform does. */
  destroy(credential?: string): Promise<unknown>;
  clientsOf(secret: FakeSecret): { readonly id: string; readonly state: unknown }[];
  /** Lets time pass. */
  pass(milliseconds: number): void;
  /** Returns everything that the functions printed and threw. */
  log(): string;
  /** Starts new processes, with nothing in memory. */
  coldStart(): void;
  stop(): Promise<void>;
}

export async function deployOrg(
  environment: Readonly<Record<string, string>> = {},
  unknowns: Partial<Unknowns> = {},
): Promise<DeployedOrg> {
  // Handlers, fakes and test share one time. Timers stay real, since sockets need them.
  jest.useFakeTimers({
    now: Date.parse("2026-11-21T12:00:00Z"),
    doNotFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "setImmediate",
    ].concat(["clearImmediate", "nextTick", "queueMicrotask", "hrtime", "performance"]) as never,
  });
  // No jitter, so that attempts follow each other at once.
  jest.spyOn(Math, "random").mockReturnValue(0);
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const weather = { fault: (_: string): Fault => "none" };
  const genesys = new FakeGenesys({
    clock,
    orgId: ORG_ID,
    unknowns: { creators: false, modifies: true, ...unknowns },
    fault: (call) => weather.fault(call),
  });
  const secrets = new FakeSecretsManager({ clock });
  const parameters = new Map<string, string>();
  const aws = await startAwsHttp({ secrets, parameters });
  const http = await startGenesysHttp(genesys);
  const routed = routeFetch(http.routesOf("mypurecloud.com"));
  const master = secrets.create(`${NAME_PREFIX}_master`);
  const { id, secret: clientSecret } = genesys.seed({
    name: "Production-Rotator",
    roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
  });
  master.put(
    "master-1".padEnd(32, "0"),
    JSON.stringify({ client_id: id, client_secret: clientSecret, org_id: ORG_ID }),
    ["AWSCURRENT"],
  );
  const before = { ...process.env };
  Object.assign(process.env, {
    ORG: "na-prod",
    ORGANIZATION_ID: ORG_ID,
    GENESYS_REGION: "us-east-1",
    SECRET_ARN_PREFIX: ARN_PREFIX,
    MASTER_SECRET_ARN: master.arn,
    PROPAGATION_SECONDS: "0",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "TEST",
    AWS_SECRET_ACCESS_KEY: "test-secret-of-aws",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_ENDPOINT_URL_SSM: aws.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws.url,
    ...environment,
  });
  const printed: string[] = [];
  const keep = (...parts: unknown[]) => Boolean(printed.push(parts.map(String).join(" ")));
  jest.spyOn(process.stdout, "write").mockImplementation(keep as never);
  for (const method of ["log", "info", "warn", "error"] as const) {
    jest.spyOn(console, method).mockImplementation(keep);
  }
  // The SDK warns that it will need Node 22; the functions have 24.
  jest.spyOn(process, "emitWarning").mockImplementation(() => {});
  const errors: string[] = [];
  const loaded = { rotator: load("rotator"), reconciler: load("reconciler") };
  const invoke = async (
    name: keyof typeof loaded,
    event: unknown,
    invokedFunctionArn: unknown = `${FUNCTION_ARN}-${name}`,
  ) => {
    try {
      return await loaded[name](JSON.parse(JSON.stringify(event)), { invokedFunctionArn });
    } catch (error) {
      errors.push(allOf(error));
      throw error;
    }
  };
  const rotator: Handler = (event) => invoke("rotator", event);
  const reconciler: Handler = (event) => invoke("reconciler", event);
  let rotations = 0;
  return {
    secrets,
    parameters,
    genesys,
    aws,
    weather,
    master,
    printed,
    rotator,
    reconciler,
    reconcilerAs: (arn, event = {}) => invoke("reconciler", event, arn),
    credential(name) {
      const secret = secrets.create(`${NAME_PREFIX}${name}`);
      secret.rotation = { functionArn: "rotator", enabled: true };
      parameters.set(`${secret.name}/specification`, JSON.stringify(specificationOf(secret)));
      return secret;
    },
    managed(name, patch = {}) {
      const secret = secrets.create(`${NAME_PREFIX}${name}`);
      const record = {
        secretArn: secret.arn,
        kind: "third-party-api-key",
        rotates: false,
        rotationDays: 90,
        graceDays: 3,
        owner: "integration-team",
        ...patch,
      };
      if (record.rotates) secret.rotation = { functionArn: "rotator", enabled: true };
      parameters.set(`${secret.name}/managed`, JSON.stringify(record));
      return secret;
    },
    async rotate(secret) {
      const token = tokenOf(++rotations);
      secret.rotate(token);
      for (const step of STEPS) await rotator(eventOf(secret, token, step));
      secret.complete();
    },
    retire: async (request) => (await reconciler(request)) as RetirementAnswer,
    destroy: (credential) =>
      reconciler({ ...(credential && { credential }), tf: { action: "delete", prev_input: null } }),
    clientsOf: ({ arn }) =>
      [...genesys.clients.values()]
        .filter(({ fields }) => `${fields.description}`.startsWith(arn))
        .map((client) => ({ id: client.id, state: client.fields.state })),
    pass: (milliseconds) => {
      jest.setSystemTime(Date.now() + milliseconds);
    },
    log: () => [...printed, ...errors].join("\n"),
    coldStart() {
      loaded.rotator = load("rotator");
      loaded.reconciler = load("reconciler");
    },
    async stop() {
      process.env = before;
      expect(routed.refused).toEqual([]);
      routed.restore();
      jest.restoreAllMocks();
      jest.useRealTimers();
      await Promise.all([http.stop(), aws.stop()]);
    },
  };
}

export const tokenOf = (number: number): string => `${number}`.padStart(32, "0");

/** Returns an event of Secrets Manager. */
export const eventOf = (
  { arn }: Pick<FakeSecret, "arn">,
  token: string,
  step: RotationEvent["Step"],
): RotationEvent => ({
  Step: step,
  SecretId: arn,
  ClientRequestToken: token,
  RotationToken: "rotation-token",
});

/** Returns the specification that Terraform writes for a credential. */
export const specificationOf = ({ arn, name }: FakeSecret, patch: object = {}) => ({
  secretArn: arn,
  clientName: `Production-${name.split("/").at(-1)}`,
  roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
  accessTokenValiditySeconds: 3600,
  rotationDays: 30,
  ...patch,
});

/** Code of the functions, compiled once: that takes longer than most tests. */
const compiled = new Map<string, (module: { exports: object }) => void>();

/** Starts a function as Lambda does: from the zip, with nothing in memory. */
function load(name: string): LoadedHandler {
  const start = compiled.get(name) ?? compile(name);
  compiled.set(name, start);
  const module = { exports: {} };
  start(module);
  return (module.exports as { handler: LoadedHandler }).handler;
}

function compile(name: string): (module: { exports: object }) => void {
  const zip = readFileSync(join(__dirname, "../../../dist/lambda", `${name}.zip`));
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(unzipSync(zip))) {
    writeFileSync(join(folder, file), content);
  }
  const file = join(folder, "index.js");
  const code = `${readFileSync(file, "utf8")}\n//# sourceURL=${file}`;
  const wrapped = new Function("exports", "require", "module", "__filename", "__dirname", code);
  return (module) => wrapped(module.exports, createRequire(file), module, file, folder);
}

/** Returns everything that Lambda could print of an error. */
function allOf(error: unknown): string {
  if (!(error instanceof Object)) return String(error);
  const names = Object.getOwnPropertyNames(error) as (keyof typeof error)[];
  return names.map((name) => `${name}: ${allOf(error[name])}`).join("\n");
}
