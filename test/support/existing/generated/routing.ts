import type { Entity, Json } from "../../fakes/organization/entity";
import type { Build } from "./build";
import { described } from "./names";

export function skills(build: Build, count: number): void {
  for (let index = 0; index < count; index += 1) {
    build.add("routing_skill", { state: "active", version: "1" });
  }
  // The list has it, although it is gone.
  build.add("routing_skill", { name: "Deleted skill", state: "deleted", version: "2" });
}

export function languages(build: Build, count: number): void {
  for (let index = 0; index < count; index += 1) {
    build.add("routing_language", { state: "active", version: "1" });
  }
  build.add("routing_language", { name: "Deleted language", state: "deleted", version: "2" });
}

export function wrapupCodes(build: Build, count: number): void {
  for (let index = 0; index < count; index += 1) {
    build.add("routing_wrapupcode", { ...build.division(), ...described(build.random) });
  }
}

/** @param hasCycle whether two queues are each other's backup */
export function queues(build: Build, count: number, hasCycle: boolean): void {
  const { random, organization } = build;
  for (let index = 0; index < count; index += 1) {
    const id = random.uuid();
    build.add("routing_queue", { id, ...settings(build), ...distribution(build, id) });
  }
  const [first, second] = organization.all("routing_queue");
  if (!hasCycle || !first || !second) return;
  first.directRouting = direct(second.id);
  second.directRouting = direct(first.id);
}

function settings(build: Build): { [name: string]: Json } {
  const { random } = build;
  const flowOf = (type: string) => flow(build, type);
  return {
    ...build.division(),
    ...described(random),
    dateCreated: "2024-05-05T05:05:05.000Z",
    modifiedBy: random.uuid(),
    mediaSettings: media(build),
    acwSettings: random.chance(0.5)
      ? { wrapupPrompt: "MANDATORY_TIMEOUT", timeoutMs: random.pick([300_000, 15_000]) }
      : { wrapupPrompt: random.pick(["OPTIONAL", "MANDATORY", "AGENT_REQUESTED"]) },
    skillEvaluationMethod: random.pick(["ALL", "ALL", "BEST", "NONE"]),
    scoringMethod: random.pick(["TimestampAndPriority", "PriorityOnly"]),
    ...(random.chance(0.5) ? { lastAgentRoutingMode: "AnyAgent" } : {}),
    ...(random.chance(0.4) ? flowOf("queueFlow") : {}),
    ...(random.chance(0.2) ? flowOf("emailInQueueFlow") : {}),
    ...(random.chance(0.2) ? flowOf("messageInQueueFlow") : {}),
    // Nothing here has prompts: an id that no other object has.
    ...(random.chance(0.05) ? { whisperPrompt: { id: random.uuid() } } : {}),
    autoAnswerOnly: random.chance(0.9),
    enableTranscription: random.chance(0.3),
    enableAudioMonitoring: random.chance(0.1),
    enableManualAssignment: random.chance(0.1),
    suppressInQueueCallRecording: random.chance(0.8),
    ...(random.chance(0.3) ? { callingPartyName: 'Acme "Support"' } : {}),
    ...(random.chance(0.3) ? { callingPartyNumber: "+13175550100" } : {}),
    ...(random.chance(0.3) ? { defaultScripts: scripts(build) } : { defaultScripts: {} }),
    ...(random.chance(0.2)
      ? {
          agentOwnedRouting: {
            enableAgentOwnedCallbacks: true,
            maxOwnedCallbackHours: 72,
            maxOwnedCallbackDelayHours: 24,
          },
        }
      : {}),
    ...(random.chance(0.2) ? { cannedResponseLibraries: { mode: "All" } } : {}),
    $members: build.some("user", random.between(0, 12)).map(({ id }) => ({
      id,
      ringNumber: random.chance(0.8) ? 1 : random.between(2, 3),
    })),
    $wrapupCodes: build.some("routing_wrapupcode", random.between(0, 5)).map(({ id }) => id),
  };
}

