import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../lib/errors";
import {
  ALL_RULES,
  checkPolicies,
  formatFindings,
  PolicyError,
  type PolicyRule,
} from "../../lib/policies";
import { SynthesizedStack } from "../../lib/policies/synthesized-stack";
import {
  backend,
  block,
  findingsOf,
  ORG_CONTEXT,
  oauthClient,
  ordinaryStack,
  orgStack,
} from "../support/synthesized-stack";

const REASON = "agreed with the security team, SEC-1204";

/** Finds every OAuth client. */
const RULE: PolicyRule = {
  id: "GO-OAUTH-NAME",
  severity: "error",
  title: "No clients",
  reason: "For tests.",
  fix: "Remove it.",
  *check(stack) {
    for (const client of stack.resources("genesyscloud_oauth_client")) {
      yield { at: client, message: "a client" };
    }
  },
};

function waived(rule: string, reason: string, waivedAt?: string) {
  return {
    "//": {
      metadata: { path: "org-na-prod/crm" },
      waivers: { [rule]: reason },
      ...(waivedAt && { waivedAt: { [rule]: waivedAt } }),
    },
  };
}

/** A stack with one client whose block is commented as given. */
function commented(comment: object) {
  return orgStack(oauthClient(), {
    resource: { genesyscloud_oauth_client: { crm: comment } },
  });
}

describe("checkPolicies", () => {
  test("finds nothing in an ordinary stack of an org", () => {
    expect(checkPolicies(ordinaryStack(), ORG_CONTEXT)).toEqual([]);
    expect(new SynthesizedStack(ordinaryStack()).blocks.length).toBeGreaterThanOrEqual(40);
  });

  test("accepts any JSON as a stack, however empty", () => {
    expect(() => checkPolicies({})).not.toThrow();
    expect(() => checkPolicies({ resource: null, data: [], terraform: "" })).not.toThrow();
  });

  test("gives the Terraform address where the construct is not named", () => {
    const stack = orgStack({ resource: { genesyscloud_oauth_client: { hand_written: {} } } });
    expect(findingsOf(RULE, stack)).toMatchObject([
      {
        construct: "genesyscloud_oauth_client.hand_written",
        address: "genesyscloud_oauth_client.hand_written",
      },
    ]);
  });

  test("leaves out findings that a block's waiver covers", () => {
    expect(findingsOf(RULE, commented(waived("GO-OAUTH-NAME", REASON)))).toEqual([]);
  });

  test("leaves out findings that the stack's waiver covers", () => {
    const stack = orgStack(oauthClient(), { "//": { waivers: { "GO-OAUTH-NAME": REASON } } });
    expect(findingsOf(RULE, stack)).toEqual([]);
  });

  test("does not extend a waiver to other rules or other blocks", () => {
    const other = commented(waived("GO-OAUTH-SCOPE", REASON));
    expect(findingsOf(RULE, other)).toHaveLength(1);
    const two = orgStack(commented(waived("GO-OAUTH-NAME", REASON)), oauthClient({}, "wfm"));
    expect(findingsOf(RULE, two)).toMatchObject([{ address: "genesyscloud_oauth_client.wfm" }]);
  });

  test.each(["", "   ", "todo"])("ignores a waiver with the reason %j", (reason) => {
    expect(findingsOf(RULE, commented(waived("GO-OAUTH-NAME", reason)))).toMatchObject([
      { rule: "GO-OAUTH-NAME", severity: "error" },
      {
        rule: "GO-WAIVER-UNUSED",
        message: "the waiver of GO-OAUTH-NAME has no effect: it gives no reason",
      },
    ]);
  });

  test("warns of a waiver without effect", () => {
    const stack = orgStack(
      block("resource", "aws_sqs_queue", waived("GO-OAUTH-NAME", REASON, "org-na-prod/service")),
    );
    expect(findingsOf(RULE, stack)).toEqual([
      {
        rule: "GO-WAIVER-UNUSED",
        severity: "warning",
        stack: "org-na-prod",
        construct: "org-na-prod/service",
        address: "aws_sqs_queue.it",
        message: "the waiver of GO-OAUTH-NAME has no effect: nothing there breaks the rule",
        fix: "Remove the waiver, or correct it.",
      },
    ]);
  });

  test("warns of a waiver of a rule that does not exist", () => {
    const stack = commented(waived("GO-OAUTH-NAMES", REASON));
    expect(checkPolicies(stack, ORG_CONTEXT)).toMatchObject([
      { message: "the waiver of GO-OAUTH-NAMES has no effect: there is no such rule" },
    ]);
  });

  test("does not call a waiver unused when its rule was not checked", () => {
    const stack = orgStack({ "//": { waivers: { "GO-VERSION": REASON } } });
    expect(findingsOf(RULE, stack)).toEqual([]);
  });

  test("prints no secret, whatever a rule quotes", () => {
    const token = ["hvs", "CAESIJ0abcDEF123456789ghi"].join(".");
    const uri = "http://crm:hunter2@crm.example.com/?page=";
    const stack = orgStack(
      oauthClient({
        name: token,
        authorized_grant_type: "CODE",
        registered_redirect_uris: [uri + token],
        scopes: ["oauth"],
        client_secret: "correct horse battery staple",
        directory_client_secret: token,
      }),
      { terraform: { required_version: token } },
    );
    const findings = checkPolicies(stack, ORG_CONTEXT);
    const text = JSON.stringify(findings) + new PolicyError(findings).message;
    expect(findings.length).toBeGreaterThan(5);
    for (const secret of [token, "hunter2", "correct horse"]) expect(text).not.toContain(secret);
  });
});

