// Makes models.json: the fields of the Platform API's models that the fake organisation has, and their types.
// Run as `node test/support/fakes/organization/derive-models.mjs <folder>` with the unpacked npm package
// purecloud-platform-client-v2@262.0.0.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MODELS = `
AuthzDivision DomainOrganizationRole RoutingSkill Language WrapupCode Queue User Group Schedule ScheduleGroup
EmergencyGroup LocationDefinition Integration IntegrationConfiguration DataTable OAuthClient Flow Script IVR Site
VoicemailUserPolicy VoicemailGroupPolicy QueueMember
Division StarrableDivision WritableDivision DomainEntityRef AcwSettings QueueMediaSettings MediaSettings
CallbackMediaSettings EmailMediaSettings MessageMediaSettings MessageSubtypeSettings ServiceLevel RoutingRule
ConditionalGroupRouting ConditionalGroupRoutingRule ConditionalGroupActivation ConditionalGroupActivationRule
ConditionalGroupActivationPilotRule ConditionalGroupActivationCondition ConditionalGroupActivationSimpleMetric
Bullseye Ring ExpansionCriterium Actions SkillsToRemove MemberGroup AgentOwnedRouting DirectRouting
DirectRoutingMediaSettings CannedResponseLibraries UserRoutingSkill UserRoutingLanguage Location EmployerInfo Contact
GroupContact DomainPermissionPolicy DomainResourceConditionNode DomainResourceConditionValue RoleDivision
EmergencyCallFlow LocationAddress LocationEmergencyNumber IntegrationType IntegrationStatusInfo CredentialInfo
CredentialType JsonSchemaDocument QueueFullReference MessageInfo
`;

const [folder = "."] = process.argv.slice(2);
const text = readFileSync(join(folder, "index.d.ts"), "utf8");
const models = Object.fromEntries(
  MODELS.trim()
    .split(/\s+/)
    .sort()
    .map((name) => [name, fieldsOf(name)]),
);
writeFileSync(new URL("models.json", import.meta.url), `${JSON.stringify(models, null, 2)}\n`);

function fieldsOf(name) {
  const [, body] =
    new RegExp(`export interface ${name} \\{ ?\\n([\\s\\S]*?)\\n\\t\\}`).exec(text) ?? [];
  if (body === undefined) throw new Error(`there is no model ${name}`);
  const fields = [...body.matchAll(/^\t\t"([$\w]+)"\??: (.+);$/gm)];
  return Object.fromEntries(fields.map(([, field, type]) => [field, type]));
}
