import { deployment } from "./deployment";
import { type Attack, answering, attacksOf } from "./request";
import { GROUPS } from "./table";

/** @param allowed an answer, or why there is none */
const word = (allowed: boolean | string) =>
  typeof allowed === "string" ? `an error (${allowed})` : allowed ? "allowed" : "denied";

const lineOf = ({ who, action, resource, expected, why }: Attack, is: boolean | string): string =>
  `${who}: ${action} on ${resource} is ${word(is)}, but should be ${word(expected)}: ${why}`;

const answer = answering(deployment());
const report: string[] = [];

// `npm run attacks` shows the counts.
afterAll(() => process.stdout.write(`${report.join("\n")}\n`));

test.each(GROUPS)("no answer about $name is a surprise", async (group) => {
  const attacks = attacksOf(group);
  const surprises: string[] = [];
  for (const attack of attacks) {
    const allowed = await answer(attack).catch((error: Error) => error.message);
    if (allowed !== attack.expected) surprises.push(lineOf(attack, allowed));
  }
  const denied = attacks.filter(({ expected }) => !expected).length;
  report.push(
    `${group.name}: ${attacks.length} requests, ${denied} to be denied, ${surprises.length} surprising`,
    ...surprises.map((line) => `  ${line}`),
  );
  expect(surprises).toEqual([]);
});