describe("PolicyError", () => {
  const findings = checkPolicies(
    orgStack(oauthClient({ name: "crm", access_token_validity_seconds: 60 }), {
      "//": { waivers: { "GO-VERSION": REASON } },
    }),
    ORG_CONTEXT,
  );

  test("is a user error that lists every error, its fix, and how to waive it", () => {
    const error = new PolicyError(findings);
    expect(error).toBeInstanceOf(UserError);
    expect(error.findings).toBe(findings);
    expect(error.message).toBe(`Policy checks failed (2 errors):
org-na-prod/crm (genesyscloud_oauth_client.crm)
  error GO-OAUTH-NAME: the name is "crm", not [Environment]-[ServiceName]
  Fix: Use one of Production, Staging, Development, Sandbox, a hyphen, and the service in PascalCase, for example Production-CrmSync.
org-na-prod/crm (genesyscloud_oauth_client.crm)
  error GO-OAUTH-TOKEN-LIFETIME: access_token_validity_seconds is 60
  Fix: Set access_token_validity_seconds from 300 to 172800; 3600 is enough for most services.
If a rule does not apply, waive it in code with a reason: Policies.waive(construct, "<rule>", "<reason>").`);
  });

  test("names the stack where the JSON has no path of a construct", () => {
    const broken = checkPolicies(orgStack(backend({ encrypt: false })), ORG_CONTEXT);
    expect(new PolicyError(broken).message).toContain(
      "org-na-prod: terraform.backend.s3\n  error GO-STATE-ENCRYPTED: encrypt is not true\n",
    );
  });

  test("keeps warnings out of its message, but not out of its findings", () => {
    const warnings = findings.filter(({ severity }) => severity === "warning");
    expect(formatFindings(warnings)).toBe(`org-na-prod
  warning GO-WAIVER-UNUSED: the waiver of GO-VERSION has no effect: nothing there breaks the rule
  Fix: Remove the waiver, or correct it.`);
    expect(new PolicyError(findings).message).not.toContain(formatFindings(warnings));
  });
});

describe("the rules", () => {
  test("have unique ids", () => {
    const ids = ALL_RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^GO(-[A-Z]+)+$/);
  });

  test("are listed in the README, in order, with severity, title, reason and fix", () => {
    const readme = readFileSync(join(__dirname, "../../lib/policies/README.md"), "utf8");
    const rows = [...readme.matchAll(/^\| `GO-[A-Z-]+` .*$/gm)].map(([row]) =>
      row.replace(/ +/g, " "),
    );
    expect(rows).toEqual(
      ALL_RULES.map(
        ({ id, severity, title, reason, fix }) =>
          `| \`${id}\` | ${[severity, title, reason, fix].join(" | ")} |`,
      ),
    );
  });
});

