// Loaded with --require into each measured process: records its peak memory and CPU time.
const { appendFileSync } = require("node:fs");
const file = process.env.BENCH_USAGE_FILE;
if (file) {
  process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const usage = { megabytes: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
    appendFileSync(file, `${JSON.stringify(usage)}\n`);
  });
}
