// How a change looks in CHANGELOG.md: its own words, without a commit.
export default {
  getReleaseLine: async ({ summary }) => {
    const [first, ...rest] = summary.trim().split("\n");
    return [`- ${first}`, ...rest.map((line) => (line ? `  ${line}` : ""))].join("\n");
  },
  getDependencyReleaseLine: async () => "",
};