describe("a waiver with a last day", () => {
  const UNTIL = "2027-03-31";
  const at = (time: string) => ({ ...ORG_CONTEXT, now: Date.parse(time) });
  const dated = (rule: string, until: unknown = UNTIL, reason = REASON) => {
    const { "//": comment } = waived(rule, reason, "org-na-prod/crm");
    return { "//": { ...comment, waivedUntil: { [rule]: until } } };
  };
  const check = (time: string, stack = commented(dated("GO-OAUTH-NAME"))) =>
    checkPolicies(stack, at(time), [RULE]);

  test.each(["2026-11-28T00:00:00Z", "2027-03-31T23:59:59Z"])(
    "covers its findings at %s, and every report shows it",
    (time) => {
      expect(check(time)).toEqual([
        {
          rule: "GO-WAIVER-DATED",
          severity: "warning",
          stack: "org-na-prod",
          construct: "org-na-prod/crm",
          address: "genesyscloud_oauth_client.crm",
          message: `GO-OAUTH-NAME is waived until ${UNTIL}: ${REASON}`,
          fix: "Remove the cause before this day is over.",
        },
      ]);
    },
  );

  test("is an error that names it, when the day is over", () => {
    const [finding, ...others] = check("2027-04-01T00:00:00Z");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: "GO-WAIVER-ENDED",
      severity: "error",
      construct: "org-na-prod/crm",
      message: `the waiver of GO-OAUTH-NAME ended on ${UNTIL} (its reason: ${REASON}): a client`,
      fix: "Remove it. Or agree on another end, and write it into the waiver.",
    });
  });

  test("is one error for all that it covered", () => {
    const crm = dated("GO-OAUTH-NAME");
    const stack = orgStack({ resource: { genesyscloud_oauth_client: { crm, wfm: crm } } });
    expect(check("2028-01-01", stack).map(({ message }) => message)).toEqual([
      expect.stringMatching(/: a client, and 1 more finding$/),
    ]);
  });

  test.each([
    ["a text", "soon"],
    ["a number", 20270331],
    ["null", null],
  ])("has ended if the day in the JSON is %s", (_, until) => {
    const stack = commented(dated("GO-OAUTH-NAME", until));
    expect(check("2026-11-28", stack)).toMatchObject([{ rule: "GO-WAIVER-ENDED" }]);
  });

  test("covers nothing without a reason", () => {
    const stack = commented(dated("GO-OAUTH-NAME", UNTIL, "todo"));
    expect(check("2026-11-28", stack).map(({ rule, message }) => [rule, message])).toEqual([
      ["GO-OAUTH-NAME", "a client"],
      ["GO-WAIVER-UNUSED", "the waiver of GO-OAUTH-NAME has no effect: it gives no reason"],
    ]);
  });

  test("is reported as unused, if nothing breaks the rule", () => {
    const stack = orgStack({
      resource: { aws_kms_key: { k: dated("GO-OAUTH-NAME") } },
    });
    for (const time of ["2026-11-28", "2028-01-01"]) {
      expect(check(time, stack)).toMatchObject([{ rule: "GO-WAIVER-UNUSED" }]);
    }
  });

  test("of a rule of Checkov ends as well", () => {
    const stack = orgStack({ resource: { aws_kms_key: { k: dated("CKV_AWS_7") } } });
    expect(check("2026-11-28", stack)).toMatchObject([{ rule: "GO-WAIVER-DATED" }]);
    expect(check("2028-01-01", stack)).toMatchObject([
      {
        rule: "GO-WAIVER-ENDED",
        message: `the waiver of CKV_AWS_7 ended on ${UNTIL} (its reason: ${REASON})`,
        fix: "Remove the cause and the waiver. Or agree on another end, and write it into the waiver.",
      },
    ]);
  });

  test("does not repeat a secret in its reason", () => {
    const reason = `SEC-1204, key ${"AKIA"}ABCDEFGHIJKLMNOP`;
    const stack = commented(dated("GO-OAUTH-NAME", UNTIL, reason));
    for (const time of ["2026-11-28", "2028-01-01"]) {
      expect(JSON.stringify(check(time, stack))).not.toContain("ABCDEFGHIJKLMNOP");
    }
  });
});
