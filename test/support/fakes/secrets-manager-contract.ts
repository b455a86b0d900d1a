import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { aimAt, holdBehaviours } from "./hold-behaviours";
import { ContractSecret } from "./secrets-manager-contract/contract-secret";
import { LABELS } from "./secrets-manager-contract/labels";
import { ROTATION } from "./secrets-manager-contract/rotation";
import { SECRETS } from "./secrets-manager-contract/secrets";
import { VALUES } from "./secrets-manager-contract/values";
import { VERSION_LIST } from "./secrets-manager-contract/version-list";

// The behaviour of Secrets Manager on which a rotation relies. Runs against the fake in `npm test`,
// and against moto in `npm run test:e2e`. If their answers differ, the fake follows AWS, and the case
// says what moto does.

/** A server that the suite tests. */
export interface ContractServer {
  readonly url: string;
  /** A rotation function that does nothing. */
  readonly functionArn: string;
  stop(): Promise<void>;
}

const BEHAVIOURS = [...SECRETS, ...VALUES, ...LABELS, ...VERSION_LIST, ...ROTATION];

/** @param moto whether moto's differences are expected */
export function holdAgainstContract(start: () => Promise<ContractServer>, moto: boolean): void {
  let server: ContractServer;
  let client: SecretsManagerClient;
  let count = 0;
  beforeAll(async () => {
    server = await start();
    client = new SecretsManagerClient(aimAt(server.url));
  });
  afterAll(async () => {
    client?.destroy();
    await server?.stop();
  });
  const fresh = async () => {
    const name = `/genesys/test/org/contract-${++count}`;
    const secret = new ContractSecret(client, name, server.functionArn);
    await secret.create();
    return secret;
  };
  holdBehaviours(BEHAVIOURS, fresh, moto);
}
