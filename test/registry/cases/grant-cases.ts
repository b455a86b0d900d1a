import type { BadRegistry } from "../patched";

const ID = "33333333-3333-4333-8333-333333333333";
const ids = (count: number) => Array.from({ length: count }, () => ID);

const condition = (terms: unknown) => ({
  "orgs/0/oauthClients/0/permissions/0/conditions": { conjunction: "AND", terms },
});

const term = (operands: unknown) => [{ variable: "Conversation.queues", operator: "IN", operands }];

const PATH = "na-prod: oauthClients[0].permissions[0].conditions";

/** Existing roles of OAuth clients, and conditions of their permissions, each wrong by itself. */
export const GRANT_CASES: readonly BadRegistry[] = [
  {
    what: "a role by its name",
    patch: { "orgs/0/oauthClients/0/roles": ["Supervisor"] },
    problems: [
      'na-prod: oauthClients[0].roles[0] is "Supervisor": give the id of a Genesys Cloud role, a UUID [client-role]',
    ],
  },
  {
    what: "no role in the list of roles",
    patch: { "orgs/0/oauthClients/0/roles": [] },
    problems: [
      "na-prod: oauthClients[0].roles is an empty list: leave it out, or name at least one [client-role]",
    ],
  },
  {
    what: "more roles in divisions than the rotator's specification has room for",
    patch: {
      "orgs/0/oauthClients/0/roles": ids(7),
      "orgs/0/oauthClients/0/divisions": ids(10),
    },
    problems: [
      "na-prod: oauthClients[0].roles is a list: give at most 70 roles; each counts once for each division [grant-count]",
    ],
  },
  {
    what: "a condition without terms",
    patch: condition([]),
    problems: [`${PATH}.terms is an empty list: give at least one term [permission-terms]`],
  },
  {
    what: "a conjunction that Genesys Cloud does not have",
    patch: {
      "orgs/0/oauthClients/0/permissions/0/conditions": {
        conjunction: "NOT",
        terms: term([{ type: "SCALAR", value: "1" }]),
      },
    },
    problems: [`${PATH}.conjunction is "NOT": use one of AND, OR [permission-conjunction]`],
  },
  {
    what: "a queue in a condition by its name",
    patch: condition(term([{ type: "QUEUE", queueId: "Sales" }])),
    problems: [
      `${PATH}.terms[0].operands[0].queueId is "Sales": give the id of a queue, a UUID [permission-operand]`,
    ],
  },
  {
    what: "an operand of an unknown type",
    patch: condition(term([{ type: "GROUP", value: "1" }])),
    problems: [
      `${PATH}.terms[0].operands[0].type is "GROUP": use one of QUEUE, USER, SCALAR, VARIABLE [permission-operand]`,
    ],
  },
  {
    what: "an operand that Terraform would evaluate",
    patch: condition(term([{ type: "SCALAR", value: "${path.module}" }])),
    problems: [
      `${PATH}.terms[0].operands[0].value is "\${path.module}": give 1 to 200 characters, without \${ and %{ [permission-operand]`,
    ],
  },
];