/** How a queue finds an agent. */
function distribution(build: Build, id: string): { [name: string]: Json } {
  const { random, organization } = build;
  const earlier = organization.all("routing_queue");
  const groups = build.some("group", random.between(0, 2));
  const memberGroups = groups.map((group) => ({ id: group.id, type: "GROUP" }));
  const kind = random.next();
  if (kind < 0.15) return { memberGroups, bullseye: bullseye(build) };
  if (kind < 0.3 && groups.length > 0) {
    const others = random.some(earlier, 1);
    const rules = [id, ...others.map((queue) => queue.id)].map((queue, index) => ({
      queue: { id: queue, selfUri: `/api/v2/routing/queues/${queue}` },
      metric: "EstimatedWaitTime",
      operator: index === 0 ? "GreaterThan" : "LessThanOrEqualTo",
      conditionValue: random.pick([0, 30, 90.5]),
      waitSeconds: random.between(2, 60),
      groups: memberGroups,
    }));
    return { memberGroups, conditionalGroupRouting: { rules } };
  }
  if (kind < 0.4) {
    const routingRules = [
      { operator: "MEETS_THRESHOLD", threshold: 9, waitSeconds: 2.5 },
      { operator: "ANY", threshold: 0, waitSeconds: 5 },
    ];
    return { memberGroups, routingRules };
  }
  if (kind < 0.55 && earlier.length > 0) {
    return { memberGroups, directRouting: direct(random.pick(earlier).id) };
  }
  if (kind < 0.6 && earlier.length > 0 && groups.length > 0) {
    return { memberGroups, conditionalGroupActivation: activation(build, memberGroups) };
  }
  return { memberGroups };
}

function bullseye(build: Build): { [name: string]: Json } {
  const { random } = build;
  const ring = (seconds: number): Json => ({
    expansionCriteria: [{ type: "TIMEOUT_SECONDS", threshold: seconds }],
    actions: {
      skillsToRemove: build.some("routing_skill", random.between(0, 2)).map((skill: Entity) => ({
        id: skill.id,
        name: skill.name ?? null,
        selfUri: `/api/v2/routing/skills/${skill.id}`,
      })),
    },
    memberGroups: build
      .some("group", random.between(0, 1))
      .map(({ id }) => ({ id, type: "GROUP" })),
  });
  return { rings: [30, 45.5, 60].slice(0, random.between(2, 3)).map(ring) };
}

const direct = (backup: string): { [name: string]: Json } => ({
  callMediaSettings: { useAgentAddressOutbound: true },
  emailMediaSettings: { useAgentAddressOutbound: false },
  messageMediaSettings: { useAgentAddressOutbound: true },
  backupQueueId: backup,
  waitForAgent: false,
  agentWaitSeconds: 60,
});

function activation(build: Build, groups: Json[]): { [name: string]: Json } {
  const condition = (): Json => ({
    simpleMetric: { metric: "ServiceLevel", queue: { id: build.any("routing_queue").id } },
    operator: "LessThan",
    value: 0.8,
  });
  return {
    pilotRule: { conditionExpression: "C1", conditions: [condition()] },
    rules: [{ conditionExpression: "C1 and C2", conditions: [condition(), condition()], groups }],
  };
}

function media({ random }: Build): { [name: string]: Json } {
  const level = (percentage: number, durationMs: number): Json => ({ percentage, durationMs });
  const basic = (seconds: number): { [name: string]: Json } => ({
    enableAutoAnswer: random.chance(0.2),
    alertingTimeoutSeconds: seconds,
    serviceLevel: level(random.pick([0.8, 0.95, 1]), random.pick([20_000, 60_000])),
  });
  return {
    call: { ...basic(8), autoAnswerAlertToneSeconds: 1.5, manualAnswerAlertToneSeconds: 1.5 },
    callback: {
      ...basic(30),
      enableAutoDialAndEnd: random.chance(0.2),
      autoDialDelaySeconds: 300,
      autoEndDelaySeconds: 300,
      ...(random.chance(0.5) ? { mode: "AgentFirst" } : {}),
    },
    // Organisations without chat do not have it.
    ...(random.chance(0.6) ? { chat: basic(30) } : {}),
    email: basic(300),
    message: {
      ...basic(30),
      ...(random.chance(0.4)
        ? { subTypeSettings: { webmessaging: { enableAutoAnswer: true } } }
        : {}),
      enableInactivityTimeout: random.chance(0.3),
    },
  };
}

function flow(build: Build, field: string): { [name: string]: Json } {
  const types: Readonly<Record<string, string>> = {
    queueFlow: "INQUEUECALL",
    emailInQueueFlow: "INQUEUEEMAIL",
    messageInQueueFlow: "INQUEUESHORTMESSAGE",
  };
  const found = build.organization.all("flow").filter(({ type }) => type === types[field]);
  return found.length > 0 ? { [field]: build.ref("flow", build.random.pick(found)) } : {};
}

const scripts = (build: Build): { [name: string]: Json } =>
  Object.fromEntries(
    build.random
      .some(["CALL", "CALLBACK", "EMAIL"], 2)
      .map((media) => [media, build.ref("script", build.any("script"))]),
  );
