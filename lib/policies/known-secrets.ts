/**
 * Forms that are secrets under any key. The prefixes and lengths are those of the issuers, as in the
 * rules of gitleaks (config/gitleaks.toml at b58d3f1, MIT). A library would not do: those for Node are
 * asynchronous, and a synthesis is not.
 */
const KNOWN_FORMS: readonly (readonly [string, RegExp])[] = [
  ["an AWS access key id", /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[^-]*/],
  ["an age key", /AGE-SECRET-KEY-1[A-Z0-9]{58}/],
  ["a JSON web token", /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/],
  ["a Vault token", /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{20,}|^[sb]\.[A-Za-z0-9]{24}$/],
  ["an HCP Terraform token", /[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}/],
  ["a GitHub token", /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/],
  ["a GitLab token", /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w-]{20,}/],
  ["an npm token", /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/],
  ["a PyPI token", /pypi-AgE[\w-]{50,}/],
  ["a RubyGems token", /(?<![A-Za-z0-9])rubygems_[a-f0-9]{48}/],
  ["a Docker token", /(?<![A-Za-z0-9])dckr_(?:pat|oat)_[\w-]{27,}/],
  ["a Google API key", /(?<![A-Za-z0-9])AIza[\w-]{35}/],
  ["a Google client secret", /(?<![A-Za-z0-9])GOCSPX-[\w-]{28}/],
  ["an Azure client secret", /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/],
  ["a Slack token", /(?<![A-Za-z0-9])(?:xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,})/],
  ["a Slack webhook", /hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/]{20,}/],
  ["a Stripe key", /(?<![A-Za-z0-9])[sr]k_(?:test|live|prod)_[A-Za-z0-9]{10,}/],
  ["a SendGrid key", /(?<![A-Za-z0-9])SG\.[\w-]{16,}\.[\w-]{16,}/],
  ["a Twilio key", /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/],
  ["an OpenAI or Anthropic key", /(?<![A-Za-z0-9])sk-(?:proj|svcacct|admin|ant)-[\w-]{20,}/],
  ["a Hugging Face token", /(?<![A-Za-z0-9])hf_[A-Za-z]{34}/],
  ["a Databricks token", /(?<![A-Za-z0-9])dapi[a-f0-9]{32}/],
  ["a DigitalOcean token", /(?<![A-Za-z0-9])do[oprt]_v1_[a-f0-9]{64}/],
  ["a Doppler token", /(?<![A-Za-z0-9])dp\.(?:pt|st|sa|ct|scim|audit)\.[\w.]{40,}/],
  [
    "a Grafana token",
    /(?<![A-Za-z0-9])(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/]{32,})/,
  ],
  ["a New Relic key", /(?<![A-Za-z0-9])NRAK-[A-Z0-9]{27}/],
  ["a Pulumi token", /(?<![A-Za-z0-9])pul-[a-f0-9]{40}/],
  ["an Atlassian token", /(?<![A-Za-z0-9])ATATT3[\w=-]{60,}/],
  ["a 1Password token", /(?<![A-Za-z0-9])ops_eyJ[A-Za-z0-9+/]{100,}/],
  [
    "a password in a connection string",
    /(?:^|;)\s*(?:password|pwd)[ \t]*=[ \t]*(?![$%<{])[^;\s]{4,}/i,
  ],
  ["an authorization header", /\b(?:Basic|Bearer)\s+(?=\S*\d)[A-Za-z0-9+/=._-]{20,}/],
  ["a URL with a password", /(?<=[a-z]:\/\/[^/\s:@$]*:)(?![^@\s]*\$\{)[^/\s@]+(?=@)/i],
  [
    "a user with a password",
    /\b(?:curl|wget)\b[^\n]*\s(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"'$]+:[^\s"'$][^\s"']*/,
  ],
  ["a password on a command line", /\b(?:sshpass\s+-p\s?|mysql\w*\s(?:[^\n|;]*\s)?-p)[^\s$"']+/],
  ["a password of a netrc file", /\bmachine\s+\S+\s+login\s+\S+\s+password\s+[^\s$]+/],
];
// One test in place of all, for the many strings that contain none of them.
const ANY_KNOWN_FORM = new RegExp(KNOWN_FORMS.map(([, { source }]) => source).join("|"), "i");

/** Returns what kind of secret a text contains, if the kind has a form of its own. */
export const knownSecretIn = (text: string): string | undefined => findKnownSecret(text)?.what;

/** Returns the kind of a secret in a text, and where it begins. */
export function findKnownSecret(
  text: string,
): { readonly what: string; readonly index: number } | undefined {
  if (!ANY_KNOWN_FORM.test(text)) return undefined;
  for (const [what, form] of KNOWN_FORMS) {
    const index = text.search(form);
    if (index >= 0) return { what, index };
  }
  return undefined;
}

/** Removes every secret of a known form from a text, for messages that quote values. */
export function withoutSecrets(text: string): string {
  if (!ANY_KNOWN_FORM.test(text)) return text;
  return KNOWN_FORMS.reduce(
    (rest, [what, form]) =>
      rest.replace(new RegExp(form, `g${form.flags}`), `(${what}, not shown)`),
    text,
  );
}
