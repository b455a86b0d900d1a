import type { AccessEvent, CLIENT_EVENT } from "../../registry/monitoring-names";

/** The text of an alert. */
export interface AlertText {
  /** What happened; a part in angle brackets is a value of the event. */
  readonly what: string;
  /** What to do. */
  readonly action: string;
}

// CloudTrail may record a caller of another account without an ARN.
const READER = "<who> (account <account>), from the address <address>, at <time>";

const REPLACE =
  'for an OAuth client, run "genesys-orgs revoke <org> <credential>"; replace any other secret at its provider, and put the new value';

/** The texts of the alerts, without the name of the org. */
export const ALERT_TEXTS: Readonly<Record<AccessEvent | typeof CLIENT_EVENT, AlertText>> = {
  "unexpected-read": {
    what: `the secret <secret> was read by a principal that is not one of its consumers: ${READER}`,
    action: `If it is a consumer, add it to "consumers" in the registry. If nobody can explain the read, the credential has leaked: ${REPLACE}. Then remove the permission`,
  },
  "access-denied": {
    what: `AWS denied <event> on a secret to ${READER}. <error>`,
    action:
      'If it is a consumer, add it to "consumers" in the registry, or give its role the permission. Otherwise ask its owner what it looks for',
  },
  "secret-deleted": {
    what: `the secret <secret> was deleted by ${READER}`,
    action:
      'Unless this was planned, run "aws secretsmanager restore-secret --secret-id <secret>" before the recovery window ends: its consumers cannot read it until then',
  },
  "policy-changed": {
    what: `the resource policy of the secret <secret> was changed (<event>) by ${READER}, and not by Terraform`,
    action:
      "Apply the organisation's stack, which puts the policy back, and look for reads of this secret since then",
  },
  "rotation-cancelled": {
    what: `the rotation of the secret <secret> was switched off, or got another function or schedule (<event>), by ${READER}`,
    action:
      "Unless this was planned, apply the organisation's stack, which puts the rotation back. Another function could read the secret and change its value: look for such calls since then",
  },
  "value-changed": {
    what: `the value or a label of the secret <secret> was changed (<event>) by ${READER}, and not by the rotation`,
    action: `Unless this was a planned rollback, or a new value of a secret that people write, consumers may use a value that somebody else chose: ${REPLACE}`,
  },
  "replica-stopped": {
    what: `the copies of the secret <secret> in other regions were changed (<event>) by ${READER}`,
    action:
      "Unless this was planned, apply the organisation's stack. After StopReplicationToReplica, a copy keeps its value, and stops working after the next rotation. After ReplicateSecretToRegions, there may be a copy whose readers no alert tells of: remove its region",
  },
  "rotation-unsuccessful": {
    what: "Secrets Manager reports <event> for the secret <secret>, at <time>",
    action:
      'The previous value still works. The rotator\'s log has the reason. The rotation starts again by itself; if it does not, start it with "aws secretsmanager rotate-secret --secret-id <secret>"',
  },
  "client-changed": {
    what: "<event> of the OAuth client <name> (<client>) in Genesys Cloud, by the user <user> or the client <by>, at <time>, and not by the rotator",
    action:
      "If nobody can explain it, revoke the credential of this client, and look for other changes of that user or client in the audit log of Genesys Cloud",
  },
};

const DETAIL = "$.detail";
const TRAIL = {
  who: `${DETAIL}.userIdentity.arn`,
  account: `${DETAIL}.userIdentity.accountId`,
  address: `${DETAIL}.sourceIPAddress`,
  time: "$.time",
  event: `${DETAIL}.eventName`,
  secret: `${DETAIL}.requestParameters.secretId`,
  error: `${DETAIL}.errorMessage`,
};
const AUDIT = `${DETAIL}.eventBody`;

/** Where the values of an alert are in its event. */
function pathsOf(event: keyof typeof ALERT_TEXTS): Readonly<Record<string, string>> {
  if (event === "rotation-unsuccessful") {
    return { ...TRAIL, secret: `${DETAIL}.additionalEventData.SecretId` };
  }
  if (event !== "client-changed") return TRAIL;
  return {
    time: "$.time",
    event: `${AUDIT}.action`,
    name: `${AUDIT}.entity.name`,
    client: `${AUDIT}.entity.id`,
    user: `${AUDIT}.userId`,
    by: `${AUDIT}.clientId.id`,
  };
}

/**
 * Returns how EventBridge makes the alert of an event: the values that it takes from the event, and a text
 * with them.
 */
export function alertOf(
  org: string,
  event: keyof typeof ALERT_TEXTS,
): { inputPaths: Record<string, string>; inputTemplate: string } {
  const { what, action } = ALERT_TEXTS[event];
  // A name in angle brackets must be in the paths: EventBridge refuses any other.
  const text = `${org}: ${what}. ${action}.`
    .replaceAll("<org>", org)
    .replaceAll("<credential>", "CREDENTIAL");
  const used = Object.entries(pathsOf(event)).filter(([name]) => text.includes(`<${name}>`));
  return {
    inputPaths: Object.fromEntries(used),
    // EventBridge takes a text in quotes.
    inputTemplate: JSON.stringify(text.replaceAll('"', "'")),
  };
}
