import Table from "cli-table3";

const seconds = (value) => value.toFixed(2);
const megabytes = (value) => value.toFixed(0);

/** The targets, and whether this run meets them. */
export function targetsOf({ sizes, oneOfMany }) {
  const targets = sizes
    .filter(({ count }) => count >= 100)
    .map(({ count, ratio }) => ({
      name: `synthesis of ${count} orgs takes at most half of the plain app's time`,
      measured: ratio,
      limit: 0.5,
    }));
  const large = sizes.find(({ count }) => count === 1000);
  const medium = sizes.find(({ count }) => count === 100);
  if (large && medium) {
    // An upper limit only: a later org may cost less, once the code is hot.
    targets.push({
      name: "an org costs at most 1.2 times as much between 100 and 1000 as between 10 and 100",
      measured: large.millisecondsPerOrg.ours / medium.millisecondsPerOrg.ours,
      limit: 1.2,
    });
  }
  for (const { name, many, ratio } of oneOfMany.filter(({ target }) => target)) {
    targets.push({
      name: `${name} out of ${many} orgs takes at most 1.3 times as long as out of one`,
      measured: ratio,
      limit: 1.3,
    });
  }
  return targets.map((target) => ({ ...target, met: target.measured <= target.limit }));
}

/** Prints the result as tables. */
export function printReport({ sizes, oneOfMany, targets, terraform }) {
  const table = (head, rows) => {
    const lines = new Table({
      head,
      colAligns: head.map((_, index) => (index === 0 ? "left" : "right")),
      style: { head: [], border: [] },
    });
    lines.push(...rows);
    process.stdout.write(`${lines.toString()}\n\n`);
  };
  const perOrg = ({ millisecondsPerOrg }, side) =>
    millisecondsPerOrg ? millisecondsPerOrg[side].toFixed(1) : "-";

  table(
    [
      "orgs",
      "ours s",
      "plain s",
      "ratio",
      "CPU ratio",
      "ours ms/org",
      "plain ms/org",
      "ours MB",
      "plain MB",
    ],
    sizes.map((row) => [
      String(row.count),
      seconds(row.ours.seconds),
      seconds(row.plain.seconds),
      row.ratio.toFixed(2),
      (row.ours.cpuSeconds / row.plain.cpuSeconds).toFixed(2),
      perOrg(row, "ours"),
      perOrg(row, "plain"),
      megabytes(row.ours.megabytes),
      megabytes(row.plain.megabytes),
    ]),
  );
  const many = oneOfMany[0].many;
  table(
    [
      "one org",
      `out of ${many} s`,
      "out of 1 s",
      "ratio",
      "CPU ratio",
      `out of ${many} MB`,
      "out of 1 MB",
    ],
    oneOfMany.map((row) => [
      row.name,
      seconds(row.outOfMany.seconds),
      seconds(row.outOfOne.seconds),
      row.ratio.toFixed(2),
      (row.outOfMany.cpuSeconds / row.outOfOne.cpuSeconds).toFixed(2),
      megabytes(row.outOfMany.megabytes),
      megabytes(row.outOfOne.megabytes),
    ]),
  );
  if (!terraform) {
    process.stdout.write("Terraform is not on PATH: each rehearsal ended after its synthesis.\n");
  }
  for (const { name, measured, limit, met } of targets) {
    const verdict = met ? "met" : "NOT met";
    process.stdout.write(`${verdict}: ${name} (${measured.toFixed(2)}, limit ${limit})\n`);
  }
}
