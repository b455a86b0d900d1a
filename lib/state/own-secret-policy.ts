import type { PolicyStatement } from "../aws/policy-document";
import { secretPolicy } from "../aws/secret-policy";
import type { Org, VaultCredential } from "../registry/model";
import { rotationRoleArnOf } from "../rotation/rotation-names";
import { terraformRolesOf } from "../rotation/secrets-key-policy";

/** Returns the roles that read one of an org's own credentials, besides the operators. */
function ownSecretReaders(org: Org, credential: VaultCredential): readonly string[] {
  const { deployers, planners } = terraformRolesOf(org);
  switch (credential) {
    case "deployer":
      return deployers;
    case "planner":
      return planners;
    case "master":
      return (["rotator", "reconciler"] as const).map((role) => rotationRoleArnOf(org, role));
  }
}

/** The actions that change a secret, or who may use it. */
const CHANGE = [
  "secretsmanager:CancelRotateSecret",
  "secretsmanager:DeleteResourcePolicy",
  "secretsmanager:DeleteSecret",
  "secretsmanager:PutResourcePolicy",
  "secretsmanager:PutSecretValue",
  "secretsmanager:ReplicateSecretToRegions",
  "secretsmanager:RotateSecret",
  "secretsmanager:TagResource",
  "secretsmanager:UntagResource",
  "secretsmanager:UpdateSecret",
  "secretsmanager:UpdateSecretVersionStage",
];

/**
 * Returns the resource policy of the secret with one of an org's own credentials. Only its readers and
 * the operators read the value, and only the operators and the state admins change the secret: the org's
 * deploy role may change every other secret of the org. It cannot read the master itself, but it can change
 * the code of the rotator, which reads it. An administrator of the account can take over a role that may
 * read, by changing its trust policy.
 */
export function ownSecretPolicy(org: Org, credential: VaultCredential): PolicyStatement[] {
  const { operators = [] } = org.credentials ?? {};
  const { stateAdmins } = org.state.home;
  const keepers = [...new Set([...ownSecretReaders(org, credential), ...operators])];
  return [
    ...secretPolicy({ keepers }),
    {
      Sid: "NobodyElseChanges",
      Effect: "Deny",
      Principal: "*",
      Action: CHANGE,
      Resource: ["*"],
      Condition: {
        ArnNotEquals: { "aws:PrincipalArn": [...new Set([...operators, ...stateAdmins])] },
      },
    },
  ];
}
