import { secretNameIn } from "../../lib/inventory/readers";

const ARN = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na/crm-sync";

test.each([
  ["/genesys/production/na/crm-sync", "/genesys/production/na/crm-sync"],
  [`${ARN}-Ab3dEf`, "/genesys/production/na/crm-sync"],
  [ARN, "/genesys/production/na/crm-sync"],
  ["arn:aws-us-gov:secretsmanager:us-gov-west-1:111111111111:secret:a-Ab3dEf", "a"],
])("%s is the secret %s", (secretId, name) => expect(secretNameIn(secretId)).toBe(name));
