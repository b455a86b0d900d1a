import type { Example, LanguageFiles } from "./language-files";

const schema =
  "# yaml-language-server: $schema=../node_modules/cdktf-genesys-orgs/dist/registry.schema.json";

/** Returns the parts of a project without code: its stacks have the OAuth clients of the entries. */
export const yamlFiles = ({ org, environment, home }: Example): LanguageFiles => ({
  app: "node --require cdktf-genesys-orgs/app --eval 0",
  developmentPackages: [],
  ignored: [],
  examples: {
    [`orgs/${org}.yaml`]: `${schema}
# The values are examples.
name: ${org}
environment: ${environment}
organizationId: 4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01 # in Genesys Cloud
genesysRegion: us-east-1
owner: contact-centre
state: { home: ${home} }
vault: { address: "https://vault.example.com" }
aws: { account: "111111111111", region: us-east-1 } # of its secrets
oauthClients:
  - name: crm-sync
    description: Keeps external contacts and the CRM in step
    permissions:
      - { domain: externalContacts, entity: contact, actions: [view, add, edit] }
    classification: { rotationDays: 30, owner: crm-team }
    consumers: ["arn:aws:iam::111111111111:role/crm-sync"]
`,
    "orgs/homes.yaml": `${schema}
# The values are examples.
- name: ${home}
  bucket: example-genesys-state-${home}
  account: "111111111111"
  region: us-east-1
  stateAdmins: ["arn:aws:iam::111111111111:role/platform-state-admin"]
`,
  },
  code: {},
});
