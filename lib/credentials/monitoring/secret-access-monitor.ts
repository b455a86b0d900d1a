import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Aspects, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { checkMonitoring } from "../../registry/checks/monitoring";
import type { Org, OrgMonitoringEntry } from "../../registry/model";
import {
  ACCESS_EVENTS,
  type AccessEvent,
  alertTopicArnOf,
  CLIENT_EVENT,
  eventRuleNameOf,
} from "../../registry/monitoring-names";
import {
  ROTATION_FUNCTIONS,
  rotationRoleArnOf,
  secretArnPrefixesOf,
} from "../../rotation/rotation-names";
import { terraformRolesOf } from "../../rotation/secrets-key-policy";
import { orgFor } from "../../stack/org-of-stack";
import { distinctValues, isToken } from "../../stack/tokens";
import { CredentialSecret } from "../credential-secret";
import { AccessAlarms } from "./access-alarms";
import { alertOf } from "./alert-texts";
import { accessPatterns, clientPattern, patternJson, type Watched } from "./event-patterns";

/** Properties of a {@link SecretAccessMonitor}. Each is by default that of `monitoring` of the org. */
export interface SecretAccessMonitorProps extends OrgMonitoringEntry {
  /** @default - the organisation of the stack */
  readonly org?: Org;
}

/** The events that EventBridge gets only by a rule of this state, since they are reads. */
const READS: readonly AccessEvent[] = ["unexpected-read", "access-denied"];

/**
 * Alerts about odd accesses to the secrets of one org, by rules on events of CloudTrail, and about changes of
 * its OAuth clients by somebody else than the rotator. Every alert says what happened and what to do. An org
 * with `monitoring` in the registry has one in its stack.
 *
 * CloudTrail delivers its events to EventBridge without a guarantee, and only where a trail records management
 * events. A call to a replica in another region is an event of that region.
 */
export class SecretAccessMonitor extends Construct {
  /**
   * @throws UserError when a property breaks a rule of the registry; also at synth, when the roles that may
   *   read secrets do not fit into an event pattern
   */
  constructor(
    scope: Construct,
    id: string,
    { org: given, ...props }: SecretAccessMonitorProps = {},
  ) {
    super(scope, id);
    const org = orgFor(this, given);
    const monitoring = { topicArn: alertTopicArnOf(org), ...org.monitoring, ...props };
    const { topicArn, trailLogGroup, genesysEventBus, masterClientId, mostReadsAnHour } =
      monitoring;
    checkMonitoring(org, isToken(topicArn) ? { ...monitoring, topicArn: undefined } : monitoring);
    const alert = (
      event: AccessEvent | typeof CLIENT_EVENT,
      eventPattern: string,
      bus?: string,
    ) => {
      const rule = new CloudwatchEventRule(this, event, {
        name: eventRuleNameOf(org, event),
        description: `${org.name}: tells of ${event}`,
        eventBusName: bus,
        eventPattern,
        ...(READS.some((read) => read === event) && {
          state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        }),
      });
      new CloudwatchEventTarget(this, `${event}-alert`, {
        rule: rule.name,
        eventBusName: bus,
        targetId: "alert",
        arn: topicArn,
        inputTransformer: alertOf(org.name, event),
      });
      return rule;
    };
    const watched = watchedOf(org);
    const patternOf = (event: AccessEvent) => {
      const readers = monitoring.expectedReaders ?? this.readersOf(org);
      const all = { ...watched, readers: [...readers, ...org.breakGlassRoles, ...ownReaders(org)] };
      return patternJson(org.name, event, accessPatterns(all)[event], readers.filter(isToken));
    };
    const rules = ACCESS_EVENTS.map((event) => ({ event, rule: alert(event, patternOf(event)) }));
    Aspects.of(this).add({
      // Later constructs of the stack may have admitted further readers.
      visit: (construct) => {
        if (construct !== this) return;
        for (const { event, rule } of rules) rule.eventPattern = patternOf(event);
      },
    });
    if (genesysEventBus !== undefined) {
      const pattern = clientPattern(genesysEventBus, masterClientId);
      alert(CLIENT_EVENT, JSON.stringify(pattern), genesysEventBus);
    }
    if (trailLogGroup !== undefined) {
      new AccessAlarms(this, "alarms", { org, watched, trailLogGroup, topicArn, mostReadsAnHour });
    }
  }

  /** The consumers of the registry, and those that constructs of this stack admit. */
  private readersOf(org: Org): string[] {
    const secrets = TerraformStack.of(this)
      .node.findAll()
      .filter((construct) => construct instanceof CredentialSecret);
    return distinctValues(this, [
      ...[...org.oauthClients, ...org.secrets].flatMap(({ consumers }) => consumers),
      ...secrets.flatMap(({ readers }) => readers),
    ]);
  }
}

/** The roles that read and write the org's own credentials, if these are in Secrets Manager. */
function ownReaders(org: Org): string[] {
  if (!org.credentials) return [];
  const { deployers, planners } = terraformRolesOf(org);
  return [...deployers, ...planners, ...org.credentials.operators];
}

const watchedOf = (org: Org): Watched => ({
  secretPrefixes: org.secretPrefixes,
  secretArnPrefixes: secretArnPrefixesOf(org),
  readers: [],
  rotation: ROTATION_FUNCTIONS.map((part) => rotationRoleArnOf(org, part)),
  deployers: [...terraformRolesOf(org).deployers, ...(org.credentials?.operators ?? [])],
});
