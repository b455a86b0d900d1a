import { SYSTEM_CLOCK } from "../../../lib/http/clock";
import { serve } from "../loopback-front";
import {
  AWS_ACCOUNT,
  AWS_ROLE,
  type AwsKeys,
  holdAwsLoginContract,
  OTHER_PRINCIPAL,
  PRINCIPAL,
  SERVER_ID,
} from "./aws-login-contract";
import { FakeVault, vaultHandler } from "./fake-vault";

const keysOf = (name: string): AwsKeys => ({
  AWS_ACCESS_KEY_ID: `ASIA-${name}`,
  AWS_SECRET_ACCESS_KEY: `test-secret-${name}`,
  AWS_SESSION_TOKEN: `test-secret-session-${name}`,
});
const principalOf = (name: string) => ({
  secretKey: `test-secret-${name}`,
  sessionToken: `test-secret-session-${name}`,
  arn: `arn:aws:sts::${AWS_ACCOUNT}:assumed-role/${name}/me`,
});

holdAwsLoginContract(async () => {
  const names = [PRINCIPAL, OTHER_PRINCIPAL];
  const vault = new FakeVault({
    clock: SYSTEM_CLOCK,
    awsLogins: {
      principals: Object.fromEntries(names.map((name) => [`ASIA-${name}`, principalOf(name)])),
      roles: { [AWS_ROLE]: [`arn:aws:iam::${AWS_ACCOUNT}:role/${PRINCIPAL}`] },
      serverId: SERVER_ID,
    },
  });
  const front = await serve(vaultHandler(vault));
  return {
    address: front.url,
    keys: keysOf(PRINCIPAL),
    otherKeys: keysOf(OTHER_PRINCIPAL),
    stop: () => front.stop(),
  };
});
